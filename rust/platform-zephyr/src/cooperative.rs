//! What `src/core/cooperative.c` calls on the thread that apps share.

use crate::added::host_apis;
use crate::autopsy::autopsy;
use crate::entry::{code_of, write};
use crate::platform::Zephyr;
use crate::sys;
use alloc::boxed::Box;
use core::ffi::c_char;
use core::ptr;
use zephyr_wasm_runtime::cooperative::Member;
use zephyr_wasm_runtime::{End, Job, Message};

/// Loads and links an app: null, and the end, if it is refused.
///
/// # Safety
/// As of `zephyr_wasm_rs_run`; what is returned is in the memory of the calling thread's app, and goes with it.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_enter(
    source: &sys::Source,
    limits: &sys::Limits,
    end: &mut u8,
    detail: &mut i32,
    message: *mut c_char,
) -> *mut Member<Zephyr> {
    let limits = limits.limits();
    let job = Job {
        // SAFETY: as promised by the caller.
        code: unsafe { code_of(source) },
        limits: &limits,
        apis: &host_apis(),
        call: None,
        calls: None,
        commands: None,
        autopsy: None,
        check: false,
    };
    let mut text = Message::new();
    match Member::new(&job, Zephyr::default(), &mut text) {
        Ok(member) => Box::into_raw(member),
        Err(refused) => {
            // SAFETY: as promised by the caller.
            unsafe { tell(refused, &text, end, detail, message) };
            ptr::null_mut()
        }
    }
}

/// Runs an app until it waits, or to its end: whether that is it.
///
/// # Safety
/// `member` is of `zephyr_wasm_rs_enter`, and of the calling thread's app; `message` has room for
/// [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_step(
    member: &mut Member<Zephyr>,
    end: &mut u8,
    detail: &mut i32,
    message: *mut c_char,
) -> bool {
    let mut text = Message::new();
    let Some(ended) = member.step(&host_apis(), autopsy(), &mut text) else { return false };
    // SAFETY: as promised by the caller.
    unsafe { tell(ended, &text, end, detail, message) };
    true
}

/// # Safety
/// `message` has room for [`sys::MESSAGE_SIZE`] bytes.
unsafe fn tell(ended: End, text: &Message, end: &mut u8, detail: &mut i32, message: *mut c_char) {
    // SAFETY: as promised by the caller.
    unsafe { write(text.as_str(), message, sys::MESSAGE_SIZE) };
    (*end, *detail) = ended.codes();
}
