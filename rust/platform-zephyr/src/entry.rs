//! What `src/app.c` calls on an app's thread.

use crate::platform::Zephyr;
use crate::sys;
use core::slice;
use zephyr_wasm_runtime::{Code, End, Limits, Message, run};

/// Runs a module to its end on the calling thread.
///
/// # Safety
/// `wasm` has `size` bytes that stay as they are; `validated` is true only for what the build has validated;
/// `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_run(
    wasm: *const u8,
    size: usize,
    validated: bool,
    limits: &sys::Limits,
    detail: &mut i32,
    message: *mut u8,
) -> u8 {
    // SAFETY: as promised by the caller.
    let code = unsafe {
        let bytes = slice::from_raw_parts(wasm, size);
        if validated { Code::validated(bytes) } else { Code::untrusted(bytes) }
    };
    let limits = Limits {
        value_stack: limits.value_stack as usize,
        call_depth: limits.call_depth as usize,
        handles: limits.handles as usize,
        fuel: (limits.fuel != 0).then_some(limits.fuel.into()),
        ..Limits::default()
    };
    let mut text = Message::new();
    let end = run(code, &limits, &zephyr_wasm_api::host_apis(), Zephyr, &mut text);
    // SAFETY: as promised by the caller.
    unsafe { write(&text, message) };
    let (number, value) = end.codes();
    *detail = value;
    number
}

/// Writes an end that was not the runtime's to tell, in words.
///
/// # Safety
/// `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_describe(end: u8, message: *mut u8) {
    let ends = [End::OutOfMemory, End::Killed, End::Panicked, End::Faulted];
    let mut text = Message::new();
    if let Some(end) = ends.iter().find(|known| known.codes().0 == end) {
        end.describe(&mut text);
    }
    // SAFETY: as promised by the caller.
    unsafe { write(&text, message) };
}

/// Writes a message and the zero that ends it.
unsafe fn write(text: &Message, message: *mut u8) {
    let bytes = text.as_str().as_bytes();
    // SAFETY: the caller has room for the longest message and a zero.
    unsafe {
        message.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        *message.add(bytes.len()) = 0;
    }
}
