//! `zephyr:timer` over the system's monotonic clock.

use crate::platform::Desk;
use crate::world::world;
use crate::{current, time};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use zephyr_wasm_api::timer::{Device, Error};

/// A timer of one app.
#[derive(Clone, Copy)]
pub struct Timer {
    /// When it expires next; none if it is stopped.
    next: Option<Instant>,
    /// The time between two expiries; none for one-shot.
    period: Option<u64>,
    /// Expiries that nobody has taken, from before it was stopped.
    pending: u32,
}

impl Timer {
    /// Takes the expiries up to `now`.
    fn take(&mut self, now: Instant) -> u32 {
        let mut count = std::mem::take(&mut self.pending);
        while let Some(next) = self.next
            && next <= now
        {
            let late = now.duration_since(next).as_nanos();
            let (passed, following) = match self.period {
                Some(period) => {
                    let passed = late / u128::from(period) + 1;
                    let step = u64::try_from(passed * u128::from(period)).unwrap_or(u64::MAX);
                    (u32::try_from(passed).unwrap_or(u32::MAX), Some(next + Duration::from_nanos(step)))
                }
                None => (1, None),
            };
            count = count.saturating_add(passed);
            self.next = following;
        }
        count
    }
}

impl Desk {
    /// Calls with a timer of this app. A number that the runtime made up would be a fault of the runtime.
    fn timer<R>(&self, number: u32, code: impl FnOnce(&mut Timer) -> R) -> Option<R> {
        self.timers.borrow_mut().get_mut(number as usize).and_then(Option::as_mut).map(code)
    }
}

impl Device for Desk {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_kept_from_expiry_to_expiry() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut timer = Timer { next: Some(at(10)), period: Some(10_000_000), pending: 0 };
        assert_eq!(timer.take(at(9)), 0);
        assert_eq!(timer.take(at(14)), 1);
        assert_eq!(timer.take(at(14)), 0);
        assert_eq!(timer.take(at(41)), 3);
        assert_eq!(timer.next, Some(at(50)));
    }

    #[test]
    fn a_one_shot_timer_expires_once() {
        let now = Instant::now();
        let mut timer = Timer { next: Some(now), period: None, pending: 0 };
        assert_eq!(timer.take(now), 1);
        assert_eq!(timer.take(now + Duration::from_secs(1)), 0);
    }
}
