//! Waiting for what another thread or the system does.

use crate::shared::Shared;
use crate::time;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often it is looked whether something has happened.
const LOOK: Duration = Duration::from_millis(1);

/// Waits until this process's standard output (1) or error (2) takes as much as a pipe takes at once. A pipe that nobody
/// reads does not; false if the app is killed meanwhile.
pub fn wait_for_room(app: &Shared, number: u8) -> bool {
    let has_room = || {
        let mut poll = libc::pollfd { fd: number.into(), events: libc::POLLOUT, revents: 0 };
        // SAFETY: there is one descriptor to look at.
        (unsafe { libc::poll(&raw mut poll, 1, 0) } != 0).then_some(())
    };
    wait_for(app, u64::MAX, has_room).is_some()
}

/// Waits until there is something, at most so many nanoseconds, or until the app is killed.
pub fn wait_for<T>(app: &Shared, timeout: u64, mut ready: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = time::after(Instant::now(), timeout);
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
