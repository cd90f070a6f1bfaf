//! The desk is a board: runs the same runtime, host APIs and apps on Linux.
//!
//! An app has an OS thread and a region of memory of its own. Whatever ends it (return, trap, out of memory, panic,
//! kill) ends only that thread, and its region goes back whole.
//!
//! A program that starts apps makes [`RegionAllocator`] its global allocator.

mod activity;
mod adc;
mod app;
mod ble;
mod clocks;
mod coap;
mod configured;
mod current;
mod gpio;
mod http;
mod i2c;
mod lifecycle;
mod log;
mod message;
#[cfg(any(fuzzing, test))]
mod pieces;
mod platform;
mod pool;
mod pwm;
mod random;
mod region;
mod sensor;
mod sockets;
mod spi;
mod storage;
mod thread;
mod timer;
mod uart;
mod wait;
mod wasi;
#[cfg(any(not(fuzzing), test))]
mod whole;
mod world;

pub use activity::activity;
pub use app::{App, Core, Settings};
pub use configured::Configured;
pub use current::Added;
pub use log::log_line;
pub use platform::Desk;
pub use pool::held;
pub use region::RegionAllocator;
pub use wasi::Command;
pub use world::{Advertisement, Trace, World, set_world};
