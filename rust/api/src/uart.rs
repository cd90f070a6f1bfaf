//! `zephyr:uart`: serial ports.

use crate::Failure;
use crate::bindings::zephyr_uart_uart::{Duration, ErrorCode, Host, Uart};
use alloc::vec::Vec;
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:uart";
/// The most bytes that one call reads.
const MOST: u32 = 256;

/// The serial ports of a board. Those of an app that ends are closed by the platform.
pub trait Device: Platform {
    /// Takes a port, and returns a number for it.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Busy`], [`Failure::NotSupported`].
    fn open(&self, name: &str) -> Result<u32, Failure>;

    /// Sets the rate in baud.
    ///
    /// # Errors
    /// [`Failure::NotSupported`], [`Failure::Io`].
    fn set_baud_rate(&self, port: u32, rate: u32) -> Result<(), Failure>;

    /// Writes all of it.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn write(&self, port: u32, data: &[u8]) -> Result<(), Failure>;

    /// Waits for bytes, and reads as many as there are and `buffer` has room for.
    ///
    /// # Errors
    /// [`Failure::Timeout`], [`Failure::Io`].
    fn read(&self, port: u32, buffer: &mut [u8], timeout: u64) -> Result<u32, Failure>;

    /// How many received bytes were lost since the last call.
    fn overrun(&self, port: u32) -> u32;

    /// Gives the port back.
    fn close_port(&self, port: u32);
}

fn error(failure: Failure) -> ErrorCode {
    match failure {
        Failure::Unknown => ErrorCode::UnknownPort,
        Failure::Busy | Failure::Limit => ErrorCode::Busy,
        Failure::NotSupported => ErrorCode::NotSupported,
        _ => ErrorCode::Io,
    }
}

impl<P: Device> Host for App<P> {
    type UartRead = Vec<u8>;

    fn uart_open(&mut self, name: &str) -> Result<Uart, ErrorCode> {
        if !self.manifest().grants_to(PACKAGE, "port", name) {
            return Err(ErrorCode::NotGranted);
        }
        self.platform.open(name).map(Uart).map_err(error)
    }

    fn uart_set_baud_rate(&mut self, this: Uart, rate: u32) -> Result<(), ErrorCode> {
        self.platform.set_baud_rate(this.0, rate).map_err(error)
    }

    fn uart_write(&mut self, this: Uart, data: &[u8]) -> Result<(), ErrorCode> {
        self.platform.write(this.0, data).map_err(error)
    }

    fn uart_read(&mut self, this: Uart, len: u32, timeout: Duration) -> Result<Vec<u8>, ErrorCode> {
        let mut buffer = alloc::vec![0; len.min(MOST) as usize];
        let read = match self.platform.read(this.0, &mut buffer, timeout) {
            Err(Failure::Timeout) => 0,
            read => read.map_err(error)?,
        };
        buffer.truncate(read as usize);
        Ok(buffer)
    }

    fn uart_lost(&mut self, this: Uart) -> u32 {
        self.platform.overrun(this.0)
    }

    fn uart_drop(&mut self, this: Uart) {
        self.platform.close_port(this.0);
    }
}
