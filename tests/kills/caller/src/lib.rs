//! Makes the host call that it is told, over and over, until it is killed.
#![no_std]

extern crate alloc;

mod checks;
mod hoards;
mod net;
mod told;

use told::{Never, forever};
use zephyr_wasm_guest::gpio::{Edge, Line};
use zephyr_wasm_guest::i2c::I2c;
use zephyr_wasm_guest::message::{self, Subscription};
use zephyr_wasm_guest::pwm::Output;
use zephyr_wasm_guest::sensor::{Channel, Sensor};
use zephyr_wasm_guest::spi::SpiDevice;
use zephyr_wasm_guest::streams::{Samples, Trigger};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::uart::Uart;
use zephyr_wasm_guest::{
    MILLISECOND, SECOND, adc, app, clocks, discovery, info, lifecycle, random, requests, storage, watchdog,
};

app!(run, heap = 16384);

fn run() -> i32 {
    match told::kind() {
        Ok(kind) if kind >= checks::FIRST => checks::check(kind),
        Ok(kind) => told::end_of(call(kind)),
        Err(code) => code,
    }
}

/// In the order of src/main.c.
fn call(kind: u8) -> Option<Never> {
    match kind {
        0 => forever(|| Line::input("button").ok()),
        1 => forever(|| Line::output("led", true).ok()),
        2 => {
            let line = Line::input("button").ok()?;
            forever(|| line.read().ok())
        }
        3 => {
            let line = Line::output("led", false).ok()?;
            forever(|| line.write(true).ok())
        }
        4 => forever(|| Line::input("button").ok()?.wait(Edge::Both, MILLISECOND, 2 * MILLISECOND).ok()),
        5 => forever(|| Sensor::open("probe").ok()),
        6 => {
            let probe = Sensor::open("probe").ok()?;
            forever(|| probe.read(Channel::Light).ok())
        }
        7 => forever(|| Some(discovery::names())),
        8 => {
            let probe = Sensor::open("probe").ok()?;
            forever(|| Some(discovery::channels(&probe)))
        }
        9 => {
            let probe = Sensor::open("probe").ok()?;
            forever(|| Samples::watch(&probe, Channel::Light, Trigger::DataReady, 1).ok())
        }
        10 => {
            let probe = Sensor::open("probe").ok()?;
            forever(|| Samples::watch(&probe, Channel::Light, Trigger::Above(1), 1).ok())
        }
        11 => {
            let probe = Sensor::open("probe").ok()?;
            forever(|| {
                let samples = Samples::watch(&probe, Channel::Light, Trigger::Period(MILLISECOND), 1).ok()?;
                samples.next(SECOND)?;
                Some(samples.lost())
            })
        }
        12 => forever(|| I2c::open("bus").ok()?.read(0x4c, 1).ok()),
        13 => forever(|| I2c::open("bus").ok()?.write(0x4c, &[1]).ok()),
        14 => forever(|| I2c::open("bus").ok()?.write_read(0x4c, &[1], 1).ok()),
        15 => forever(|| SpiDevice::open("display").ok()?.read(1).ok()),
        16 => forever(|| SpiDevice::open("display").ok()?.write(&[1]).ok()),
        17 => forever(|| SpiDevice::open("display").ok()?.transfer(&[1]).ok()),
        18 => forever(|| adc::read("battery").ok()),
        19 => forever(|| Output::open("fan").ok()),
        20 => {
            let fan = Output::open("fan").ok()?;
            forever(|| fan.set(1000, 500).ok())
        }
        21 => forever(|| Uart::open("modem").ok()),
        22 => {
            let modem = Uart::open("modem").ok()?;
            forever(|| modem.set_baud_rate(9600).ok())
        }
        23 => {
            let modem = Uart::open("modem").ok()?;
            forever(|| modem.write(b"many bytes").ok())
        }
        24 => {
            let modem = Uart::open("modem").ok()?;
            forever(|| {
                modem.read(1, 2 * MILLISECOND).ok()?;
                Some(modem.lost())
            })
        }
        25 => forever(|| storage::get("key").ok()),
        26 => forever(|| match storage::set("key", b"what") {
            // The rate of writes is used up.
            Ok(()) | Err(storage::Error::Quota) => Some(()),
            Err(_) => None,
        }),
        27 => forever(|| match storage::delete("key") {
            Ok(()) | Err(storage::Error::Quota) => Some(()),
            Err(_) => None,
        }),
        28 => forever(|| storage::list_keys(0).ok()),
        29 => forever(|| message::publish("kills/listener", b"1").ok()),
        30 => forever(|| Some(requests::request("kills/listener", b"1", MILLISECOND).is_err())),
        31 => forever(|| Some(requests::respond(1, b"1").is_err())),
        32 => forever(|| {
            Subscription::open("kills/none", 1).ok()?.receive(MILLISECOND).map_or(Some(()), |_| None)
        }),
        33 => forever(|| Subscription::open("kills/none", 1).ok().map(|queue| queue.lost())),
        34 => forever(|| Timer::one_shot(MILLISECOND).ok().map(|timer| timer.wait())),
        35 => forever(|| {
            let timer = Timer::periodic(MILLISECOND).ok()?;
            timer.expired();
            Some(timer.cancel())
        }),
        36 => forever(|| Some(clocks::wait_for(MILLISECOND))),
        37 => forever(|| {
            clocks::get_resolution();
            Some(clocks::wait_until(clocks::now()))
        }),
        38 => forever(|| {
            random::get_random_u64();
            Some(random::get_random_bytes(16))
        }),
        39 => forever(|| {
            info!("a line");
            Some(())
        }),
        40 => forever(|| {
            lifecycle::heartbeat();
            lifecycle::stopping().then_some(()).map_or(Some(()), |()| None)
        }),
        // These are for src/starvation.c.
        42 => {
            let probe = Sensor::open("probe").ok()?;
            let _samples = Samples::watch(&probe, Channel::Light, Trigger::Period(1), 1).ok()?;
            forever(|| Some(clocks::wait_for(3600 * SECOND)))
        }
        43 => {
            let _timers = [(); 5].map(|()| Timer::periodic(1).ok());
            forever(|| Some(clocks::wait_for(3600 * SECOND)))
        }
        41 => {
            let _led = Line::output("led", true).ok()?;
            forever(|| Some(clocks::wait_for(3600 * SECOND)))
        }
        58 => forever(|| watchdog::feed("process").ok()),
        _ => net::call(kind),
    }
}
