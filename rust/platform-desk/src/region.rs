//! Memory of an app: everything its life allocates comes out of one region.

use crate::current;
use linked_list_allocator::Heap;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::NonNull;

/// The region of one app.
pub(crate) struct Region {
    heap: Heap,
    start: usize,
    size: usize,
    used_most: usize,
}

impl Region {
    /// A region of `size` bytes.
    pub fn new(size: usize) -> Self {
        let memory: &'static mut [u8] = Box::leak(vec![0; size].into_boxed_slice());
        let start = memory.as_mut_ptr();
        let mut heap = Heap::empty();
        // SAFETY: the memory is unused, lives until `Drop`, and is given to this heap only.
        unsafe { heap.init(start, size) };
        Region { heap, start: start as usize, size, used_most: 0 }
    }

    /// The most bytes that were in use at once.
    pub fn used_most(&self) -> usize {
        self.used_most
    }

    fn contains(&self, pointer: *mut u8) -> bool {
        (pointer as usize).wrapping_sub(self.start) < self.size
    }

    fn allocate(&mut self, layout: Layout) -> *mut u8 {
        match self.heap.allocate_first_fit(layout) {
            Ok(pointer) => {
                self.used_most = self.used_most.max(self.heap.used());
                pointer.as_ptr()
            }
            Err(()) => std::ptr::null_mut(),
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: `new` leaked exactly this slice, and the app that used it has ended.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(self.start as *mut u8, self.size)) });
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
                if (*region).contains(pointer) {
                    return (*region).heap.deallocate(NonNull::new_unchecked(pointer), layout);
                }
            }
        }
        // SAFETY: as promised by the caller; the memory is not of a region.
        unsafe { System.dealloc(pointer, layout) }
    }
}
