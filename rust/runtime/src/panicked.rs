//! What an app in Rust has left of a panic, as `guest/rust/src/panic.rs` leaves it.

use crate::message::Message;

/// What the place of it is exported as: a global that has its address.
pub(crate) const PANIC: &str = "__panic";

/// The longest file name to tell, of which the end matters most.
const LONGEST_FILE: usize = 40;

/// Says what a panic was about, if the app has left that at `address` of its memory, which may have anything there.
pub(crate) fn tell(memory: &[u8], address: u32, message: &mut Message) {
    let Some((line, file, text)) = left(memory, address as usize) else { return };
    let file = file.get(file.len().saturating_sub(LONGEST_FILE)..).unwrap_or_default();
    message.text("; panicked");
    if !file.is_empty() {
        message.text(" at ").text(file).text(":").number(line.into());
    }
    if !text.is_empty() {
        message.text(": ").text(text);
    }
}

/// The line, which is not 0, the file and the text.
fn left(memory: &[u8], address: usize) -> Option<(u32, &str, &str)> {
    let record = memory.get(address..)?.get(..20)?;
    let word = |index: usize| record.get(4 * index..)?.first_chunk().copied().map(u32::from_le_bytes);
    let text = |index: usize| {
        let bytes = memory.get(word(index)? as usize..)?.get(..word(index + 1)? as usize)?;
        core::str::from_utf8(bytes).ok()
    };
    let line = word(0).filter(|line| *line != 0)?;
    // A text of nothing has no place, and apps need not tell theirs.
    let file = if word(1) == Some(0) { Some("") } else { text(1) };
    Some((line, file?, text(3).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    fn told(memory: &[u8], address: u32) -> String {
        let mut message = Message::new();
        tell(memory, address, &mut message);
        message.as_str().into()
    }

    fn memory(words: [u32; 5], texts: &[u8]) -> Vec<u8> {
        let words = words.iter().flat_map(|word| word.to_le_bytes());
        words.chain(texts.iter().copied()).collect()
    }

    #[test]
    fn the_place_and_the_text_are_told() {
        let texts = b"src/lib.rstoo cold";
        assert_eq!(told(&memory([7, 20, 10, 30, 8], texts), 0), "; panicked at src/lib.rs:7: too cold");
        assert_eq!(told(&memory([7, 20, 10, 0, 0], texts), 0), "; panicked at src/lib.rs:7");
        assert_eq!(told(&memory([1, 0, 0, 20, 3], b"bad"), 0), "; panicked: bad");
        assert_eq!(told(&memory([1, 0, 0, 0, 0], b""), 0), "; panicked");
        let long = memory([7, 20, 90, 0, 0], &[b'a'; 90]);
        assert_eq!(told(&long, 0).len(), "; panicked at :7".len() + LONGEST_FILE);
    }

    #[test]
    fn what_is_not_there_is_not_told() {
        let good = memory([0, 20, 10, 30, 8], b"src/lib.rstoo cold");
        assert_eq!(told(&good, 0), "");
        for words in [[7, 21, 18, 0, 0], [7, u32::MAX, 1, 0, 0], [7, 20, u32::MAX, 0, 0]] {
            assert_eq!(told(&memory(words, b"src/lib.rstoo cold"), 0), "");
        }
        for address in [1, 19, 38, 1000, u32::MAX] {
            assert_eq!(told(&good, address), "");
        }
        assert_eq!(told(&memory([7, 20, 2, 0, 0], b"\xff\xff"), 0), "");
    }
}
