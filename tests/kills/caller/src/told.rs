//! What an app of this test is told to do, and how it does it for ever. The crate `radio` has it, too.

use zephyr_wasm_guest::SECOND;
use zephyr_wasm_guest::message::Subscription;

pub enum Never {}

/// Makes a call for ever; nothing if it fails.
pub fn forever<T>(mut call: impl FnMut() -> Option<T>) -> Option<Never> {
    loop {
        call()?;
    }
}

/// The kind of call that the firmware tells, or what the app returns if it does not.
pub fn kind() -> Result<u8, i32> {
    let kinds = Subscription::open("kills/kind", 1).map_err(|_| 1)?;
    kinds.receive(10 * SECOND).and_then(|message| message.payload.first().copied()).ok_or(2)
}

/// What an app returns whose calls came back: one has failed.
pub fn end_of(call: Option<Never>) -> i32 {
    match call {
        Some(never) => match never {},
        None => 3,
    }
}
