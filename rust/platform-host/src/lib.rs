//! This machine as a board: the same runtime, host APIs and apps, on Linux.
//!
//! An app has an OS thread and a region of memory of its own. Whatever ends it (return, trap, out of memory, panic,
//! kill) ends only that thread, and its region goes back whole.
//!
//! A program that starts apps makes [`RegionAllocator`] its global allocator.

mod activity;
mod allocator;
mod app;
mod command;
mod configured;
mod current;
mod exit;
mod expiry;
mod hooks;
mod loaded;
#[cfg(any(fuzzing, test))]
mod pieces;
mod platform;
mod pool;
mod region;
mod shared;
mod thread;
mod time;
mod wait;
mod wasi;
#[cfg(any(not(fuzzing), test))]
mod whole;
mod world;

// The modules of the host APIs, which are the files of `wit/`.
include!(concat!(env!("OUT_DIR"), "/apis.rs"));

pub use activity::activity;
pub use allocator::RegionAllocator;
pub use app::{App, STACK, Settings};
pub use command::Command;
pub use configured::Configured;
pub use loaded::{ENTER, Loaded};
pub use log::log_line;
pub use platform::{Added, HostPlatform};
pub use pool::held;
pub use shared::Core;
pub use world::{Advertisement, Trace, World, set_world};
