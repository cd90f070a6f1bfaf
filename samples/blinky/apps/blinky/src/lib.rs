//! Blinks, and tells how warm the chip is where it can tell.
#![no_std]

use zephyr_wasm_guest::gpio::Line as Pin;
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::sensor::{Channel, Quantity, Sensor};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::{MILLISECOND, app};

app!(run, arena = 64);

fn run() -> i32 {
    let Ok(led) = Pin::output("led", false) else { return 1 };
    let Ok(timer) = Timer::periodic(500 * MILLISECOND) else { return 2 };
    let die = Sensor::open("die").ok();
    let mut is_on = false;
    loop {
        is_on = !is_on;
        if led.write(is_on).is_err() {
            return 3;
        }
        if let Some(Ok(Quantity::Celsius(micro))) = die.as_ref().map(|die| die.read(Channel::DieTemp)) {
            Line::new().micro(micro, 1).text(" C").info();
        }
        timer.wait();
    }
}
