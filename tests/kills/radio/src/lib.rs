//! Makes the calls of Bluetooth that it is told, over and over, until it is killed. Not every board of the test has that.
#![no_std]

#[path = "../../caller/src/told.rs"]
mod told;

use told::{Never, forever};
use zephyr_wasm_guest::ble::{Peripheral, Scan};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app};

app!(run, heap = 1024);

fn run() -> i32 {
    match told::kind() {
        Ok(kind) => told::end_of(call(kind)),
        Err(code) => code,
    }
}

/// In the order of src/main.c.
fn call(kind: u8) -> Option<Never> {
    match kind {
        57 => forever(|| Scan::start().ok()?.next(SECOND)),
        58 => {
            let scan = Scan::start().ok()?;
            forever(|| scan.next(SECOND))
        }
        59 => forever(|| Peripheral::start("kills").ok()),
        60 => {
            let peripheral = Peripheral::start("kills").ok()?;
            forever(|| {
                peripheral.set(b"1").ok()?;
                // Nobody is connected.
                peripheral.written(MILLISECOND).map_or(Some(()), |_| None)
            })
        }
        _ => None,
    }
}
