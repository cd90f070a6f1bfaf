//! Sends back each number that it receives, one larger.
#![no_std]

use zephyr_wasm_guest::message::{self, Subscription};
use zephyr_wasm_guest::{SECOND, app};

app!(run, arena = 256);

fn run() -> i32 {
    let Ok(numbers) = Subscription::open("ping", 1) else { return 1 };
    for _ in 0..50 {
        let Some(number) = numbers.receive(SECOND) else { return 2 };
        if message::publish("pong", &[number.payload[0] + 1]) != Ok(1) {
            return 3;
        }
    }
    0
}
