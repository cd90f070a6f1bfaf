//! `zephyr:lifecycle`: what the firmware asks of an app, and what the app promises.

use crate::bindings::zephyr_lifecycle_lifecycle::Host;
use zephyr_wasm_runtime::App;

/// Who supervises the calling thread's app.
pub trait Device {
    /// Whether the app is asked to end.
    fn stopping(&self) -> bool;

    /// The app is well.
    fn heartbeat(&self);
}

impl<P: Device> Host for App<P> {
    fn stopping(&mut self) -> bool {
        self.platform.stopping()
    }

    fn heartbeat(&mut self) {
        self.platform.heartbeat();
    }
}
