//! Wants what another app has: it may read the same button, and cannot drive the same LED.
#![no_std]

use zephyr_wasm_guest::gpio::{Edge, Error, Line as Pin};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, clocks, info};

app!(run, arena = 64);

fn run() -> i32 {
    // After the other one has it.
    clocks::wait_for(200 * MILLISECOND);
    if let Err(Error::Busy) = Pin::output("led", true) {
        info!("another app has the LED");
    }
    if let Err(Error::UnknownLine) = Pin::output("nowhere", true) {
        info!("no such line");
    }
    match Pin::input("button").and_then(|button| button.wait(Edge::Activated, 0, 10 * SECOND)) {
        Ok(Some(true)) => info!("seen, too"),
        _ => return 1,
    }
    0
}
