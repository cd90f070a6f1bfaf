//! What one app may use.

use crate::Platform;
use alloc::vec::Vec;
use core::hint::black_box;
use zephyr_wasm_engine::Growth;

/// What one app may use. The firmware sets this; the app cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The app's region in bytes, for all that it causes. The firmware has made it; a manifest that asks for more is
    /// refused.
    pub heap: usize,
    /// The native stack of the app's thread in bytes; likewise.
    pub stack: usize,
    /// The largest linear memory in bytes. The app's region bounds it too.
    pub memory: usize,
    /// The largest table, in elements of 8 bytes.
    pub table: usize,
    /// The most exports of a module: the engine sorts more than 20 of them in a buffer on the native stack.
    pub exports: usize,
    /// The engine's value stack in bytes: locals and operands of all active calls.
    pub value_stack: usize,
    /// How many calls may be active at once.
    pub call_depth: usize,
    /// How many handles (timers, ...) the app may hold at once.
    pub handles: usize,
    /// How many units of fuel (about one an instruction) the app may burn in all; none for no limit.
    pub fuel: Option<u64>,
    /// How much fuel the app may burn before the platform is called.
    #[cfg(feature = "slices")]
    pub slice: u64,
}

impl Limits {
    /// Whether the engine has to count fuel.
    pub(crate) fn count_fuel(&self) -> bool {
        cfg!(feature = "slices") || self.fuel.is_some()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            heap: usize::MAX,
            stack: usize::MAX,
            memory: usize::MAX,
            table: 1024,
            exports: usize::MAX,
            value_stack: 4096,
            call_depth: 64,
            handles: 16,
            fuel: None,
            #[cfg(feature = "slices")]
            slice: 10_000,
        }
    }
}

/// The bytes that one element of a table takes in the engine, and how many it makes room for at least.
const TABLE_ELEMENT: usize = size_of::<u64>();
const TABLE_LEAST: usize = 4;

/// Whether there is room for a table that is to have so many elements. The engine asks for it, for at most twice as
/// many as there are to be, or for nothing where it has it already: it is tried here, so that no other allocation may
/// fail in its place.
fn has_room(platform: &impl Platform, current: usize, desired: usize) -> bool {
    let most = if current == 0 { desired } else { desired.saturating_mul(2) };
    let mut room = Vec::<u64>::new();
    platform.next_allocation_may_fail();
    let has_room = room.try_reserve_exact(most.max(TABLE_LEAST)).is_ok();
    // What nobody looks at need not be allocated.
    black_box(&room);
    has_room
}

/// Tells the engine about the limits, and remembers what was asked beyond them.
pub(crate) struct Limiter {
    memory: usize,
    table: usize,
    /// The last size in bytes that somebody asked for, granted or not.
    pub asked: usize,
    /// The size of the linear memory before it was last allowed to grow, and the most that it can have.
    before: usize,
    most: usize,
    /// The size that the linear memory could not grow to, the last time that it was asked to; else 0.
    pub refused: usize,
}

impl Limiter {
    pub fn new(limits: &Limits) -> Self {
        Limiter { memory: limits.memory, table: limits.table, asked: 0, before: 0, most: 0, refused: 0 }
    }
}

impl<P: Platform> Growth for crate::App<P> {
    fn memory_growing(&mut self, current: usize, desired: usize, declared: Option<usize>) -> bool {
        self.limiter.asked = desired;
        self.limiter.refused = desired;
        // Where flash is short, nothing is kept for it to grow into.
        let declared = if cfg!(feature = "validate") { declared } else { None };
        let most = declared.unwrap_or(usize::MAX).min(self.limiter.memory);
        if desired > most || !self.platform.linear_memory(desired, most) {
            return false;
        }
        self.limiter.refused = 0;
        self.limiter.before = current;
        self.limiter.most = most;
        true
    }

    fn memory_grow_failed(&mut self) {
        self.limiter.refused = self.limiter.asked;
        self.platform.linear_memory(self.limiter.before, self.limiter.most);
    }

    fn table_growing(&mut self, current: usize, desired: usize, declared: Option<usize>) -> bool {
        self.limiter.asked = desired.saturating_mul(TABLE_ELEMENT);
        if desired > self.limiter.table {
            return false;
        }
        if cfg!(feature = "validate") {
            let may = desired <= declared.unwrap_or(usize::MAX);
            return may && has_room(&self.platform, current, desired);
        }
        // Where flash is short, the next allocation may fail whosever it is.
        self.platform.next_allocation_may_fail();
        true
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        8
    }

    fn memories(&self) -> usize {
        1
    }
}
