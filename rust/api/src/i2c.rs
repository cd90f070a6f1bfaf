//! `zephyr:i2c`: I2C buses.

use crate::Failure;
use crate::bindings::zephyr_i2c_i2c::{Address, ErrorCode, Host, I2c};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:i2c";
/// Of seven bits. Drivers cut a longer one: `0x148`, which `0x1*` grants, is `0x48` to them.
const LAST_ADDRESS: u16 = 0x7f;

/// The I2C buses of a board, by their place in its list.
pub trait Device: Platform {
    /// The place of a bus.
    ///
    /// # Errors
    /// [`Failure::Unknown`].
    fn find(&self, name: &str) -> Result<u32, Failure>;

    /// The name of a bus.
    fn name(&self, bus: u32) -> String;

    /// The most bytes of one call.
    fn most(&self) -> u32;

    /// Writes, and reads as many bytes as `read` has room for; one of them may be none.
    ///
    /// # Errors
    /// [`Failure::Io`] for a device that does not acknowledge, others for the bus.
    fn transfer(&self, bus: u32, address: u16, write: &[u8], read: &mut [u8]) -> Result<(), Failure>;
}

fn error(failure: Failure) -> ErrorCode {
    match failure {
        Failure::Unknown => ErrorCode::UnknownBus,
        Failure::TooLarge => ErrorCode::TooLarge,
        Failure::Io => ErrorCode::NoAcknowledge,
        _ => ErrorCode::Bus,
    }
}

fn transfer<P: Device>(
    app: &App<P>,
    bus: u32,
    address: u16,
    write: &[u8],
    length: u32,
) -> Result<Vec<u8>, ErrorCode> {
    let mut device = heapless::String::<64>::new();
    let _ = write!(device, "{}@{address:#04x}", app.platform.name(bus));
    if address > LAST_ADDRESS || !app.manifest().grants_to(PACKAGE, "device", &device) {
        return Err(ErrorCode::NotGranted);
    }
    // To drivers, a transfer of no bytes has any number of them.
    if length == 0 && write.is_empty() {
        return Err(ErrorCode::Bus);
    }
    let most = app.platform.most();
    if length > most || write.len() > most as usize {
        return Err(ErrorCode::TooLarge);
    }
    let mut read = alloc::vec![0; length as usize];
    app.platform.transfer(bus, address, write, &mut read).map_err(error)?;
    Ok(read)
}

impl<P: Device> Host for App<P> {
    type I2cRead = Vec<u8>;
    type I2cWriteRead = Vec<u8>;

    fn i2c_open(&mut self, name: &str) -> Result<I2c, ErrorCode> {
        self.platform.find(name).map(I2c).map_err(error)
    }

    fn i2c_read(&mut self, this: I2c, address: Address, len: u32) -> Result<Vec<u8>, ErrorCode> {
        transfer(self, this.0, address, &[], len)
    }

    fn i2c_write(&mut self, this: I2c, address: Address, data: &[u8]) -> Result<(), ErrorCode> {
        transfer(self, this.0, address, data, 0).map(drop)
    }

    fn i2c_write_read(
        &mut self,
        this: I2c,
        address: Address,
        write: &[u8],
        read_len: u32,
    ) -> Result<Vec<u8>, ErrorCode> {
        transfer(self, this.0, address, write, read_len)
    }

    fn i2c_drop(&mut self, _: I2c) {}
}
