//! Says what of a module the engine would compute wrongly.

use crate::message::Message;
use zephyr_wasm_engine::wrong::Block;

/// Says where a block is and what to do, for a module that imports so many functions.
pub fn describe(block: &Block, imports: usize, message: &mut Message) {
    message.text("function ").number((imports + block.function) as u64).text(" at 0x").hex(block.at as u32);
    message.text(": ").text(block.kind.describe());
}

#[cfg(test)]
mod tests {
    use super::*;
    use zephyr_wasm_engine::wrong::Kind;

    #[test]
    fn the_message_fits() {
        let told = |kind| {
            let mut message = Message::new();
            describe(&Block { kind, function: 99_999, at: 0xff_ffff }, 0, &mut message);
            message
        };
        let (parameters, values) = (told(Kind::Parameters), told(Kind::Values));
        assert!(parameters.as_str().ends_with("makes locals of them"), "{}", parameters.as_str());
        assert!(values.as_str().ends_with("keep them in locals"), "{}", values.as_str());
    }
}
