//! `zephyr:pwm`: pulse-width modulated outputs.

use crate::Failure;
use crate::bindings::zephyr_pwm_pwm::{Error, Host, Output};
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:pwm";

/// The pulse-width modulated outputs of a board. Those of an app that ends are turned off by the platform.
pub trait Device: Platform {
    /// Takes an output, and returns a number for it.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Busy`], [`Failure::Limit`].
    fn open(&self, name: &str) -> Result<u32, Failure>;

    /// Sends pulses; both in nanoseconds.
    ///
    /// # Errors
    /// [`Failure::Invalid`], [`Failure::Io`].
    fn set(&self, output: u32, period: u32, pulse: u32) -> Result<(), Failure>;

    /// Turns it off and gives it back.
    fn close_output(&self, output: u32);
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::Unknown => Error::UnknownOutput,
        Failure::Busy => Error::Busy,
        Failure::Limit => Error::Limit,
        Failure::Invalid | Failure::NotSupported => Error::Invalid,
        _ => Error::Io,
    }
}

impl<P: Device> Host for App<P> {
    fn output_open(&mut self, name: &str) -> Result<Output, Error> {
        if !self.manifest().grants_to(PACKAGE, "output", name) {
            return Err(Error::NotGranted);
        }
        self.platform.open(name).map(Output).map_err(error)
    }

    fn output_set(&mut self, this: Output, period: u32, pulse: u32) -> Result<(), Error> {
        if period == 0 || pulse > period {
            return Err(Error::Invalid);
        }
        self.platform.set(this.0, period, pulse).map_err(error)
    }

    fn output_drop(&mut self, this: Output) {
        self.platform.close_output(this.0);
    }
}
