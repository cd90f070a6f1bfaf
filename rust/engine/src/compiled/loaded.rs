//! Code of compiled apps that is loaded at run time. What enters and leaves it (`src/compiled/enter.c`) comes with it, and is
//! called by pointers.

use super::abi::Instance;
use core::ffi::c_void;
use core::mem::transmute;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

// A panic of a host call goes through it, up to who runs the app.
type Enter =
    unsafe extern "C-unwind" fn(*const c_void, *mut Instance, u32, u32, *mut c_void, *mut u32) -> u32;
type Leave = unsafe extern "C" fn(*mut Instance, u32, u32) -> !;

static ENTER: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static LEAVE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// Sets what enters and leaves the code of all apps. If each app comes with a copy of both, any of them will do, as all that
/// they keep is in the app's instance and on its stack.
///
/// # Safety
/// These are `zephyr_wasm_compiled_enter` and `zephyr_wasm_compiled_leave` of `src/compiled/enter.c`, and stay as long as the
/// program runs.
pub unsafe fn set(enter: *const c_void, leave: *const c_void) {
    ENTER.store(enter.cast_mut(), Ordering::Release);
    LEAVE.store(leave.cast_mut(), Ordering::Release);
}

/// The function of this name in C.
///
/// # Safety
/// As it says there, and [`set`] has been called.
pub unsafe fn zephyr_wasm_compiled_enter(
    entry: *const c_void,
    instance: *mut Instance,
    operation: u32,
    number: u32,
    argument: *mut c_void,
    place: &mut u32,
) -> u32 {
    let enter = ENTER.load(Ordering::Acquire);
    assert!(!enter.is_null(), "nobody has said what enters the code of apps");
    // SAFETY: as promised to `set` and by the caller.
    unsafe { transmute::<*mut c_void, Enter>(enter)(entry, instance, operation, number, argument, place) }
}

/// The function of this name in C.
///
/// # Safety
/// As it says there: the app has been entered.
pub unsafe extern "C" fn zephyr_wasm_compiled_leave(instance: *mut Instance, number: u32, place: u32) -> ! {
    let leave = LEAVE.load(Ordering::Acquire);
    // SAFETY: as promised to `set`, which has been called, as the app has been entered. Nothing here has a destructor.
    unsafe { transmute::<*mut c_void, Leave>(leave)(instance, number, place) }
}
