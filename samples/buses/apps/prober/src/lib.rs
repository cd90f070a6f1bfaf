//! Talks to devices on buses by itself, where no driver knows them.
#![no_std]

use zephyr_wasm_guest::i2c::{ErrorCode as I2cError, I2c};
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::pwm::{Error as PwmError, Output};
use zephyr_wasm_guest::spi::SpiDevice;
use zephyr_wasm_guest::uart::Uart;
use zephyr_wasm_guest::{SECOND, adc, app, info};

app!(run, arena = 512);

fn run() -> i32 {
    [i2c, spi, uart, adc, pwm].iter().position(|step| !step()).map_or(0, |failed| failed as i32 + 1)
}

/// A thermometer: the register 0 has whole degrees.
fn i2c() -> bool {
    let Ok(bus) = I2c::open("sensors") else { return false };
    let Ok(degrees) = bus.write_read(0x4c, &[0], 1) else { return false };
    Line::new().text("i2c: ").number(degrees.first().copied().map_or(-1, i64::from)).text(" C").info();
    if bus.read(0x50, 1) == Err(I2cError::NotGranted) && I2c::open("other").err() == Some(I2cError::UnknownBus) {
        info!("i2c: no other device, no other bus");
    }
    bus.read(0x4c, 1_000_000) == Err(I2cError::TooLarge)
}

/// A device that says what it hears.
fn spi() -> bool {
    let Ok(device) = SpiDevice::open("display") else { return false };
    match device.transfer(b"picture") {
        Ok(back) => {
            Line::new().text("spi: ").number(back.len() as i64).text(" bytes back").info();
            device.write(b"more").is_ok()
        }
        Err(_) => false,
    }
}

/// A modem that says OK.
fn uart() -> bool {
    let Ok(port) = Uart::open("modem") else { return false };
    // One app has a port.
    if Uart::open("modem").is_ok() || port.write(b"AT\r").is_err() {
        return false;
    }
    match port.read(16, 2 * SECOND) {
        Ok(answer) if answer == b"OK\r" => info!("uart: the modem is there"),
        _ => return false,
    }
    port.read(16, SECOND / 10).is_ok_and(|nothing| nothing.is_empty()) && port.lost() == 0
}

fn adc() -> bool {
    let Ok(microvolts) = adc::read("battery") else { return false };
    Line::new().text("adc: ").micro(microvolts.into(), 2).text(" V").info();
    adc::read("mains") == Err(adc::Error::NotGranted)
}

fn pwm() -> bool {
    let Ok(fan) = Output::open("fan") else { return false };
    if fan.set(1_000_000, 2_000_000) != Err(PwmError::Invalid) || fan.set(1_000_000, 250_000).is_err() {
        return false;
    }
    info!("pwm: the fan turns");
    true
}
