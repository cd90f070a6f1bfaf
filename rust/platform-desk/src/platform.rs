//! The platform of one app on the desk.

use crate::current;
use crate::expiry::{TIMERS, Timer};
use core::any::Any;
use std::cell::RefCell;
use zephyr_wasm_runtime::{Instance, Platform, Remains};

/// What the host APIs of one app run on. Its state is of fixed size, so that an app that is killed leaves nothing.
#[derive(Default)]
pub struct Desk {
    pub(crate) timers: RefCell<[Option<Timer>; TIMERS]>,
    /// The app as a WASI program, in its own memory.
    pub(crate) program: Option<Box<dyn Any>>,
}

impl Platform for Desk {
    const STACKS_STAY: bool = false;

    fn next_allocation_may_fail(&self) {
        current::set_may_fail();
    }

    fn linear_memory(&self, bytes: usize, most: usize) -> bool {
        current::linear_memory(bytes, most)
    }

    fn started(&self, app: *mut Instance<Self>) {
        current::set_app(app);
    }

    fn stopped(&self) {
        current::set_app(std::ptr::null_mut());
    }

    fn remains(&self, remains: &Remains<'_>) {
        current::outside(|app| app.keep(remains));
    }

    fn hold(&self) {
        current::hold();
    }

    fn is_held(&self) -> bool {
        current::is_held()
    }

    fn release(&self) {
        current::release();
    }
}
