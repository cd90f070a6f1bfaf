//! Rust's allocator: an app's memory for its thread, the system's heap for others.

use crate::sys;
use core::alloc::{GlobalAlloc, Layout};
#[cfg(feature = "validate")]
use core::ptr;

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: `src/core/region.c` serves each thread from a heap of Zephyr's, and frees to the heap the memory came from.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        sys::zephyr_wasm_alloc(layout.size(), layout.align()).cast()
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        // SAFETY: the caller got it from `alloc`.
        unsafe { sys::zephyr_wasm_free(pointer.cast()) }
    }

    // What the engine asks for as a linear memory grows is twice what that has. It is told that it has it, and uses no
    // more than `Platform::linear_memory` allows before: see `src/core/linear.h`. Where flash is short, it moves as all else.
    #[cfg(feature = "validate")]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: looks at the address only; what else is done is as promised by the caller, and what the default does,
        // but that no more is read than there is.
        unsafe {
            if sys::zephyr_wasm_memory_stays(pointer.cast(), size) {
                return pointer;
            }
            let there = sys::zephyr_wasm_memory_has(pointer.cast(), layout.size());
            let moved = sys::zephyr_wasm_alloc(size, layout.align()).cast::<u8>();
            if !moved.is_null() {
                ptr::copy_nonoverlapping(pointer, moved, there.min(size));
                sys::zephyr_wasm_free(pointer.cast());
            }
            moved
        }
    }
}
