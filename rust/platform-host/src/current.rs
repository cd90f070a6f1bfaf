//! What the calling thread is: of which app, and whether in its code or in the host's.

use crate::exit::exit_thread;
use crate::platform::{Added, HostPlatform};
use crate::region::Region;
use crate::shared::Shared;
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{Ordering, compiler_fence};
use zephyr_wasm_runtime::{End, Instance, Message, Remains};

struct Current {
    shared: Cell<*const Shared>,
    region: Cell<*mut Region>,
    /// In the host's own code, whose memory is the system's and which a kill must not cut.
    outside: Cell<bool>,
    may_fail: Cell<bool>,
    /// For how many reasons a kill has to wait.
    held: Cell<u32>,
    /// The app ends. Nothing ends it once more, as what closes what it holds may hold a kill off, too.
    ending: Cell<bool>,
    /// The running app, which may hold resources.
    app: Cell<*mut Instance<HostPlatform>>,
    added: Cell<Added>,
    close: Cell<Close>,
}

/// Closes what an app has when it is cut off: what it holds by its handles, if it ran, and the rest. It is passed, as who
/// closes things uses this file.
pub type Close = fn(&Shared, Option<&mut Instance<HostPlatform>>, Added);

thread_local! {
    static CURRENT: Current = const {
        Current {
            shared: Cell::new(ptr::null()),
            region: Cell::new(ptr::null_mut()),
            outside: Cell::new(true),
            may_fail: Cell::new(false),
            held: Cell::new(0),
            ending: Cell::new(false),
            app: Cell::new(ptr::null_mut()),
            added: Cell::new(&[]),
            close: Cell::new(|_, _, _| ()),
        }
    };
}

/// Keeps what is written before it before what comes after: the kill signal looks between any two instructions.
fn fence() {
    compiler_fence(Ordering::SeqCst);
}

/// Makes the calling thread an app's, in the host's code for now.
pub fn enter(shared: *const Shared, region: *mut Region, added: Added, close: Close) {
    CURRENT.with(|current| {
        current.added.set(added);
        current.close.set(close);
        current.outside.set(true);
        current.shared.set(shared);
        current.region.set(region);
    });
}

/// Makes it nobody's again.
pub fn leave() {
    CURRENT.with(|current| {
        current.outside.set(true);
        current.shared.set(ptr::null());
        current.region.set(ptr::null_mut());
    });
}

/// The region to allocate from, if the thread is in an app's code.
pub fn region() -> Option<*mut Region> {
    CURRENT.try_with(|current| (!current.outside.get()).then(|| current.region.get())).ok().flatten()
}

/// The region of the thread's app, wherever the thread is.
pub fn region_of_thread() -> Option<*mut Region> {
    let region = CURRENT.try_with(|current| current.region.get()).ok()?;
    (!region.is_null()).then_some(region)
}

/// The linear memory of the thread's app is to have `bytes`, of `most` that it can have. False if it cannot.
pub fn linear_memory(bytes: usize, most: usize) -> bool {
    let Some(region) = region_of_thread() else { return true };
    // SAFETY: only this thread uses the region, and the borrow ends here.
    let next = unsafe { (*region).linear_memory(bytes, most) };
    CURRENT.with(|current| current.may_fail.set(next == Some(true)));
    next.is_some()
}

/// How many bytes there are for a linear memory that never moves, as [`Region::room`] says.
pub fn room(head: usize, least: usize, most: usize) -> usize {
    // SAFETY: only this thread uses the region, and the borrow ends here.
    region_of_thread().map_or(most, |region| unsafe { (*region).room(head, least, most) })
}

/// The linear memory of the thread's app, which never moves, is to have `bytes`.
pub fn linear_memory_stays(bytes: usize) {
    if let Some(region) = region_of_thread() {
        // SAFETY: only this thread uses the region, and the borrow ends here.
        unsafe { (*region).linear_memory_stays(bytes) };
    }
}

pub fn set_may_fail() {
    CURRENT.with(|current| current.may_fail.set(true));
}

pub fn take_may_fail() -> bool {
    CURRENT.with(|current| current.may_fail.replace(false))
}

