//! `zephyr:gpio`: digital inputs and outputs.

use crate::Failure;
use crate::bindings::zephyr_gpio_gpio::{Duration, Edge, Error, Host, Line};
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_gpio_gpio::Edge as GpioEdge;

const PACKAGE: &str = "zephyr:gpio";

/// The lines of a board. Those of an app that ends are closed by the platform.
pub trait Device: Platform {
    /// Takes a line: to drive it, with a first value, or to read it. Returns a number for it.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Busy`], [`Failure::Limit`], [`Failure::Io`].
    fn open(&self, name: &str, drive: Option<bool>) -> Result<u32, Failure>;

    /// Whether it is active.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn get(&self, line: u32) -> Result<bool, Failure>;

    /// Drives it.
    ///
    /// # Errors
    /// [`Failure::NotSupported`] for an input, [`Failure::Io`].
    fn set(&self, line: u32, active: bool) -> Result<(), Failure>;

    /// Waits until it changes and stays so for `debounce` nanoseconds, at most `timeout`. Returns its new value.
    ///
    /// # Errors
    /// [`Failure::Timeout`], [`Failure::NotSupported`], [`Failure::Io`].
    fn wait_edge(&self, line: u32, edge: Edge, debounce: u64, timeout: u64) -> Result<bool, Failure>;

    /// Gives the line back.
    fn close_line(&self, line: u32);
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::Unknown => Error::UnknownLine,
        Failure::Busy => Error::Busy,
        Failure::Limit => Error::Limit,
        Failure::NotSupported => Error::NotSupported,
        _ => Error::Io,
    }
}

fn open<P: Device>(app: &App<P>, kind: &str, name: &str, drive: Option<bool>) -> Result<Line, Error> {
    if !app.manifest().grants_to(PACKAGE, kind, name) {
        return Err(Error::NotGranted);
    }
    app.platform.open(name, drive).map(Line).map_err(error)
}

impl<P: Device> Host for App<P> {
    fn line_input(&mut self, name: &str) -> Result<Line, Error> {
        open(self, "input", name, None)
    }

    fn line_output(&mut self, name: &str, active: bool) -> Result<Line, Error> {
        open(self, "output", name, Some(active))
    }

    fn line_read(&mut self, this: Line) -> Result<bool, Error> {
        self.platform.get(this.0).map_err(error)
    }

    fn line_write(&mut self, this: Line, active: bool) -> Result<(), Error> {
        self.platform.set(this.0, active).map_err(error)
    }

    fn line_wait(
        &mut self,
        this: Line,
        edge: Edge,
        debounce: Duration,
        timeout: Duration,
    ) -> Result<Option<bool>, Error> {
        match self.platform.wait_edge(this.0, edge, debounce, timeout) {
            Ok(active) => Ok(Some(active)),
            Err(Failure::Timeout) => Ok(None),
            Err(failure) => Err(error(failure)),
        }
    }

    fn line_drop(&mut self, this: Line) {
        self.platform.close_line(this.0);
    }
}
