//! The time that all apps count from, by the system's monotonic clock.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The time that all apps count from.
pub fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}

/// The nanoseconds since then.
pub fn now() -> u64 {
    u64::try_from(start().elapsed().as_nanos()).unwrap_or(u64::MAX)
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
