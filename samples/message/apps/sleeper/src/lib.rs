//! Has a queue of two messages and sleeps: it loses the oldest, and nobody else notices.
#![no_std]

use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::message::{Error, Subscription};
use zephyr_wasm_guest::{SECOND, app, clocks, info};

app!(run, arena = 256);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    if let Err(Error::NotGranted) = Subscription::open("*", 1) {
        info!("not everything is for me");
    }
    let counts = Subscription::open("count/*", 2)?;
    let _questions = Subscription::open("ask/slow", 1)?;
    clocks::wait_for(SECOND);
    while let Some(message) = counts.receive(0) {
        Line::new().text("have ").number(message.payload.first().copied().map_or(-1, i64::from)).info();
    }
    Line::new().text("lost ").number(counts.lost().into()).info();
    clocks::wait_for(SECOND / 2);
    Ok(())
}
