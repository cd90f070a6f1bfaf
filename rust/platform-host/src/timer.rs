//! `zephyr:timer` over the system's monotonic clock.

use crate::expiry::Timer;
use crate::platform::HostPlatform;
use crate::world::world;
use crate::{current, time};
use std::sync::atomic::Ordering;
use std::time::Instant;
use zephyr_wasm_api::timer::{Device, Error};

impl HostPlatform {
    /// Calls with a timer of this app. A number that the runtime made up would be a fault of the runtime.
    fn timer<R>(&self, number: u32, code: impl FnOnce(&mut Timer) -> R) -> Option<R> {
        self.timers.borrow_mut().get_mut(number as usize).and_then(Option::as_mut).map(code)
    }
}

impl Device for HostPlatform {
    fn start(&self, duration: u64, periodic: bool) -> Result<u32, Error> {
        let mut timers = self.timers.borrow_mut();
        let most = world().configured.timers.min(timers.len());
        let free = timers[..most].iter().position(Option::is_none).ok_or(Error::Limit)?;
        let duration =
            if periodic { current::outside(|app| duration.max(app.shortest[0])) } else { duration };
        let next = Some(time::after(Instant::now(), duration));
        timers[free] = Some(Timer { next, period: periodic.then_some(duration), pending: 0 });
        Ok(free as u32)
    }

    fn wait(&self, timer: u32) -> u32 {
        loop {
            let taken = self.timer(timer, |timer| (timer.take(Instant::now()), timer.next));
            match taken {
                Some((0, Some(next))) => {
                    if current::outside(|app| {
                        app.sleep_until(next);
                        // A kill comes as the call returns.
                        app.is_stopping() || app.killed.load(Ordering::SeqCst)
                    }) {
                        return 0;
                    }
                }
                Some((count, _)) => return count,
                None => return 0,
            }
        }
    }

    fn expired(&self, timer: u32) -> u32 {
        self.timer(timer, |timer| timer.take(Instant::now())).unwrap_or(0)
    }

    fn stop(&self, timer: u32) {
        self.timer(timer, |timer| {
            timer.pending = timer.take(Instant::now());
            timer.next = None;
        });
    }

    fn close(&self, timer: u32) {
        // Borrowed only if the app is killed while it is in one of these calls, and then all of them go.
        if let Ok(mut timers) = self.timers.try_borrow_mut()
            && let Some(slot) = timers.get_mut(timer as usize)
        {
            *slot = None;
        }
    }
}
