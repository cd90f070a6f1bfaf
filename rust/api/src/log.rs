//! `wasi:logging`: an app's messages in the log of the board.

use crate::bindings::wasi_logging_logging::Host;
use zephyr_wasm_runtime::App;

pub use crate::bindings::wasi_logging_logging::Level;

/// A log that knows which app is speaking.
pub trait Device {
    /// Writes one message.
    fn log(&self, level: Level, context: &str, message: &str);
}

impl<P: Device> Host for App<P> {
    fn log(&mut self, level: Level, context: &str, message: &str) {
        self.platform.log(level, context, message);
    }
}
