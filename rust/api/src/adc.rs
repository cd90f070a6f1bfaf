//! `zephyr:adc`: analog inputs.

use crate::Failure;
use crate::bindings::zephyr_adc_adc::{Error, Host};
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:adc";

/// The analog inputs of a board.
pub trait Device: Platform {
    /// The voltage at an input, in microvolts.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Io`].
    fn microvolts(&self, name: &str) -> Result<i32, Failure>;
}

impl<P: Device> Host for App<P> {
    fn read(&mut self, name: &str) -> Result<i32, Error> {
        if !self.manifest().grants_to(PACKAGE, "read", name) {
            return Err(Error::NotGranted);
        }
        self.platform.microvolts(name).map_err(|failure| match failure {
            Failure::Unknown => Error::UnknownInput,
            _ => Error::Io,
        })
    }
}
