//! The platform of one app under Zephyr. What it has is in C, outside the app's memory.

use crate::sys;
use zephyr_wasm_runtime::Platform;

/// The platform of the calling thread's app.
pub struct Zephyr;

impl Platform for Zephyr {
    fn next_allocation_may_fail(&self) {
        // SAFETY: takes nothing.
        unsafe { sys::zephyr_wasm_next_allocation_may_fail() }
    }

    fn started(&self, linear_memory: usize) {
        // SAFETY: any size is good.
        unsafe { sys::zephyr_wasm_started(linear_memory) }
    }

    #[cfg(feature = "slices")]
    fn slice_ended(&self) {
        // SAFETY: takes nothing.
        unsafe { sys::zephyr_wasm_slice_ended() }
    }
}
