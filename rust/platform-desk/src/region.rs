//! Memory of an app: everything its life allocates comes out of one region.

use crate::current;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::NonNull;

#[cfg(not(fuzzing))]
use whole::Memory;

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

/// One piece of memory with a heap in it.
#[cfg(not(fuzzing))]
mod whole {
    use linked_list_allocator::Heap;
    use std::alloc::Layout;
    use std::ptr::{self, NonNull};

    pub struct Memory {
        heap: Heap,
        start: usize,
        size: usize,
    }

    impl Memory {
        pub fn new(size: usize) -> Self {
            let memory: &'static mut [u8] = Box::leak(vec![0; size].into_boxed_slice());
            let start = memory.as_mut_ptr();
            let mut heap = Heap::empty();
            // SAFETY: the memory is unused, lives until `Drop`, and is given to this heap only.
            unsafe { heap.init(start, size) };
            Memory { heap, start: start as usize, size }
        }

        pub fn used(&self) -> usize {
            self.heap.used()
        }

        pub fn contains(&self, pointer: *mut u8) -> bool {
            (pointer as usize).wrapping_sub(self.start) < self.size
        }

        pub fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
            self.heap.allocate_first_fit(layout).ok()
        }

        /// # Safety
        /// The memory is of this heap, with that layout, and nobody uses it any more.
        pub unsafe fn deallocate(&mut self, pointer: NonNull<u8>, layout: Layout) {
            // SAFETY: as promised by the caller.
            unsafe { self.heap.deallocate(pointer, layout) }
        }
    }

    impl Drop for Memory {
        fn drop(&mut self) {
            // SAFETY: `new` leaked exactly this slice, and the app that used it has ended.
            drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(self.start as *mut u8, self.size)) });
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
}
