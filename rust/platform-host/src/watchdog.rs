//! `zephyr:watchdog` on this machine: who feeds which is seen in the table of `--watch`, and nothing is reset.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::watchdog::Device;

impl Device for HostPlatform {
    fn feed(&self, name: &str) -> Result<(), Failure> {
        current::outside(|app| note(app, &format!("watchdog {name}"), "fed"));
        Ok(())
    }
}
