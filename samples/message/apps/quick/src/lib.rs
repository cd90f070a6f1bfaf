//! Receives everything in time, and answers what it is asked.
#![no_std]

use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::message::{Error, Subscription};
use zephyr_wasm_guest::{SECOND, app, requests};

app!(run, arena = 256);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    let counts = Subscription::open("count/*", 4)?;
    let questions = Subscription::open("ask/quick", 1)?;
    let mut sum = 0i64;
    for _ in 0..10 {
        if let Some(message) = counts.receive(2 * SECOND) {
            sum += message.payload.first().copied().map_or(0, i64::from);
        }
    }
    Line::new().text("sum ").number(sum).text(", lost ").number(counts.lost().into()).info();
    if let Some(question) = questions.receive(2 * SECOND) {
        requests::respond(question.request, b"yes")?;
        // Nobody waits for a second answer, or for one to a question of another's.
        let late = requests::respond(question.request + 1, b"me, too");
        if late != Err(Error::Timeout) {
            return Err(Error::Invalid);
        }
    }
    Ok(())
}
