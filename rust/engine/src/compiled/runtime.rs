//! What the code of a compiled app calls beside the functions that it imports.

use super::abi::{Instance, Runtime};
use super::store::{Ask, Code};
use super::zephyr_wasm_compiled_leave;
use core::ffi::c_void;

/// The one there is.
pub static RUNTIME: Runtime = Runtime {
    trap: zephyr_wasm_compiled_leave as *const c_void,
    grow_memory: grow_memory as *const c_void,
    grow_table: grow_table as *const c_void,
};

/// # Safety
/// The instance's code calls this.
unsafe fn ask(instance: *mut Instance, what: Ask) -> bool {
    // SAFETY: the host of an instance is its store as long as its code runs, which begins with this, and who has borrowed it
    // waits until the code returns.
    unsafe {
        let host = (*instance).host;
        ((*host.cast::<Code>()).ask)(host, what)
    }
}

unsafe extern "C" fn grow_memory(instance: *mut Instance, size: u32) -> u32 {
    // SAFETY: as for `ask`; what is reserved behind the memory is the instance's.
    unsafe {
        let code = (*instance).host.cast::<Code>();
        let (declared, has_room) = ((*code).declared, size as usize <= (*code).reserved);
        let before = (*instance).memory_size;
        if size < before || !has_room || !ask(instance, Ask::Memory(size as usize, declared)) {
            return 0;
        }
        (*instance).memory.add(before as usize).write_bytes(0, (size - before) as usize);
        (*instance).memory_size = size;
    }
    1
}

unsafe extern "C" fn grow_table(instance: *mut Instance, _: u32, desired: u32) -> u32 {
    // SAFETY: the instance's code calls this.
    unsafe { ask(instance, Ask::Table(desired as usize)) }.into()
}
