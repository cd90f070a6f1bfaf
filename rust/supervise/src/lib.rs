//! How an app is looked after: when it is started again, when it has been silent for too long, and when it has had its
//! share of the processor.
//!
//! One policy, for boards (`src/observe/supervisor.c` calls it) and for `zephyr-wasm run`. Each function works on a small state of
//! one app, and is told what time it is. In user mode, the kernel runs this on its own data: it has no globals, allocates
//! nothing, cannot panic, and what a crafted manifest says makes it wrong about that app only.
#![no_std]

mod promised;
mod share;

#[cfg(test)]
mod tests;

/// It is not started again: the place of `never` among the words that a manifest has for it.
#[doc(alias = "ZEPHYR_WASM_RESTART_NEVER")]
pub const NEVER: u32 = 0;
/// It is, after an end that its author did not want.
pub const ON_FAILURE: u32 = 1;
/// It is, after any end.
pub const ALWAYS: u32 = 2;

/// What is known of an app that is looked after. Times are milliseconds from any moment on.
#[doc(alias = "struct zephyr_wasm_supervised")]
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supervised {
    /// [`NEVER`], [`ON_FAILURE`] or [`ALWAYS`].
    pub restart: u32,
    /// How often it was started again, as whoever does it counts.
    pub restarts: u32,
    /// How long the next restart waits.
    pub backoff: u32,
    /// The longest time between two signs of life; 0 for no promise.
    pub heartbeat: u32,
    /// What it may use of the processor in percent; 0 for all.
    pub share: u32,
    /// When it was last looked at for its share, in cycles.
    pub charged: u32,
    /// The cycles that other threads have run for it since.
    pub owed: u32,
    /// When it was launched.
    pub launched: i64,
    /// When it gave its last sign of life, as if it had not been kept from running since.
    pub beaten: i64,
    /// When it was last looked at for its share.
    pub looked: i64,
    /// The cycles that it may run before it has to wait.
    pub saved: i64,
    /// The cycles that it had run at the last look.
    pub cycles: u64,
}

/// How an app has ended, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As its author wants it.
    Well,
    /// In any other way.
    Badly,
    /// Nothing of it ran: what is refused now is refused every time.
    Refused,
}

/// How long restarts wait, in milliseconds: the first, each twice as long as the one before, and the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait.
    pub first: u32,
    /// The longest. An app that ran as long as this begins anew with the first.
    pub most: u32,
}

impl Supervised {
    /// It is about to run; the processor has counted so many cycles.
    #[inline]
    pub fn launched(&mut self, now: i64, cycles: u32) {
        (self.launched, self.beaten, self.looked) = (now, now, now);
        (self.charged, self.owed, self.saved, self.cycles) = (cycles, 0, 0, 0);
    }

    /// It gives a sign of life.
    #[inline]
    pub fn beat(&mut self, now: i64) {
        self.beaten = now;
    }

    /// It is not started again, whatever its manifest says.
    #[inline]
    pub fn leave(&mut self) {
        self.restart = NEVER;
    }

    /// After how many milliseconds an app is started again that has ended; none if it is not.
    #[inline]
    pub fn ended(&mut self, end: Ended, now: i64, backoff: Backoff) -> Option<u32> {
        let again = match end {
            Ended::Refused => false,
            Ended::Well => self.restart == ALWAYS,
            Ended::Badly => self.restart != NEVER,
        };
        if !again {
            return None;
        }
        if now.wrapping_sub(self.launched) >= i64::from(backoff.most) {
            self.backoff = backoff.first;
        }
        let wait = self.backoff;
        self.backoff = wait.saturating_mul(2).min(backoff.most);
        Some(wait)
    }

    /// Whether it has been silent for longer than it promised.
    #[inline]
    pub fn is_silent(&self, now: i64) -> bool {
        self.heartbeat != 0 && now.wrapping_sub(self.beaten) > i64::from(self.heartbeat)
    }
}
