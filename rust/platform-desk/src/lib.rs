//! The desk is a board: runs the same runtime, host APIs and apps on Linux.
//!
//! An app has an OS thread and a region of memory of its own. Whatever ends it (return, trap, out of memory, panic,
//! kill) ends only that thread, and its region goes back whole.
//!
//! A program that starts apps makes [`RegionAllocator`] its global allocator.

mod app;
mod clocks;
mod current;
mod log;
mod platform;
mod random;
mod region;
mod thread;
mod timer;

pub use app::{App, Settings};
pub use current::Added;
pub use log::log_line;
pub use platform::Desk;
pub use region::RegionAllocator;
