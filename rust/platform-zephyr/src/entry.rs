//! What C calls of the runtime: to run an app, on its thread (`src/core/entry.c`, `src/user/thread.c`), to close what it
//! held, and to read its manifest.

use crate::added::host_apis;
use crate::autopsy::autopsy;
use crate::platform::Zephyr;
use crate::sys;
use alloc::string::String;
#[cfg(feature = "compiled")]
use core::ffi::c_void;
use core::ffi::{CStr, c_char};
use core::slice;
use zephyr_wasm_api::wasi::{PACKAGE, is_of};
use zephyr_wasm_manifest::{Manifest, can_be_granted, keys, matches};
use zephyr_wasm_runtime::call::{Caller, Calls, FLOATS, Floats};
use zephyr_wasm_runtime::{Code, Commands, End, Instance, Job, Message, run};

/// Runs a module to its end on the calling thread.
///
/// # Safety
/// The source has that many bytes, which stay as they are until the end, or until it is loaded in an image without
/// calls; it is validated only if the build has validated it; `call` is null, or its texts end with a zero and its result has the room that it says; `message` has room for
/// [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_run(
    source: &sys::Source,
    call: Option<&sys::Call>,
    limits: &sys::Limits,
    detail: &mut i32,
    message: *mut c_char,
) -> u8 {
    // SAFETY: as promised by the caller.
    let code = unsafe { code_of(source) };
    let limits = limits.limits();
    // SAFETY: as promised by the caller.
    let named = call.filter(|call| !call.function.is_null()).map(|call| unsafe {
        (text(call.function).unwrap_or_default(), text(call.arguments).unwrap_or_default())
    });
    let check = call.is_some() && named.is_none();
    let calls = calls();
    let mut text = Message::new();
    let mut result = String::new();
    let job = Job {
        code,
        limits: &limits,
        apis: &host_apis(),
        call: named,
        calls: calls.as_ref(),
        commands: commands(),
        autopsy: autopsy(),
        check,
    };
    let end = run(&job, Zephyr::default(), &mut result, &mut text);
    // SAFETY: as promised by the caller.
    unsafe {
        write(text.as_str(), message, sys::MESSAGE_SIZE);
        if let Some(call) = call {
            write(&result, call.result, call.result_size);
        }
    }
    let (number, value) = end.codes();
    *detail = value;
    number
}

/// That this library runs compiled apps: an image that has them does not link with one that would take their outside for a
/// module to translate.
#[cfg(feature = "compiled")]
#[unsafe(no_mangle)]
static zephyr_wasm_runs_compiled_apps: u8 = 1;

/// A module to run.
///
/// # Safety
/// The source has that many bytes, and is validated only if the build has validated it. Its entry is null, or that of what
/// the build has compiled it to.
pub(crate) unsafe fn code_of(source: &sys::Source) -> Code<'_> {
    // SAFETY: as promised by the caller.
    unsafe {
        let bytes = module(source.wasm, source.size);
        #[cfg(feature = "compiled")]
        if source.validated && !source.entry.is_null() {
            let entry =
                core::mem::transmute::<*const c_void, zephyr_wasm_runtime::engine::Entry>(source.entry);
            return Code::compiled(bytes, entry);
        }
        if source.validated { Code::validated(bytes) } else { Code::untrusted(bytes) }
    }
}

/// The bytes of a module, of which there are none before its file is read.
///
/// # Safety
/// `wasm` is null, or has `size` bytes.
pub(crate) unsafe fn module<'a>(wasm: *const u8, size: usize) -> &'a [u8] {
    // SAFETY: as promised by the caller.
    if wasm.is_null() { &[] } else { unsafe { slice::from_raw_parts(wasm, size) } }
}

/// Copies what a module's manifest grants of WASI first, of that kind, as far as there is room. Returns how long it is, or
/// -1 if it grants nothing.
///
/// # Safety
/// `wasm` is null or has `size` bytes, `kind` ends with a zero, and `text` has room for `text_size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_grant(
    wasm: *const u8,
    size: usize,
    kind: *const c_char,
    text: *mut c_char,
    text_size: usize,
) -> isize {
    // SAFETY: as promised by the caller.
    let (module, kind) = unsafe { (module(wasm, size), self::text(kind).unwrap_or_default()) };
    let manifest = Manifest::of(module);
    let Some(granted) = manifest.grants(PACKAGE, kind).next() else { return -1 };
    // SAFETY: as promised by the caller.
    unsafe { write(granted, text, text_size) };
    granted.len().cast_signed()
}

/// Reads what has to be known of an app's manifest before there is a thread; 0, and -1 for the priority, for what it
/// does not say.
///
/// # Safety
/// `wasm` has `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_manifest(wasm: *const u8, size: usize, out: &mut sys::Manifest) {
    // SAFETY: as promised by the caller.
    let manifest = Manifest::of(unsafe { module(wasm, size) });
    let [heap, stack, priority] = manifest.numbers(&[keys::HEAP.name, keys::STACK.name, keys::PRIORITY.name]);
    *out = sys::Manifest {
        heap: heap.unwrap_or(0),
        stack: stack.unwrap_or(0),
        priority: priority.and_then(|number| i32::try_from(number).ok()).unwrap_or(-1),
    };
}

/// Reads a number of an app's manifest.
///
/// # Safety
/// `wasm` has `size` bytes, and `key` ends with a zero.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_setting(
    wasm: *const u8,
    size: usize,
    key: *const c_char,
    otherwise: u32,
) -> u32 {
    // SAFETY: as promised by the caller.
    let manifest = Manifest::of(unsafe { module(wasm, size) });
    if manifest.text().is_none() {
        return otherwise;
    }
    // SAFETY: as promised by the caller.
    let key = unsafe { text(key).unwrap_or_default() };
    manifest.number(key).unwrap_or(otherwise)
}

