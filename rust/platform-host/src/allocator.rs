//! The allocator of a program that starts apps.

use crate::current;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::NonNull;

/// Takes from a region, or gives back to it.
#[cfg(not(fuzzing))]
fn in_region<R>(code: impl FnOnce() -> R) -> R {
    code()
}

/// The same under a fuzzer, where it is the system's: a kill waits, which would leave the system's locks behind.
#[cfg(fuzzing)]
fn in_region<R>(code: impl FnOnce() -> R) -> R {
    current::outside_or_ending(code)
}

/// Serves the thread of an app from its region, and everybody else from the system.
pub struct RegionAllocator;

// SAFETY: both heaps follow the contract, and what came from a region goes back to it, by its address.
unsafe impl GlobalAlloc for RegionAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match current::region() {
            Some(region) => {
                // SAFETY: only this thread uses the region, and the borrow ends here.
                let pointer = in_region(|| unsafe { (*region).allocate(layout) });
                let may_fail = current::take_may_fail();
                if pointer.is_null() && !may_fail {
                    current::end_out_of_memory(layout.size());
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
                if (*region).contains(pointer) {
                    let pointer = NonNull::new_unchecked(pointer);
                    return in_region(|| (*region).deallocate(pointer, layout));
                }
            }
        }
        // SAFETY: as promised by the caller; the memory is not of a region.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: only this thread uses the region.
        if current::region().is_some_and(|region| unsafe { (*region).stays(pointer, size) }) {
            return pointer;
        }
        // SAFETY: only this thread uses the region; as promised by the caller, and what the default does, but that no
        // more is read than there is.
        unsafe {
            let there = current::region_of_thread()
                .map_or(layout.size(), |region| (*region).has(pointer, layout.size()));
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(pointer, there.min(size));
                self.dealloc(pointer, layout);
            }
            moved
        }
    }
}
