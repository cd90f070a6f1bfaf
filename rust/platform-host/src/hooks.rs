//! What the runtime asks of the host, and tells it, while it runs an app.

use crate::current;
use crate::platform::HostPlatform;
use zephyr_wasm_runtime::{Instance, Platform, Remains};

impl Platform for HostPlatform {
    const STACKS_STAY: bool = false;

    fn next_allocation_may_fail(&self) {
        current::set_may_fail();
    }

    fn linear_memory(&self, bytes: usize, most: usize) -> bool {
        current::linear_memory(bytes, most)
    }

    fn room(&self, head: usize, least: usize, most: usize) -> usize {
        current::room(head, least, most)
    }

    fn linear_memory_stays(&self, bytes: usize) {
        current::linear_memory_stays(bytes);
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
