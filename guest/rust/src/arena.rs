//! The smallest allocator: what is freed is used again as soon as all is freed, or if it was allocated last.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ptr::null_mut;

/// An arena of `SIZE` bytes in the app's static memory. It takes a tenth of the code of [`crate::heap::StaticHeap`], and
/// suits apps that keep nothing allocated from one round of their loop to the next.
pub struct Arena<const SIZE: usize> {
    /// How many bytes are taken, and by how many allocations.
    used: UnsafeCell<(usize, usize)>,
    memory: UnsafeCell<MaybeUninit<[u8; SIZE]>>,
}

// SAFETY: an app has one thread.
unsafe impl<const SIZE: usize> Sync for Arena<SIZE> {}

impl<const SIZE: usize> Arena<SIZE> {
    /// An empty arena.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Arena { used: UnsafeCell::new((0, 0)), memory: UnsafeCell::new(MaybeUninit::uninit()) }
    }
}

// SAFETY: what is handed out lies within the memory, aligned, and is not handed out again before it is freed.
unsafe impl<const SIZE: usize> GlobalAlloc for Arena<SIZE> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: there is one thread, and the reference ends with this function.
        let (used, count) = unsafe { &mut *self.used.get() };
        let base = self.memory.get() as usize;
        let start = (base + *used).next_multiple_of(layout.align()) - base;
        match start.checked_add(layout.size()) {
            Some(end) if end <= SIZE => {
                (*used, *count) = (end, *count + 1);
                // SAFETY: within the memory.
                unsafe { self.memory.get().cast::<u8>().add(start) }
            }
            _ => null_mut(),
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        let (used, count) = unsafe { &mut *self.used.get() };
        let start = pointer as usize - self.memory.get() as usize;
        *count -= 1;
        if *count == 0 {
            *used = 0;
        } else if start + layout.size() == *used {
            *used = start;
        }
    }
}
