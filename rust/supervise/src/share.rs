//! An app's share of the processor: it earns cycles as time goes on, and pays what it runs.

use crate::Supervised;

/// What an app may save up of its share, in looks.
const MOST_SAVED: i64 = 10;

impl Supervised {
    /// Earns its share of the time since the last look, and pays what its thread has run, of which there are `run` cycles in
    /// all, and others for it. Whether it has to wait.
    ///
    /// One that had to wait up to now could give no signs of life meanwhile. That is none itself: an app that computes would
    /// not need any other.
    #[inline]
    pub fn charge(&mut self, run: u64, now: i64, cycles: u32, was_waiting: bool) -> bool {
        if was_waiting {
            self.beaten = self.beaten.wrapping_add(now.wrapping_sub(self.looked));
        }
        let passed = u64::from(cycles.wrapping_sub(self.charged));
        // A manifest that nobody checked may have any number.
        let earned = (passed * u64::from(self.share.min(100)) / 100) as i64;
        let paid = (run.wrapping_sub(self.cycles) as i64).wrapping_add(self.owed.into());
        self.saved = self.saved.wrapping_add(earned).min(MOST_SAVED * earned).wrapping_sub(paid);
        (self.looked, self.charged, self.cycles, self.owed) = (now, cycles, run, 0);
        self.saved < 0
    }

    /// Whether it has had its share already, with what others have run for it since the last look.
    #[inline]
    pub fn is_over_share(&self) -> bool {
        self.share != 0 && self.saved < i64::from(self.owed)
    }
}
