//! `zephyr:lifecycle` over the life cycle in C.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use zephyr_wasm_api::lifecycle::Device;

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_lifecycle_stopping() -> bool;
    #[grants(none)]
    safe fn zephyr_wasm_lifecycle_heartbeat();
}

impl Device for Zephyr {
    fn stopping(&self) -> bool {
        zephyr_wasm_lifecycle_stopping()
    }

    fn heartbeat(&self) {
        zephyr_wasm_lifecycle_heartbeat()
    }
}
