//! Makes the calls of Bluetooth that it is told, over and over, until it is killed. Not every board of the test has that.
#![no_std]

#[path = "../../caller/src/told.rs"]
mod told;

use told::{Never, forever};
use zephyr_wasm_guest::ble::{Peripheral, Scan};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, clocks};

app!(run, heap = 1024);

fn run() -> i32 {
    match told::kind() {
        Ok(TIME) => milliseconds_of_requests().unwrap_or(-1),
        Ok(PEER) => serve_a_peer().unwrap_or(-1),
        Ok(kind) => told::end_of(call(kind)),
        Err(code) => code,
    }
}

/// In the order of src/limits.c.
const TIME: u8 = 113;

/// In the order of src/main.c.
const PEER: u8 = 125;

/// Gives a peer what it has written, until that is nothing. Returns how strong it hears who advertises beside it.
fn serve_a_peer() -> Option<i32> {
    let peripheral = Peripheral::start("kills").ok()?;
    let scan = Scan::start().ok()?;
    let heard = scan.next(SECOND)?;
    if heard.address != "C0:FF:EE:00:00:01" || heard.data != [2, 1, 4] {
        return None;
    }
    loop {
        let value = peripheral.written(SECOND)?;
        peripheral.set(&value).ok()?;
        if value.is_empty() {
            return Some(heard.rssi.into());
        }
    }
}

/// Ten more requests than the first.
fn milliseconds_of_requests() -> Option<i32> {
    let began = clocks::now();
    let peripheral = Peripheral::start("kills").ok()?;
    for _ in 0..5 {
        peripheral.set(b"1").ok()?;
        Scan::start().ok()?;
    }
    i32::try_from((clocks::now() - began) / MILLISECOND).ok()
}

/// In the order of src/main.c.
fn call(kind: u8) -> Option<Never> {
    match kind {
        59 => forever(|| Scan::start().ok()),
        60 => {
            let scan = Scan::start().ok()?;
            forever(|| scan.next(SECOND))
        }
        61 => forever(|| Peripheral::start("kills").ok()),
        62 => {
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