/// Ends the app of the calling thread, and the thread with it: so many bytes more do not fit its region.
pub fn end_out_of_memory(more: usize) -> ! {
    // SAFETY: only this thread uses the region, and the borrow ends here.
    let size = region_of_thread().map_or(0, |region| unsafe { (*region).size() });
    end_thread(End::OutOfMemory, &|message| {
        // As on boards (`src/core/app.c`).
        message.text(": ").number(more as u64).text(" bytes more do not fit its ").number(size as u64);
        message.text(" (heap, CONFIG_WASM_APP_HEAP_SIZE)");
    })
}

/// The app runs, or does not any more if this is null.
pub fn set_app(app: *mut Instance<HostPlatform>) {
    fence();
    CURRENT.with(|current| current.app.set(app));
}

/// Has a kill wait.
pub fn hold() {
    CURRENT.with(|current| current.held.set(current.held.get() + 1));
    fence();
}

/// Whether a kill waits.
pub fn is_held() -> bool {
    CURRENT.with(|current| current.held.get() > 0)
}

/// Ends what [`hold`] began.
pub fn release() {
    fence();
    let left = CURRENT.with(|current| {
        current.held.set(current.held.get().saturating_sub(1));
        current.held.get()
    });
    if left == 0 {
        end_if_killed();
    }
}

fn end_thread(end: End, why: &dyn Fn(&mut Message)) -> ! {
    let shared = CURRENT.with(|current| {
        current.ending.set(true);
        current.outside.set(true);
        current.shared.get()
    });
    fence();
    let app = CURRENT.with(|current| current.app.replace(ptr::null_mut()));
    let (added, close) = CURRENT.with(|current| (current.added.get(), current.close.get()));
    // SAFETY: the app's code is left for good, so that nobody else uses what its thread has on its stack.
    let mut app = unsafe { app.as_mut() };
    // SAFETY: `enter` set it, and the app's owner keeps it until this thread is gone.
    let shared = unsafe { &*shared };
    let mut message = Message::new();
    end.describe(&mut message);
    why(&mut message);
    if let Some(app) = &mut app {
        let remains = Remains::of(app);
        remains.describe(&mut message);
        shared.keep(&remains);
    }
    close(shared, app, added);
    shared.set_end_with(end, message.as_str());
    exit_thread()
}

/// Called by the kill signal on the app's thread.
pub fn killed_by_signal() {
    let in_app = CURRENT.try_with(|current| {
        let waits = current.outside.get() || current.held.get() > 0 || current.ending.get();
        !waits && !current.shared.get().is_null()
    });
    if in_app == Ok(true) {
        end_thread(End::Killed, &|_| ());
    }
}

/// Runs `code` as the app's: with its memory, and open to a kill.
pub fn inside<R>(code: impl FnOnce() -> R) -> R {
    set_outside(false);
    end_if_killed();
    let result = code();
    set_outside(true);
    result
}

/// Runs a host call: with the system's memory, and safe from a kill until it is done.
pub fn outside<R>(code: impl FnOnce(&Shared) -> R) -> R {
    let shared = CURRENT.with(|current| current.shared.get());
    // SAFETY: `enter` set it, and the app's owner keeps it until this thread is gone.
    outside_or_ending(|| code(unsafe { &*shared }))
}

/// Runs what closes something, during the app's life or at its end.
pub fn outside_or_ending<R>(code: impl FnOnce() -> R) -> R {
    let before = set_outside(true);
    let result = code();
    set_outside(before);
    // Where a kill has to wait, `release` looks again.
    if !before && CURRENT.with(|current| current.held.get()) == 0 {
        end_if_killed();
    }
    result
}

fn set_outside(outside: bool) -> bool {
    fence();
    let before = CURRENT.with(|current| current.outside.replace(outside));
    fence();
    before
}

fn end_if_killed() {
    let (shared, ending) = CURRENT.with(|current| (current.shared.get(), current.ending.get()));
    // SAFETY: as in `outside`.
    if !ending && unsafe { (*shared).killed.load(Ordering::SeqCst) } {
        end_thread(End::Killed, &|_| ());
    }
}
