//! The host's cells, which outlive no app: their number is checked after each test.
//!
//! A cell is kept as text of at most [`LONGEST`] bytes in a static table, as an app's memory goes with the app.

use crate::bindings::test_roundtrip_echo::Cell;
use alloc::string::String;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

/// The most cells of all apps.
const CELLS: usize = 16;
/// The most bytes in a cell; what is longer is cut.
const LONGEST: usize = 48;

/// A cell.
#[derive(Clone, Copy)]
pub struct Slot {
    used: bool,
    length: usize,
    text: [u8; LONGEST],
}

struct Table {
    locked: AtomicBool,
    slots: UnsafeCell<[Slot; CELLS]>,
}

// SAFETY: `with` lets one thread in at a time.
unsafe impl Sync for Table {}

static TABLE: Table = Table {
    locked: AtomicBool::new(false),
    slots: UnsafeCell::new(
        [Slot {
            used: false,
            length: 0,
            text: [0; LONGEST],
        }; CELLS],
    ),
};

/// Uses the table. The app is held meanwhile, because its end would leave the table locked.
fn with<R>(code: impl FnOnce(&mut [Slot; CELLS]) -> R) -> R {
    while TABLE.locked.swap(true, Ordering::Acquire) {
        core::hint::spin_loop();
    }
    // SAFETY: locked.
    let result = code(unsafe { &mut *TABLE.slots.get() });
    TABLE.locked.store(false, Ordering::Release);
    result
}

fn fill(slot: &mut Slot, value: &str) {
    let mut length = value.len().min(LONGEST);
    while !value.is_char_boundary(length) {
        length -= 1;
    }
    slot.text[..length].copy_from_slice(&value.as_bytes()[..length]);
    slot.length = length;
    slot.used = true;
}

/// A new cell; the last one is shared if there are no more.
pub fn new(value: &str) -> Cell {
    with(|slots| {
        let free = slots
            .iter()
            .position(|slot| !slot.used)
            .unwrap_or(CELLS - 1);
        fill(&mut slots[free], value);
        Cell(free as u32)
    })
}

/// What is in a cell.
pub fn get(cell: Cell) -> String {
    // Not inside: the text comes out of the app's memory, and the app ends here if it has not enough.
    let slot = copy(cell);
    String::from_utf8_lossy(&slot.text[..slot.length]).into_owned()
}

/// Puts something else into a cell.
pub fn set(cell: Cell, value: &str) {
    with(|slots| fill(&mut slots[cell.0 as usize], value));
}

/// A copy of a cell, outside the table.
pub fn copy(cell: Cell) -> Slot {
    with(|slots| slots[cell.0 as usize])
}

/// Gives a cell back, and returns a copy of it.
pub fn take(cell: Cell) -> Slot {
    with(|slots| {
        let slot = &mut slots[cell.0 as usize];
        slot.used = false;
        *slot
    })
}

/// A new cell of what is in two others.
pub fn joined(first: &Slot, second: &Slot) -> Cell {
    let mut text = [0; 2 * LONGEST];
    text[..first.length].copy_from_slice(&first.text[..first.length]);
    text[first.length..][..second.length].copy_from_slice(&second.text[..second.length]);
    // Of two texts, and so a text.
    new(core::str::from_utf8(&text[..first.length + second.length]).unwrap_or_default())
}

/// Gives a cell back.
pub fn drop(cell: Cell) {
    with(|slots| slots[cell.0 as usize].used = false);
}

/// How many cells there are.
pub fn open() -> usize {
    with(|slots| slots.iter().filter(|slot| slot.used).count())
}

/// The same for C, in the firmware's test.
#[unsafe(no_mangle)]
extern "C" fn roundtrip_cells_open() -> usize {
    open()
}
