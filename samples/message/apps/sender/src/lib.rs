//! Publishes faster than one of its readers reads, and asks questions.
#![no_std]

use zephyr_wasm_guest::message::{self, Error};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, clocks, info, requests};

app!(run, arena = 256);

fn run() -> i32 {
    // Until the readers are there.
    clocks::wait_for(300 * MILLISECOND);
    for count in 0..10u8 {
        if message::publish("count/up", &[count]) != Ok(2) {
            return 1;
        }
        clocks::wait_for(20 * MILLISECOND);
    }
    if let Err(Error::NotGranted) = message::publish("elsewhere", b"") {
        info!("not my topic");
    }
    if requests::request("ask/nobody", b"?", SECOND) == Err(Error::NoReceiver) {
        info!("nobody to ask");
    }
    match requests::request("ask/firmware", b"2+2", SECOND).as_deref() {
        Ok(b"4") => info!("the firmware knows"),
        _ => return 2,
    }
    match requests::request("ask/quick", b"ready?", SECOND).as_deref() {
        Ok(b"yes") => info!("the quick one answers"),
        _ => return 3,
    }
    // It listens, and says nothing.
    match requests::request("ask/slow", b"ready?", 100 * MILLISECOND) {
        Err(Error::Timeout) => info!("the slow one does not"),
        _ => return 4,
    }
    0
}
