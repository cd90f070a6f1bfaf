//! Reads the thermometer twice a second, and publishes what it says: millionths of a degree, 8 bytes, the least first.
#![no_std]

use zephyr_wasm_guest::message;
use zephyr_wasm_guest::sensor::{Channel, Quantity, Sensor};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::{MILLISECOND, app, info, warn};

app!(run, arena = 128);

fn run() -> i32 {
    let Ok(sensor) = Sensor::open("outside") else { return 1 };
    let Ok(timer) = Timer::periodic(500 * MILLISECOND) else { return 2 };
    info!("measuring");
    loop {
        match sensor.read(Channel::AmbientTemp) {
            Ok(Quantity::Celsius(micro)) => {
                // That nobody listens yet is well.
                let _ = message::publish("weather/temp", &micro.to_le_bytes());
            }
            _ => warn!("the thermometer does not answer"),
        }
        timer.wait();
    }
}
