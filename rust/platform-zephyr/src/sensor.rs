//! `zephyr:sensor` over Zephyr's sensors.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use alloc::string::String;
use core::ffi::{CStr, c_char};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::sensor::{CHANNELS, Device, SensorChannel as Channel, SensorTrigger as Trigger};

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_sensor_name(sensor: u32) -> *const c_char;
    #[grants(none)]
    unsafe fn zephyr_wasm_sensor_find(name: *const c_char, length: usize) -> i32;
    #[grants(zephyr_wasm_sensor_may_read)]
    safe fn zephyr_wasm_sensor_read(sensor: u32, channel: u32, micro: &mut i64) -> i32;
    #[grants(zephyr_wasm_sensor_may_watch)]
    #[interface("streams")]
    safe fn zephyr_wasm_sensor_watch(sensor: u32, channel: u32, trigger: u32, value: i64, capacity: u32) -> i32;
    #[grants(none)]
    #[interface("streams")]
    safe fn zephyr_wasm_sensor_next(stream: u32, timeout: u64, time: &mut u64, micro: &mut i64) -> i32;
    #[grants(none)]
    #[interface("streams")]
    safe fn zephyr_wasm_sensor_lost(stream: u32) -> u32;
    #[grants(none)]
    #[interface("streams")]
    safe fn zephyr_wasm_sensor_stop(stream: u32);
}

impl Device for Zephyr {
    fn name(&self, sensor: u32) -> Option<String> {
        // SAFETY: any number is good; the result is null, or constant and ends with a zero.
        let name = unsafe {
            let name = zephyr_wasm_sensor_name(sensor);
            if name.is_null() { return None } else { CStr::from_ptr(name) }
        };
        Some(name.to_str().unwrap_or_default().into())
    }

    fn find(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_sensor_find(name.as_ptr().cast(), name.len()) })
    }

    fn measures(&self, sensor: u32, channel: Channel) -> bool {
        self.read(sensor, channel).is_ok()
    }

    fn read(&self, sensor: u32, channel: Channel) -> Result<i64, Failure> {
        let mut micro = 0;
        Failure::check(zephyr_wasm_sensor_read(sensor, channel as u32, &mut micro))?;
        Ok(micro)
    }

    fn watch(&self, sensor: u32, channel: Channel, trigger: Trigger, capacity: u32) -> Result<u32, Failure> {
        let (kind, value) = match trigger {
            Trigger::Period(period) => (0, i64::try_from(period).unwrap_or(i64::MAX)),
            Trigger::DataReady => (1, 0),
            Trigger::Above(limit) => (2, limit),
            Trigger::Below(limit) => (3, limit),
        };
        Failure::check(zephyr_wasm_sensor_watch(sensor, channel as u32, kind, value, capacity))
    }

    fn next(&self, stream: u32, timeout: u64) -> Option<(u64, Channel, i64)> {
        let (mut time, mut micro) = (0, 0);
        let channel = zephyr_wasm_sensor_next(stream, timeout, &mut time, &mut micro);
        let channel = *CHANNELS.get(usize::try_from(channel).ok()?)?;
        Some((time, channel, micro))
    }

    fn lost(&self, stream: u32) -> u32 {
        zephyr_wasm_sensor_lost(stream)
    }

    fn stop(&self, stream: u32) {
        zephyr_wasm_sensor_stop(stream)
    }
}
