//! `zephyr:adc` from traces.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use crate::time::now;
use crate::world::world;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::adc::Device;

impl Device for HostPlatform {
    fn microvolts(&self, name: &str) -> Result<i32, Failure> {
        current::outside(|app| {
            let value = world().inputs.get(name).ok_or(Failure::Unknown)?.at(now());
            note(app, &format!("input {name}"), &format!("{value} uV"));
            i32::try_from(value).map_err(|_| Failure::Io)
        })
    }
}
