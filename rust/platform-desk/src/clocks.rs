//! `wasi:clocks` over the system's monotonic clock.

use crate::current;
use crate::platform::Desk;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use zephyr_wasm_api::clocks::Device;

/// The time that all apps count from.
pub fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

/// The milliseconds since then.
pub fn uptime_ms() -> u64 {
    u64::try_from(start().elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A time so far off that nobody sees it, for waits that would overflow.
pub fn after(from: Instant, nanoseconds: u64) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    from.checked_add(Duration::from_nanos(nanoseconds)).unwrap_or(from + CENTURY)
}

impl Device for Desk {
    fn now(&self) -> u64 {
        u64::try_from(start().elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn resolution(&self) -> u64 {
        1
    }

    fn sleep(&self, duration: u64) {
        current::outside(|app| match duration {
            0 => std::thread::yield_now(),
            _ => app.sleep_until(after(Instant::now(), duration)),
        });
    }
}
