//! An allocator over a static heap, for apps whose memory is smaller than a page.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ptr::{NonNull, null_mut};
use linked_list_allocator::Heap;

/// A heap of `SIZE` bytes in the app's static memory.
pub struct StaticHeap<const SIZE: usize> {
    heap: UnsafeCell<Option<Heap>>,
    memory: UnsafeCell<MaybeUninit<[u8; SIZE]>>,
}

// SAFETY: an app has one thread.
unsafe impl<const SIZE: usize> Sync for StaticHeap<SIZE> {}

impl<const SIZE: usize> StaticHeap<SIZE> {
    /// An empty heap.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        StaticHeap { heap: UnsafeCell::new(None), memory: UnsafeCell::new(MaybeUninit::uninit()) }
    }

    /// # Safety
    /// The result is not kept while another is made.
    #[allow(clippy::mut_from_ref)]
    unsafe fn heap(&self) -> &mut Heap {
        // SAFETY: there is one thread, and the caller keeps one reference at a time. The memory is this heap's only.
        unsafe { (*self.heap.get()).get_or_insert_with(|| Heap::new(self.memory.get().cast(), SIZE)) }
    }
}

// SAFETY: as `Heap` is a heap.
unsafe impl<const SIZE: usize> GlobalAlloc for StaticHeap<SIZE> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the reference ends in this line.
        unsafe { self.heap() }.allocate_first_fit(layout).map_or(null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc`, and so is not null; the reference ends in this line.
        unsafe { self.heap().deallocate(NonNull::new_unchecked(pointer), layout) }
    }
}
