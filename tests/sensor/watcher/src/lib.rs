//! Has a sensor watched in every way, and asks for what there is not.
#![no_std]

use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::sensor::{Channel, Error, Quantity, Sensor};
use zephyr_wasm_guest::streams::{Samples, Trigger};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, discovery};

app!(run, arena = 1024);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn value(samples: &Samples, timeout: u64) -> i64 {
    match samples.next(timeout) {
        Some(sample) => match sample.value {
            Quantity::Lux(micro) => micro / 1_000_000,
            _ => -2,
        },
        None => -1,
    }
}

/// Says what holds, or fails.
fn check(holds: bool, what: &str) -> Result<(), Error> {
    Line::new().text(what).info();
    if holds { Ok(()) } else { Err(Error::Io) }
}

fn work() -> Result<(), Error> {
    let names = discovery::names();
    check(
        names.len() == 1 && names[0] == "probe",
        "one of two sensors is for me",
    )?;
    check(
        Sensor::open("hidden").err() == Some(Error::NotGranted),
        "the other is not",
    )?;
    let probe = Sensor::open("probe")?;
    check(
        discovery::channels(&probe) == [Channel::Light],
        "it measures light",
    )?;
    check(
        matches!(probe.read(Channel::Co2), Err(Error::NotSupported)),
        "and nothing else",
    )?;
    let bad = [
        (Trigger::Period(0), 1),
        (Trigger::Period(SECOND), 0),
        (Trigger::Period(SECOND), u32::MAX),
    ];
    check(
        bad.into_iter().all(|(trigger, capacity)| {
            Samples::watch(&probe, Channel::Light, trigger, capacity).err() == Some(Error::Invalid)
        }),
        "no period, no room and all the room are refused",
    )?;

    // The test makes it brighter by one lux every 20 ms.
    let ready = Samples::watch(&probe, Channel::Light, Trigger::DataReady, 4)?;
    check(
        Samples::watch(&probe, Channel::Light, Trigger::DataReady, 4).err() == Some(Error::Limit),
        "a trigger has one stream",
    )?;
    let (first, second) = (value(&ready, SECOND), value(&ready, SECOND));
    check(second - first == 1, "each change is a sample")?;
    drop(ready);

    let above = Samples::watch(&probe, Channel::Light, Trigger::Above(100_000_000), 1)?;
    check(
        value(&above, 10 * SECOND) == 101,
        "the threshold fires as it is crossed",
    )?;
    drop(above);

    // After 199 lux it is dark again.
    let below = Samples::watch(&probe, Channel::Light, Trigger::Below(50_000_000), 1)?;
    check(value(&below, 10 * SECOND) == 0, "and so does one below")?;
    drop(below);

    // Eight samples, of which four have room.
    let periodic = Samples::watch(&probe, Channel::Light, Trigger::Period(20 * MILLISECOND), 4)?;
    let late = Samples::watch(
        &probe,
        Channel::Light,
        Trigger::Period(170 * MILLISECOND),
        1,
    )?;
    let _ = late.next(SECOND);
    let lost = periodic.lost();
    let mut left = 0;
    while value(&periodic, 0) >= 0 {
        left += 1;
    }
    check(
        left == 4 && lost > 0,
        "a late app loses the oldest samples, and knows how many",
    )
}
