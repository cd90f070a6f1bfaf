//! Waiting for what another thread or the system does.

use crate::app::Shared;
use crate::clocks;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often it is looked whether something has happened.
const LOOK: Duration = Duration::from_millis(1);

/// Waits until there is something, at most so many nanoseconds, or until the app is killed.
pub fn wait_for<T>(app: &Shared, timeout: u64, mut ready: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = clocks::after(Instant::now(), timeout);
    loop {
        if let Some(found) = ready() {
            return Some(found);
        }
        let now = Instant::now();
        if now >= deadline || app.killed.load(Ordering::SeqCst) {
            return None;
        }
        std::thread::sleep(LOOK.min(deadline - now));
    }
}
