//! `zephyr:timer`: one-shot and periodic timers.

use crate::bindings::zephyr_timer_timer::{Duration, Host, Timer};
use zephyr_wasm_runtime::manifest::keys;
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_timer_timer::Error;

/// The timers of a kernel, by number. Those of an app that ends are closed by the platform.
pub trait Device {
    /// Starts a timer that expires after `duration` nanoseconds, and every `duration` from then on if `periodic`.
    ///
    /// # Errors
    /// As in WIT.
    fn start(&self, duration: u64, periodic: bool) -> Result<u32, Error>;

    /// Blocks until the timer expires, and returns how often it has since the last wait.
    fn wait(&self, timer: u32) -> u32;

    /// How often the timer has expired since the last wait.
    fn expired(&self, timer: u32) -> u32;

    /// Stops the timer.
    fn stop(&self, timer: u32);

    /// Stops the timer and gives it back.
    fn close(&self, timer: u32);
}

fn start<P: Device + Platform>(app: &App<P>, duration: u64, periodic: bool) -> Result<Timer, Error> {
    if !app.may_own(Timer::TYPE, keys::TIMERS.name) {
        return Err(Error::Limit);
    }
    app.platform.start(duration, periodic).map(Timer)
}

impl<P: Device + Platform> Host for App<P> {
    fn timer_one_shot(&mut self, delay: Duration) -> Result<Timer, Error> {
        start(self, delay, false)
    }

    fn timer_periodic(&mut self, period: Duration) -> Result<Timer, Error> {
        if period == 0 {
            return Err(Error::InvalidDuration);
        }
        start(self, period, true)
    }

    fn timer_wait(&mut self, this: Timer) -> u32 {
        self.platform.wait(this.0)
    }

    fn timer_expired(&mut self, this: Timer) -> u32 {
        self.platform.expired(this.0)
    }

    fn timer_cancel(&mut self, this: Timer) {
        self.platform.stop(this.0);
    }

    fn timer_drop(&mut self, this: Timer) {
        self.platform.close(this.0);
    }
}
