//! Listens for what is around, then advertises a value that a peer may write.
#![no_std]

use zephyr_wasm_guest::ble::{Error, Peripheral, Scan};
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::{SECOND, app, info};

app!(run, arena = 512);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    let scan = Scan::start()?;
    for _ in 0..10 {
        match scan.next(SECOND) {
            Some(report) => Line::new().text(&report.address).text(" ").number(report.rssi.into()).text(" dBm").info(),
            None => info!("nobody is near"),
        }
    }
    drop(scan);
    let peripheral = Peripheral::start("zephyr-wasm")?;
    peripheral.set(b"hello")?;
    while let Some(value) = peripheral.written(60 * SECOND) {
        Line::new().number(value.len() as i64).text(" bytes written").info();
        peripheral.set(&value)?;
    }
    Ok(())
}
