//! Rust's allocator: an app's memory for its thread, the system's heap for others.

use crate::sys;
use core::alloc::{GlobalAlloc, Layout};

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: `src/region.c` serves each thread from a heap of Zephyr's, and frees to the heap the memory came from.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: any size and any power of two are good.
        unsafe { sys::zephyr_wasm_alloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        // SAFETY: the caller got it from `alloc`.
        unsafe { sys::zephyr_wasm_free(pointer) }
    }
}
