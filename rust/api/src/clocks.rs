//! `wasi:clocks`: monotonic time.

use crate::bindings::wasi_clocks_monotonic_clock::{Duration, Host, Mark};
use zephyr_wasm_runtime::App;

/// A monotonic clock that a thread can wait on. All times are in nanoseconds.
pub trait Device {
    /// The present time, since an arbitrary start.
    fn now(&self) -> u64;

    /// The length of a tick.
    fn resolution(&self) -> u64;

    /// Blocks the calling thread for at least this long; 0 yields.
    fn sleep(&self, duration: u64);
}

impl<P: Device> Host for App<P> {
    fn now(&mut self) -> Mark {
        self.platform.now()
    }

    fn get_resolution(&mut self) -> Duration {
        self.platform.resolution()
    }

    fn wait_until(&mut self, when: Mark) {
        let now = self.platform.now();
        if when > now {
            self.platform.sleep(when - now);
        }
    }

    fn wait_for(&mut self, how_long: Duration) {
        self.platform.sleep(how_long);
    }
}
