//! The platform of one app under Zephyr. What it has is in C, outside the app's memory.

use crate::sys;
use alloc::boxed::Box;
use core::any::Any;
use core::mem::ManuallyDrop;
use zephyr_wasm_runtime::{Instance, Platform, Remains};

/// The platform of the calling thread's app.
#[derive(Default)]
pub struct Zephyr {
    /// The app as a WASI program, in its own memory, which goes as a whole.
    pub(crate) program: ManuallyDrop<Option<Box<dyn Any>>>,
}

impl Platform for Zephyr {
    // Those of boards are in static memory. Those of native_sim, which has 64 bits, are of the process's threads.
    const STACKS_STAY: bool = cfg!(target_pointer_width = "32");

    fn next_allocation_may_fail(&self) {
        sys::zephyr_wasm_next_allocation_may_fail()
    }

    fn loaded() {
        sys::zephyr_wasm_loaded()
    }

    fn linear_memory(&self, bytes: usize, most: usize) -> bool {
        sys::zephyr_wasm_memory_is(bytes, most)
    }

    #[cfg(feature = "compiled")]
    fn room(&self, head: usize, least: usize, most: usize) -> usize {
        sys::zephyr_wasm_compiled_room(head, least, most)
    }

    #[cfg(feature = "compiled")]
    fn linear_memory_stays(&self, bytes: usize) {
        sys::zephyr_wasm_compiled_memory_is(bytes)
    }

    fn started(&self, app: *mut Instance<Self>) {
        // SAFETY: the app stays where it is until `stopped`, or until the thread is aborted and this is given to
        // `zephyr_wasm_rs_close`.
        unsafe { sys::zephyr_wasm_started(app.cast()) }
    }

    fn stopped(&self) {
        sys::zephyr_wasm_stopped()
    }

    fn remains(&self, remains: &Remains<'_>) {
        crate::remains::tell(remains);
    }

    fn hold(&self) {
        sys::zephyr_wasm_host_begin()
    }

    fn is_held(&self) -> bool {
        sys::zephyr_wasm_is_in_call()
    }

    fn release(&self) {
        sys::zephyr_wasm_host_end()
    }

    fn begin_call(&self) {
        // SAFETY: takes nothing; the thread is an app's.
        unsafe { sys::zephyr_wasm_call_begin() }
    }

    fn end_call(&self) {
        // SAFETY: takes nothing; the thread is an app's.
        unsafe { sys::zephyr_wasm_call_end() }
    }

    #[cfg(feature = "cooperative")]
    fn suspends(&self) -> bool {
        sys::zephyr_wasm_suspends()
    }

    #[cfg(feature = "slices")]
    fn slice_ended(&self) {
        sys::zephyr_wasm_slice_ended()
    }
}
