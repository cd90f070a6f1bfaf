//! What `src/app.c` calls on an app's thread.

use crate::added::host_apis;
use crate::platform::Zephyr;
use crate::sys;
use core::ffi::{CStr, c_char};
use core::slice;
use zephyr_wasm_runtime::{App, Code, End, Job, Limits, Manifest, Message, run};

/// Runs a module to its end on the calling thread.
///
/// # Safety
/// `wasm` has `size` bytes that stay as they are; `validated` is true only for what the build has validated;
/// `function` and `arguments` are null or text that ends with a zero; `message` has room for [`sys::MESSAGE_SIZE`]
/// bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_run(
    wasm: *const u8,
    size: usize,
    validated: bool,
    function: *const c_char,
    arguments: *const c_char,
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
        heap: limits.heap,
        stack: limits.stack,
        value_stack: limits.value_stack as usize,
        call_depth: limits.call_depth as usize,
        handles: limits.handles as usize,
        fuel: (limits.fuel != 0).then_some(limits.fuel.into()),
        ..Limits::default()
    };
    // SAFETY: as promised by the caller.
    let call = unsafe { text(function).map(|function| (function, text(arguments).unwrap_or_default())) };
    let mut text = Message::new();
    let job = Job { code, limits: &limits, apis: &host_apis(), call };
    let end = run(&job, Zephyr, &mut text);
    // SAFETY: as promised by the caller.
    unsafe { write(&text, message) };
    let (number, value) = end.codes();
    *detail = value;
    number
}

/// Reads what has to be known of an app's manifest before there is a thread; 0, and -1 for the priority, for what it
/// does not say.
///
/// # Safety
/// `wasm` has `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_manifest(wasm: *const u8, size: usize, out: &mut sys::Manifest) {
    // SAFETY: as promised by the caller.
    let module = unsafe { slice::from_raw_parts(wasm, size) };
    let manifest = Manifest::of(module);
    *out = sys::Manifest {
        heap: manifest.number("heap").unwrap_or(0),
        stack: manifest.number("stack").unwrap_or(0),
        priority: manifest.number("priority").and_then(|number| i32::try_from(number).ok()).unwrap_or(-1),
    };
}

/// Whether a text matches a pattern, for the host APIs in C.
///
/// # Safety
/// `pattern` ends with a zero, and `text` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_matches(
    pattern: *const c_char,
    wanted: *const u8,
    length: usize,
) -> bool {
    // SAFETY: as promised by the caller.
    let (pattern, wanted) = unsafe { (text(pattern), slice::from_raw_parts(wanted, length)) };
    let wanted = str::from_utf8(wanted).unwrap_or_default();
    pattern.is_some_and(|pattern| zephyr_wasm_runtime::manifest::matches(pattern, wanted))
}

/// A text of C's, if there is one and it is UTF-8.
///
/// # Safety
/// `text` is null, or ends with a zero.
unsafe fn text<'a>(text: *const c_char) -> Option<&'a str> {
    if text.is_null() {
        return None;
    }
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(text) }.to_str().ok()
}

/// Closes what an app holds whose thread was aborted.
///
/// # Safety
/// `host` is what the platform was given as the app started, and nobody else uses it.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_close(host: *mut App<Zephyr>) {
    // SAFETY: as promised by the caller.
    host_apis().close(unsafe { &mut *host });
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
