//! Tells C what is left of an app that ended badly, where the image wants to know (`CONFIG_WASM_TRACE`).

use crate::in_c::in_c;
use zephyr_wasm_runtime::Remains;

in_c! {
    /// What is left of the calling thread's app, which ended by its own fault.
    #[grants(none)]
    unsafe fn zephyr_wasm_remains(place: u32, memory: *const u8, size: usize);
}

/// Tells C, which knows what to do with it.
pub fn tell(remains: &Remains<'_>) {
    // SAFETY: the memory is good for its size, and not kept.
    unsafe { zephyr_wasm_remains(remains.place, remains.memory.as_ptr(), remains.memory.len()) }
}
