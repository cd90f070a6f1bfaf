//! The end of a thread at any instruction: `thread.rs` says why it is not the standard library's.

/// Ends the calling thread here, without a destructor.
pub fn exit_thread() -> ! {
    #[cfg(fuzzing)]
    forget_specific_data();
    // SAFETY: ends only this thread. The kernel wakes who joins it.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
    unreachable!("the thread has ended")
}

/// AddressSanitizer keeps something by a key of the thread, which the next thread on this stack would find.
#[cfg(fuzzing)]
fn forget_specific_data() {
    for key in 0..1024 {
        // SAFETY: the thread is at its end; a key that nobody has is an error, and nothing more.
        unsafe { libc::pthread_setspecific(key, std::ptr::null()) };
    }
}
