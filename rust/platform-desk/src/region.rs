//! Memory of an app: everything its life allocates comes out of one region.

use crate::current;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::NonNull;

#[cfg(not(fuzzing))]
use crate::whole::Memory;

#[cfg(fuzzing)]
use crate::pieces::Memory;

/// The region of one app.
pub(crate) struct Region {
    memory: Memory,
    used_most: usize,
}

impl Region {
    /// A region of `size` bytes.
    pub fn new(size: usize) -> Self {
        Region { memory: Memory::new(size), used_most: 0 }
    }

    /// The most bytes that were in use at once.
    pub fn used_most(&self) -> usize {
        self.used_most
    }

    /// The linear memory is to have `bytes`, of `most` that it can have. None if it cannot; else whether the next
    /// allocation is for it.
    pub fn linear_memory(&mut self, bytes: usize, most: usize) -> Option<bool> {
        let next = self.memory.linear_memory(bytes, most);
        self.used_most = self.used_most.max(self.memory.used());
        next
    }

    fn allocate(&mut self, layout: Layout) -> *mut u8 {
        match self.memory.allocate(layout) {
            Some(pointer) => {
                self.used_most = self.used_most.max(self.memory.used());
                pointer.as_ptr()
            }
            None => std::ptr::null_mut(),
        }
    }
}

/// Serves the thread of an app from its region, and everybody else from the system.
pub struct RegionAllocator;

// SAFETY: both heaps follow the contract, and what came from a region goes back to it, by its address.
unsafe impl GlobalAlloc for RegionAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match current::region() {
            Some(region) => {
                // SAFETY: only this thread uses the region, and the borrow ends here.
                let pointer = unsafe { (*region).allocate(layout) };
                let may_fail = current::take_may_fail();
                if pointer.is_null() && !may_fail {
                    current::end_out_of_memory();
                }
                pointer
            }
            // SAFETY: as promised by the caller.
            None => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if let Some(region) = current::region_of_thread() {
            // SAFETY: only this thread uses the region; the address says that the memory is from there.
            unsafe {
                if (*region).memory.contains(pointer) {
                    return (*region).memory.deallocate(NonNull::new_unchecked(pointer), layout);
                }
            }
        }
        // SAFETY: as promised by the caller; the memory is not of a region.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: only this thread uses the region.
        if current::region().is_some_and(|region| unsafe { (*region).memory.stays(pointer, size) }) {
            return pointer;
        }
        // SAFETY: only this thread uses the region; as promised by the caller, and what the default does, but that no
        // more is read than there is.
        unsafe {
            let there = current::region_of_thread()
                .map_or(layout.size(), |region| (*region).memory.has(pointer, layout.size()));
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(pointer, there.min(size));
                self.dealloc(pointer, layout);
            }
            moved
        }
    }
}
