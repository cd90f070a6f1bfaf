//! Keeps a room at a temperature that the firmware sets, and reports what it does.
#![no_std]

use zephyr_wasm_guest::gpio::Line as Output;
use zephyr_wasm_guest::message::{self, Subscription};
use zephyr_wasm_guest::sensor::{Channel, Quantity, Sensor};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::{MILLISECOND, app, clocks, info, random};

app!(run, arena = 192);

/// 1 if a device, a timer or room for messages is missing.
fn run() -> i32 {
    work().is_none().into()
}

fn work() -> Option<()> {
    let room = Sensor::open("room").ok()?;
    let heater = Output::output("heater", false).ok()?;
    let settings = Subscription::open("thermostat/set", 1).ok()?;
    // Thermostats that start together do not all heat at the same moment.
    let spread = random::get_random_u64() % 20;
    clocks::wait_for(spread * MILLISECOND);
    let timer = Timer::periodic(100 * MILLISECOND).ok()?;

    let mut wanted = 20_000_000;
    for _ in 0..10 {
        if let Some(message) = settings.receive(0)
            && let [degrees, ..] = message.payload[..]
        {
            wanted = i64::from(degrees) * 1_000_000;
            info!("set anew");
        }
        let Ok(Quantity::Celsius(now)) = room.read(Channel::AmbientTemp) else { return None };
        let heats = now < wanted;
        heater.write(heats).ok()?;
        let state: &[u8] = if heats { b"heating" } else { b"idle" };
        // Nobody has to listen.
        let _ = message::publish("thermostat/state", state);
        timer.wait();
    }
    Some(())
}
