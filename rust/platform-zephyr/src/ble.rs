//! `zephyr:ble` over Zephyr's Bluetooth host.

use crate::entry::module;
use crate::in_c::in_c;
use crate::platform::Zephyr;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::ble::{BleReport, Device, LONGEST_VALUE};
use zephyr_wasm_manifest::Manifest;

/// The most bytes of an advertisement.
#[doc(alias = "ZEPHYR_WASM_BLE_DATA_SIZE")]
const DATA_SIZE: usize = 31;
/// The most bytes of a value.
#[doc(alias = "ZEPHYR_WASM_BLE_VALUE_SIZE")]
const VALUE_SIZE: usize = 20;
const _: () = assert!(VALUE_SIZE == LONGEST_VALUE);

/// An advertisement as C has it.
#[doc(alias = "struct zephyr_wasm_report")]
#[repr(C)]
#[derive(Default)]
struct Report {
    address: [u8; 6],
    rssi: i8,
    size: u8,
    data: [u8; DATA_SIZE],
}

in_c! {
    #[grants(zephyr_wasm_ble_may_scan)]
    safe fn zephyr_wasm_ble_scan() -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_ble_scan_next(scan: u32, timeout: u64, report: &mut Report) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_ble_scan_stop(scan: u32);
    #[grants("serve" of name)]
    unsafe fn zephyr_wasm_ble_advertise(name: *const c_char, length: usize) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_ble_set(peripheral: u32, bytes: *const u8, size: usize) -> i32;
    #[grants(none)]
    #[room(bytes = ZEPHYR_WASM_BLE_VALUE_SIZE)]
    unsafe fn zephyr_wasm_ble_written(peripheral: u32, timeout: u64, bytes: *mut u8) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_ble_end_advertising(peripheral: u32);
}

/// `C0:FF:EE:00:00:01`.
fn address(bytes: [u8; 6]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::new();
    for byte in bytes {
        if !text.is_empty() {
            text.push(':');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

impl Device for Zephyr {
    fn scan_start(&self) -> Result<u32, Failure> {
        Failure::check(zephyr_wasm_ble_scan())
    }

    fn scan_next(&self, scan: u32, timeout: u64) -> Option<BleReport> {
        let mut report = Report::default();
        Failure::check(zephyr_wasm_ble_scan_next(scan, timeout, &mut report)).ok()?;
        let data = report.data.get(..usize::from(report.size))?.to_vec();
        Some(BleReport { address: address(report.address), rssi: report.rssi, data })
    }

    fn scan_stop(&self, scan: u32) {
        zephyr_wasm_ble_scan_stop(scan)
    }

    fn advertise(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_ble_advertise(name.as_ptr().cast(), name.len()) })
    }

    fn set_value(&self, peripheral: u32, value: &[u8]) -> Result<(), Failure> {
        // SAFETY: this app has the peripheral, and the pointer is good for its length.
        Failure::check(unsafe { zephyr_wasm_ble_set(peripheral, value.as_ptr(), value.len()) }).map(drop)
    }

    fn written(&self, peripheral: u32, timeout: u64) -> Option<Vec<u8>> {
        let mut bytes = [0; VALUE_SIZE];
        // SAFETY: this app has the peripheral, and there is room for the longest value.
        let size = unsafe { zephyr_wasm_ble_written(peripheral, timeout, bytes.as_mut_ptr()) };
        let size = Failure::check(size).ok()?;
        Some(bytes.get(..size as usize)?.to_vec())
    }

    fn end_advertising(&self, peripheral: u32) {
        zephyr_wasm_ble_end_advertising(peripheral)
    }
}

/// Whether a manifest grants advertisements of anybody; for the kernel, which does not take the app's word for it.
///
/// # Safety
/// `wasm` has `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_may_scan(wasm: *const u8, size: usize) -> bool {
    // SAFETY: as promised by the caller.
    Manifest::of(unsafe { module(wasm, size) }).grants("zephyr:ble", "scan").next().is_some()
}
