//! Threads that can end at any instruction, as a Zephyr thread can be aborted.
//!
//! A thread of the standard library can only end by returning: its join handle needs what the thread leaves. These
//! end by the kernel's `exit`, which runs no destructor, and are joined all the same.

use crate::current::killed_by_signal;
use std::ffi::c_void;
use std::io::{Error, Result};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::Once;

const KILL_SIGNAL: i32 = libc::SIGUSR2;

/// A running thread.
pub struct Thread(libc::pthread_t);

type Main = Box<dyn FnOnce() + Send>;

extern "C" fn entry(main: *mut c_void) -> *mut c_void {
    // SAFETY: `spawn` made it with `Box::into_raw`, and gave it to this thread only.
    let main: Box<Main> = unsafe { Box::from_raw(main.cast()) };
    main();
    ptr::null_mut()
}

extern "C" fn on_kill(_: i32) {
    killed_by_signal();
}

fn install_handler() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the handler only reads thread-local cells and ends the thread.
        unsafe {
            let mut action: libc::sigaction = MaybeUninit::zeroed().assume_init();
            action.sa_sigaction = on_kill as *const () as usize;
            action.sa_flags = libc::SA_RESTART;
            libc::sigaction(KILL_SIGNAL, &action, ptr::null_mut());
        }
    });
}

/// Starts a thread with a stack of `stack` bytes.
pub fn spawn(stack: usize, main: Main) -> Result<Thread> {
    install_handler();
    let main = Box::into_raw(Box::new(main));
    // SAFETY: the attributes are initialised before use; `main` is the thread's from here on, or ours again if
    // there is no thread.
    unsafe {
        let mut attributes = MaybeUninit::uninit();
        libc::pthread_attr_init(attributes.as_mut_ptr());
        libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), stack);
        let mut thread = MaybeUninit::uninit();
        let failed = libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), entry, main.cast());
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        if failed != 0 {
            drop(Box::from_raw(main));
            return Err(Error::from_raw_os_error(failed));
        }
        Ok(Thread(thread.assume_init()))
    }
}

impl Thread {
    /// Has the thread look whether it is to end.
    pub fn interrupt(&self) {
        // SAFETY: the thread is not joined yet, so its number is valid.
        unsafe { libc::pthread_kill(self.0, KILL_SIGNAL) };
    }

    /// Waits for the thread's end.
    pub fn join(self) {
        // SAFETY: it is joined once, as this takes it.
        unsafe { libc::pthread_join(self.0, ptr::null_mut()) };
    }
}
