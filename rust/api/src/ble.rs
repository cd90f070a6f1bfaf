//! `zephyr:ble`: what is around, and a small GATT server.

use crate::Failure;
use crate::bindings::zephyr_ble_ble::{Duration, Error, Host, Peripheral, Report, Scan};
use alloc::vec::Vec;
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_ble_ble::Report as BleReport;

const PACKAGE: &str = "zephyr:ble";
/// The longest value in bytes: what fits one packet of any peer.
pub const LONGEST_VALUE: usize = 20;

/// The Bluetooth controller, which one app at a time scans with, and one advertises with.
pub trait Device: Platform {
    /// Begins or ends a scan.
    ///
    /// # Errors
    /// [`Failure::Busy`], [`Failure::Io`].
    fn scan_start(&self) -> Result<u32, Failure>;

    /// Waits for an advertisement.
    fn scan_next(&self, scan: u32, timeout: u64) -> Option<Report>;

    /// Ends a scan.
    fn scan_stop(&self, scan: u32);

    /// Advertises under a name.
    ///
    /// # Errors
    /// [`Failure::Busy`], [`Failure::Invalid`], [`Failure::Io`].
    fn advertise(&self, name: &str) -> Result<u32, Failure>;

    /// Sets the value, and notifies.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn set_value(&self, peripheral: u32, value: &[u8]) -> Result<(), Failure>;

    /// Waits for a peer to write.
    fn written(&self, peripheral: u32, timeout: u64) -> Option<Vec<u8>>;

    /// Ends advertising.
    fn end_advertising(&self, peripheral: u32);
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::Busy | Failure::Limit => Error::Busy,
        Failure::Invalid | Failure::TooLarge => Error::Invalid,
        _ => Error::Io,
    }
}

impl<P: Device> Host for App<P> {
    type PeripheralWritten = Vec<u8>;

    fn scan_start(&mut self) -> Result<Scan, Error> {
        if self.manifest().grants(PACKAGE, "scan").next().is_none() {
            return Err(Error::NotGranted);
        }
        self.platform.scan_start().map(Scan).map_err(error)
    }

    fn scan_next(&mut self, this: Scan, timeout: Duration) -> Option<Report> {
        // What is not granted restarts the time: an app cannot tell that it was there.
        loop {
            let report = self.platform.scan_next(this.0, timeout)?;
            if self.manifest().grants_to(PACKAGE, "scan", &report.address) {
                return Some(report);
            }
        }
    }

    fn peripheral_start(&mut self, name: &str) -> Result<Peripheral, Error> {
        if !self.manifest().grants_to(PACKAGE, "serve", name) {
            return Err(Error::NotGranted);
        }
        self.platform.advertise(name).map(Peripheral).map_err(error)
    }

    fn peripheral_set(&mut self, this: Peripheral, value: &[u8]) -> Result<(), Error> {
        if value.len() > LONGEST_VALUE {
            return Err(Error::Invalid);
        }
        self.platform.set_value(this.0, value).map_err(error)
    }

    fn peripheral_written(&mut self, this: Peripheral, timeout: Duration) -> Option<Vec<u8>> {
        self.platform.written(this.0, timeout)
    }

    fn scan_drop(&mut self, this: Scan) {
        self.platform.scan_stop(this.0);
    }

    fn peripheral_drop(&mut self, this: Peripheral) {
        self.platform.end_advertising(this.0);
    }
}
