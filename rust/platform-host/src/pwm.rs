//! `zephyr:pwm` in memory: outputs are seen in the table of `--watch`.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::Pool;
use crate::world::world;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::pwm::Device;

static OUTPUTS: Pool<String> = Pool::new();

impl Device for HostPlatform {
    fn open(&self, name: &str) -> Result<u32, Failure> {
        current::outside(|_| {
            if OUTPUTS.all().iter().any(|output| **output == *name) {
                return Err(Failure::Busy);
            }
            OUTPUTS.add_within(world().configured.pwm_outputs, name.to_owned())
        })
    }

    fn set(&self, output: u32, period: u32, pulse: u32) -> Result<(), Failure> {
        current::outside(|app| {
            note(app, &format!("output {}", OUTPUTS.get(output)), &format!("{pulse} of {period} ns"));
            Ok(())
        })
    }

    fn close_output(&self, output: u32) {
        current::outside_or_ending(|| OUTPUTS.remove(output));
    }
}
