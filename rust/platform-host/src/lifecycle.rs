//! `zephyr:lifecycle` on this machine: Ctrl-C asks, and `zephyr-wasm run` watches heartbeats.

use crate::current;
use crate::platform::HostPlatform;
use zephyr_wasm_api::lifecycle::Device;

impl Device for HostPlatform {
    fn stopping(&self) -> bool {
        current::outside(|app| app.look())
    }

    fn heartbeat(&self) {
        current::outside(|app| app.beat());
    }
}