/// Whether an app may import from a package, for the kernel, which does not take the app's word for it.
///
/// # Safety
/// `wasm` has `size` bytes; `package` ends with a zero.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_allows(
    wasm: *const u8,
    size: usize,
    package: *const c_char,
    restricted: bool,
) -> bool {
    // SAFETY: as promised by the caller.
    let (module, package) = unsafe { (module(wasm, size), text(package).unwrap_or_default()) };
    Manifest::of(module).allows(package, restricted)
}

/// Whether a manifest grants something, of a kind with its package; likewise.
///
/// # Safety
/// `wasm` has `size` bytes, `kind` ends with a zero, and `wanted` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_granted(
    wasm: *const u8,
    size: usize,
    kind: *const c_char,
    wanted: *const c_char,
    length: usize,
) -> bool {
    // SAFETY: as promised by the caller.
    let (module, kind, wanted) =
        unsafe { (module(wasm, size), text(kind).unwrap_or_default(), self::module(wanted.cast(), length)) };
    let Ok(wanted) = str::from_utf8(wanted) else { return false };
    let mut patterns = Manifest::of(module).values(kind);
    // As `Manifest::grants_to` has it.
    can_be_granted(wanted) && patterns.any(|pattern| matches(pattern, wanted))
}

/// Whether a path is of a directory that a manifest grants to a WASI program, as `kind`; likewise. `inside`: the directory
/// itself is not meant.
///
/// # Safety
/// `wasm` is null or has `size` bytes, `kind` ends with a zero, and `path` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_granted_path(
    wasm: *const u8,
    size: usize,
    kind: *const c_char,
    path: *const c_char,
    length: usize,
    inside: bool,
) -> bool {
    // SAFETY: as promised by the caller.
    let (module, kind, path) =
        unsafe { (module(wasm, size), text(kind).unwrap_or_default(), self::module(path.cast(), length)) };
    let Ok(path) = str::from_utf8(path) else { return false };
    Manifest::of(module).grants(PACKAGE, kind).any(|given| is_of(given, path, inside))
}

/// The same of one directory, which somebody gave to a program as it was started.
///
/// # Safety
/// `given` ends with a zero, and `path` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_given_path(
    given: *const c_char,
    path: *const c_char,
    length: usize,
    inside: bool,
) -> bool {
    // SAFETY: as promised by the caller.
    let (given, path) = unsafe { (text(given).unwrap_or_default(), module(path.cast(), length)) };
    str::from_utf8(path).is_ok_and(|path| is_of(given, path, inside))
}

/// Whether a text matches a pattern, for the host APIs in C.
///
/// # Safety
/// `pattern` ends with a zero, and `text` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_matches(
    pattern: *const c_char,
    wanted: *const c_char,
    length: usize,
) -> bool {
    // SAFETY: as promised by the caller.
    let (pattern, wanted) = unsafe { (text(pattern), slice::from_raw_parts(wanted.cast(), length)) };
    let wanted = str::from_utf8(wanted).unwrap_or_default();
    pattern.is_some_and(|pattern| matches(pattern, wanted))
}

/// A text of C's, if there is one and it is UTF-8.
///
/// # Safety
/// `text` is null, or ends with a zero.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Option<&'a str> {
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
unsafe extern "C" fn zephyr_wasm_rs_close(host: *mut Instance<Zephyr>) {
    // SAFETY: as promised by the caller.
    host_apis().close(unsafe { &mut *host }.store.data_mut());
}

/// Writes an end that was not the runtime's to tell, in words.
///
/// # Safety
/// `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_describe(end: u8, message: *mut c_char) {
    let ends = [End::OutOfMemory, End::Killed, End::Panicked, End::Faulted, End::Unresponsive];
    let mut text = Message::new();
    if let Some(end) = ends.iter().find(|known| known.codes().0 == end) {
        end.describe(&mut text);
    }
    // SAFETY: as promised by the caller.
    unsafe { write(text.as_str(), message, sys::MESSAGE_SIZE) };
}

/// Writes what fits of a text, and the zero that ends it.
///
/// # Safety
/// `to` has room for `room` bytes.
pub(crate) unsafe fn write(text: &str, to: *mut c_char, room: usize) {
    let Some(most) = room.checked_sub(1) else { return };
    let (bytes, to) = (&text.as_bytes()[..text.len().min(most)], to.cast::<u8>());
    // SAFETY: as promised by the caller.
    unsafe {
        to.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        *to.add(bytes.len()) = 0;
    }
}

/// What runs programs, where C puts it into the image.
fn commands() -> Option<&'static Commands<Zephyr>> {
    // SAFETY: it is null, or the address of a static of that type.
    unsafe { sys::zephyr_wasm_commands_of_image.cast::<Commands<Zephyr>>().as_ref() }
}

/// Calls by name, where C puts them into the image.
fn calls() -> Option<Calls<'static, Zephyr>> {
    /// For C to name.
    #[unsafe(no_mangle)]
    static zephyr_wasm_caller: Caller<Zephyr> = Caller::new();
    /// For C to name.
    #[unsafe(no_mangle)]
    static zephyr_wasm_floats: &Floats = &FLOATS;

    // SAFETY: each is null, or the address of the static above.
    unsafe {
        let caller = sys::zephyr_wasm_caller_of_image.cast::<Caller<Zephyr>>().as_ref()?;
        let floats = sys::zephyr_wasm_floats_of_image.cast::<&Floats>().as_ref();
        Some(Calls { caller, floats: floats.copied() })
    }
}
