//! `zephyr:lifecycle` over the life cycle in C.

use crate::platform::Zephyr;
use zephyr_wasm_api::lifecycle::Lifecycle;

unsafe extern "C" {
    /// Grants: none.
    fn zephyr_wasm_lifecycle_stopping() -> bool;
    /// Grants: none.
    fn zephyr_wasm_lifecycle_heartbeat();
}

impl Lifecycle for Zephyr {
    fn stopping(&self) -> bool {
        // SAFETY: takes nothing.
        unsafe { zephyr_wasm_lifecycle_stopping() }
    }

    fn heartbeat(&self) {
        // SAFETY: takes nothing.
        unsafe { zephyr_wasm_lifecycle_heartbeat() }
    }
}
