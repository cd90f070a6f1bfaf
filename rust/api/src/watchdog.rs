//! `zephyr:watchdog`: watchdogs that reset the board when they are not fed.

use crate::Failure;
use crate::bindings::zephyr_watchdog_watchdog::{Error, Host};
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:watchdog";

/// The watchdogs of a board.
pub trait Device: Platform {
    /// Feeds a watchdog, which is started by the first time.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Limit`].
    fn feed(&self, name: &str) -> Result<(), Failure>;
}

impl<P: Device> Host for App<P> {
    fn feed(&mut self, name: &str) -> Result<(), Error> {
        if !self.manifest().grants_to(PACKAGE, "feed", name) {
            return Err(Error::NotGranted);
        }
        self.platform.feed(name).map_err(|failure| match failure {
            Failure::Unknown => Error::UnknownWatchdog,
            _ => Error::Limit,
        })
    }
}
