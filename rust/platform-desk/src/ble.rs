//! `zephyr:ble` with advertisements from a trace, and no peers.

use crate::activity::{note, shown};
use crate::current;
use crate::platform::Desk;
use crate::pool::{Pool, lock};
use crate::wait::wait_for;
use crate::world::{now, world};
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::ble::{Ble, BleReport};

/// How many of the trace's advertisements a scan has seen.
static SCANS: Pool<Mutex<usize>> = Pool::new();
static PERIPHERALS: Pool<String> = Pool::new();

impl Ble for Desk {
    fn scan_start(&self) -> Result<u32, Failure> {
        current::outside(|_| {
            if !SCANS.all().is_empty() {
                return Err(Failure::Busy);
            }
            let past = world().advertisements.iter().filter(|one| one.time < now()).count();
            Ok(SCANS.add(Mutex::new(past)))
        })
    }

    fn scan_next(&self, scan: u32, timeout: u64) -> Option<BleReport> {
        current::outside(|app| {
            let scan = SCANS.get(scan);
            wait_for(app, timeout, || {
                let mut seen = lock(&scan);
                let one = world().advertisements.get(*seen).filter(|one| one.time <= now())?;
                *seen += 1;
                Some(BleReport { address: one.address.clone(), rssi: one.rssi, data: one.data.clone() })
            })
        })
    }

    fn scan_stop(&self, scan: u32) {
        current::outside_or_ending(|| SCANS.remove(scan));
    }

    fn advertise(&self, name: &str) -> Result<u32, Failure> {
        current::outside(|_| {
            if !PERIPHERALS.all().is_empty() {
                return Err(Failure::Busy);
            }
            Ok(PERIPHERALS.add(name.to_owned()))
        })
    }

    fn set_value(&self, peripheral: u32, value: &[u8]) -> Result<(), Failure> {
        current::outside(|app| {
            note(app, &format!("ble {}", PERIPHERALS.get(peripheral)), &shown(value));
            Ok(())
        })
    }

    fn written(&self, _: u32, timeout: u64) -> Option<Vec<u8>> {
        current::outside(|app| wait_for(app, timeout, || None))
    }

    fn end_advertising(&self, peripheral: u32) {
        current::outside_or_ending(|| PERIPHERALS.remove(peripheral));
    }
}
