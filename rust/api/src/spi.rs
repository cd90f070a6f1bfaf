//! `zephyr:spi`: SPI devices.

use crate::Failure;
use crate::bindings::zephyr_spi_spi::{ErrorCode, Host, SpiDevice};
use alloc::vec::Vec;
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:spi";

/// The SPI devices of a board, by their place in its list.
pub trait Device: Platform {
    /// The place of a device.
    ///
    /// # Errors
    /// [`Failure::Unknown`].
    fn find(&self, name: &str) -> Result<u32, Failure>;

    /// The most bytes of one call.
    fn most(&self) -> u32;

    /// Writes and reads at the same time; where one of them is empty, the other's length counts.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn transfer(&self, device: u32, write: &[u8], read: &mut [u8]) -> Result<(), Failure>;
}

fn error(failure: Failure) -> ErrorCode {
    match failure {
        Failure::Unknown => ErrorCode::UnknownDevice,
        Failure::TooLarge => ErrorCode::TooLarge,
        _ => ErrorCode::Io,
    }
}

fn transfer<P: Device>(app: &App<P>, device: u32, write: &[u8], length: usize) -> Result<Vec<u8>, ErrorCode> {
    let most = app.platform.most() as usize;
    if length > most || write.len() > most {
        return Err(ErrorCode::TooLarge);
    }
    let mut read = alloc::vec![0; length];
    app.platform.transfer(device, write, &mut read).map_err(error)?;
    Ok(read)
}

impl<P: Device> Host for App<P> {
    type SpiDeviceRead = Vec<u8>;
    type SpiDeviceTransfer = Vec<u8>;

    fn spi_device_open(&mut self, name: &str) -> Result<SpiDevice, ErrorCode> {
        if !self.manifest().grants_to(PACKAGE, "device", name) {
            return Err(ErrorCode::NotGranted);
        }
        self.platform.find(name).map(SpiDevice).map_err(error)
    }

    fn spi_device_read(&mut self, this: SpiDevice, len: u32) -> Result<Vec<u8>, ErrorCode> {
        transfer(self, this.0, &[], len as usize)
    }

    fn spi_device_write(&mut self, this: SpiDevice, data: &[u8]) -> Result<(), ErrorCode> {
        transfer(self, this.0, data, 0).map(drop)
    }

    fn spi_device_transfer(&mut self, this: SpiDevice, data: &[u8]) -> Result<Vec<u8>, ErrorCode> {
        transfer(self, this.0, data, data.len())
    }

    fn spi_device_drop(&mut self, _: SpiDevice) {}
}
