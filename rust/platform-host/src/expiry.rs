//! When a timer expires, and how often it has.

use std::time::{Duration, Instant};

/// The most timers that one app may have.
pub const TIMERS: usize = 16;

/// A timer of one app.
#[derive(Clone, Copy)]
pub struct Timer {
    /// When it expires next; none if it is stopped.
    pub next: Option<Instant>,
    /// The time between two expiries; none for one-shot.
    pub period: Option<u64>,
    /// Expiries that nobody has taken, from before it was stopped.
    pub pending: u32,
}

impl Timer {
    /// Takes the expiries up to `now`.
    pub fn take(&mut self, now: Instant) -> u32 {
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
