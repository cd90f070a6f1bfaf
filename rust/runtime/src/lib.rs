//! The runtime of zephyr-wasm: checks, links and runs one WebAssembly app on the calling thread.
//!
//! It is the same crate on a board and on Linux. What differs is behind [`Platform`]; the host APIs come in as
//! a table of [`abi::Interface`]s that `zephyr-wasm-bindings` generated from WIT.
//!
//! - [`check`] looks at a module's outside before the engine sees it
//! - [`engine`] is what runs it, a crate of its own
//! - [`manifest`] is what an app is granted, [`grants`] what that means of peers and URLs: a crate of its own
//! - [`limits`] holds it to what it may use
//! - [`link`] finds the host functions that a module imports
//! - [`instance`] loads it and runs it, [`app`] is its state meanwhile, and [`end`] says how it ended
//! - [`command`] runs programs that are made for WASI, where the image has that
//! - [`remains`] is what is left of an app, where the image asks for it
//! - `wrong` says what the engine would compute wrongly, where the image validates
//! - `call` calls any function that an app exports, where the image has it
//! - `cooperative` runs an app until it waits, where apps share a thread
//! - `sliced` has the platform told at intervals, where the image has it
//! - [`text`] says what of an app's texts is shown
//! - [`abi`] is the only way to a guest's memory and handles
#![no_std]

extern crate alloc;

pub mod abi;
pub mod app;
pub mod call;
pub mod check;
pub mod command;
#[cfg(feature = "cooperative")]
pub mod cooperative;
pub mod end;
pub mod instance;
pub mod limits;
pub mod link;
mod loaded;
pub mod message;
#[cfg(feature = "validate")]
mod panicked;
pub mod remains;
#[cfg(feature = "slices")]
mod sliced;
pub mod text;
#[cfg(feature = "validate")]
pub mod wrong;

pub use app::{App, Code};
pub use command::Commands;
pub use end::{End, Refusal};
pub use instance::{Job, run};
pub use limits::Limits;
pub use link::{Entry, HostApi, HostApis};
pub use loaded::Instance;
pub use message::Message;
pub use remains::{Autopsy, Remains};
pub use zephyr_wasm_engine as engine;
pub use zephyr_wasm_manifest::{self as manifest, Manifest, grants};

/// What the runtime needs of the place it runs in.
pub trait Platform: 'static {
    /// Whether the stack of a thread that was ended from outside is still there when its app is closed. If so, an app
    /// is kept on it, else in the app's own memory, of which that takes 500 to 900 bytes.
    const STACKS_STAY: bool;

    /// The next allocation on this thread may fail and return null, because the caller copes with that: a guest's
    /// `table.grow` returns -1. Any other allocation that does not fit the app's region ends the app.
    fn next_allocation_may_fail(&self);

    /// The calling thread's app is loaded, or refused. From then on, its bytes are needed for calls only.
    fn loaded() {}

    /// The app's linear memory is to have this many bytes from now on, of `most` that it can have at all. False if it
    /// cannot; else the next allocation is for it if what was allocated for it is too small, and may fail, too.
    fn linear_memory(&self, bytes: usize, most: usize) -> bool;

    /// How many bytes there are for a linear memory of at least `least` bytes that can grow to `most`, behind `head` bytes
    /// of something else, if it never moves and something is left for other allocations.
    #[cfg(feature = "compiled")]
    fn room(&self, head: usize, least: usize, most: usize) -> usize;

    /// The app's linear memory, for which there is room, has this many bytes from now on.
    #[cfg(feature = "compiled")]
    fn linear_memory_stays(&self, bytes: usize);

    /// The app is about to run its first instruction. If its thread is ended
    /// from outside before [`Platform::stopped`], what it holds is closed by [`HostApis::close`] of its state.
    fn started(&self, app: *mut Instance<Self>)
    where
        Self: Sized;

    /// The app has run its last instruction, and holds nothing any more.
    fn stopped(&self);

    /// The app has ended by a fault of its own, and this is left of it.
    fn remains(&self, remains: &Remains<'_>) {
        let _ = remains;
    }

    /// A kill of the calling thread's app waits from here on, until [`Platform::release`]. On a thread that is no
    /// app's, as what an app holds may be closed on, this does nothing.
    fn hold(&self);

    /// Whether a kill waits.
    fn is_held(&self) -> bool;

    /// A kill of the calling thread's app waits no longer, and comes now if it had to.
    fn release(&self);

    /// As [`Platform::hold`], at the begin of each host call: the thread is the app's.
    fn begin_call(&self) {
        self.hold();
    }

    /// As [`Platform::release`], at its end.
    fn end_call(&self) {
        self.release();
    }

    /// Whether the host call that has just returned has to be made again, because it would have to wait; asks once.
    #[cfg(feature = "cooperative")]
    fn suspends(&self) -> bool {
        false
    }

    /// The app has burnt [`Limits::slice`] units of fuel since the last call.
    #[cfg(feature = "slices")]
    fn slice_ended(&self) {}
}
