//! The platform of one app on this machine.

use crate::expiry::{TIMERS, Timer};
use core::any::Any;
use std::cell::RefCell;
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::abi::Interface;

/// What the host APIs of one app run on. Its state is of fixed size, so that an app that is killed leaves nothing.
#[derive(Default)]
pub struct HostPlatform {
    pub(crate) timers: RefCell<[Option<Timer>; TIMERS]>,
    /// The app as a WASI program, in its own memory.
    pub(crate) program: Option<Box<dyn Any>>,
}

/// The host APIs that a program adds to ours.
pub type Added = &'static [&'static [&'static dyn Interface<App<HostPlatform>>]];
