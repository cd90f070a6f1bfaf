//! Sends numbers to its neighbour, and waits for each to come back one larger.
#![no_std]

use zephyr_wasm_guest::message::{self, Subscription};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app};

app!(run, arena = 256);

fn run() -> i32 {
    let Ok(answers) = Subscription::open("pong", 1) else { return 1 };
    for number in 0..50u8 {
        // Until the neighbour is there.
        while message::publish("ping", &[number]) != Ok(1) {
            let _ = answers.receive(MILLISECOND);
        }
        let Some(answer) = answers.receive(SECOND) else { return 2 };
        if answer.payload != [number + 1] {
            return 3;
        }
    }
    // Nobody sends any more, and a wait has its end.
    i32::from(answers.receive(20 * MILLISECOND).is_some())
}
