//! `zephyr:ble` with advertisements from a trace, and no peers.

use crate::activity::{note, shown};
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::{Pool, lock};
use crate::time::now;
use crate::wait::wait_for;
use crate::world::world;
use std::collections::VecDeque;
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::ble::{BleReport, Device};

static SCANS: Pool<Mutex<Scan>> = Pool::new();
static PERIPHERALS: Pool<String> = Pool::new();

/// What a scan has heard, and what of that waits for the app, by place in the trace.
struct Scan {
    heard: usize,
    waiting: VecDeque<usize>,
}

impl Scan {
    /// Hears what has been sent by now. What finds no room is lost, as nobody makes any meanwhile.
    fn hear(&mut self) {
        let all = &world().advertisements[self.heard..];
        for _ in all.iter().take_while(|one| one.time <= now()) {
            if self.waiting.len() < world().configured.ble_reports {
                self.waiting.push_back(self.heard);
            }
            self.heard += 1;
        }
    }
}

impl Device for HostPlatform {
    fn scan_start(&self) -> Result<u32, Failure> {
        current::outside(|_| {
            if !SCANS.all().is_empty() {
                return Err(Failure::Busy);
            }
            let past = world().advertisements.iter().filter(|one| one.time < now()).count();
            Ok(SCANS.add(Mutex::new(Scan { heard: past, waiting: VecDeque::new() })))
        })
    }

    fn scan_next(&self, scan: u32, timeout: u64) -> Option<BleReport> {
        current::outside(|app| {
            let scan = SCANS.get(scan);
            wait_for(app, timeout, || {
                let mut scan = lock(&scan);
                scan.hear();
                let one = &world().advertisements[scan.waiting.pop_front()?];
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
