//! Holds an app to what it may use.

use crate::Platform;
use crate::end::Refusal;
use crate::message::Message;
use alloc::vec::Vec;
use core::hint::black_box;
use zephyr_wasm_engine::Growth;
use zephyr_wasm_manifest::Manifest;

pub use zephyr_wasm_manifest::Limits;

/// Makes the limits of an app out of those of the image, as its manifest may ask for less.
///
/// # Errors
/// What it asks for, and which Kconfig symbol gives more.
pub(crate) fn narrow(
    limits: &mut Limits,
    manifest: Manifest<'_>,
    message: &mut Message,
) -> Result<(), Refusal> {
    limits.narrow(manifest).map_err(|more| {
        message.text("its manifest has ").text(more.key).text(" = ").number(more.asked.into());
        message
            .text(", and an app of this image has ")
            .number(more.most as u64)
            .text(": raise CONFIG_WASM_APP_")
            .text(more.symbol);
        Refusal::Limits
    })
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
    /// What it could not have, the last time, were more elements of a table than it may.
    pub refused_table: bool,
}

impl Limiter {
    pub fn new(limits: &Limits) -> Self {
        Limiter {
            memory: limits.memory,
            table: limits.table,
            asked: 0,
            before: 0,
            most: 0,
            refused: 0,
            refused_table: false,
        }
    }

    /// Whether a table may have so many elements.
    fn may_have(&mut self, elements: usize) -> bool {
        self.asked = elements.saturating_mul(TABLE_ELEMENT);
        let may = elements <= self.table;
        if cfg!(feature = "validate") {
            self.refused_table = !may;
        }
        may
    }
}

impl<P: Platform> Growth for crate::App<P> {
    fn memory_growing(&mut self, current: usize, desired: usize, declared: Option<usize>) -> bool {
        self.limiter.asked = desired;
        self.limiter.refused = desired;
        // Where flash is short, nothing is kept for it to grow into.
        let declared = if cfg!(feature = "validate") { declared } else { None };
        // The engine has looked at what the module says. 4 GiB is 0 to it here, where an address has 32 bits.
        let declared = declared.filter(|declared| desired <= *declared);
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
        if !self.limiter.may_have(desired) {
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

    #[cfg(feature = "compiled")]
    fn memory_reserving(&mut self, head: usize, least: usize, most: usize) -> usize {
        let most = most.min(self.limiter.memory).max(least);
        let reserved = if most > least { self.platform.room(head, least, most) } else { least };
        self.platform.next_allocation_may_fail();
        reserved
    }

    #[cfg(feature = "compiled")]
    fn memory_staying(&mut self, desired: usize, declared: usize) -> bool {
        self.limiter.asked = desired;
        self.limiter.refused = desired;
        if desired > declared.min(self.limiter.memory) {
            return false;
        }
        self.limiter.refused = 0;
        self.platform.linear_memory_stays(desired);
        true
    }

    #[cfg(feature = "compiled")]
    fn table_staying(&mut self, desired: usize) -> bool {
        self.limiter.may_have(desired)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_that_wants_too_much_is_told_the_symbol() {
        let mut message = Message::new();
        let mut limits = Limits { heap: 4095, ..Limits::default() };
        let refusal = narrow(&mut limits, Manifest::new(Some("heap 4096")), &mut message);
        assert_eq!(refusal, Err(Refusal::Limits));
        let expected = "its manifest has heap = 4096, and an app of this image has 4095: raise CONFIG_WASM_APP_HEAP_SIZE";
        assert_eq!(message.as_str(), expected);
    }
}
