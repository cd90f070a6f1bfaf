//! Reads a thermometer once, and then as it is sampled.
#![no_std]

use zephyr_wasm_guest::sensor::{Channel, Error, Quantity, Sensor};
use zephyr_wasm_guest::streams::{Samples, Trigger};
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::{MILLISECOND, SECOND, app};

app!(run, heap = 256);

/// A temperature in words.
fn celsius(quantity: Quantity) -> Line {
    match quantity {
        Quantity::Celsius(micro) => Line::new().micro(micro, 1).text(" C"),
        _ => Line::new().text("no temperature"),
    }
}

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    // Another sensor of the board, which the manifest does not grant.
    if let Err(Error::NotGranted) = Sensor::open("die") {
        Line::new().text("the die's temperature is not for me").info();
    }
    let sensor = Sensor::open("ambient")?;
    celsius(sensor.read(Channel::AmbientTemp)?).text(" now").info();

    let samples = Samples::watch(&sensor, Channel::AmbientTemp, Trigger::Period(100 * MILLISECOND), 4)?;
    for _ in 0..3 {
        if let Some(sample) = samples.next(SECOND) {
            let time = (sample.time / MILLISECOND) as i64;
            celsius(sample.value).text(" at ").number(time).text(" ms").info();
        }
    }
    Line::new().number(samples.lost().into()).text(" samples lost").info();
    Ok(())
}
