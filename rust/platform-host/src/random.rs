//! `wasi:random` from the system.

use crate::current;
use crate::platform::HostPlatform;
use zephyr_wasm_api::random::Device;

impl Device for HostPlatform {
    fn fill(&self, bytes: &mut [u8]) {
        current::outside(|_| getrandom::fill(bytes).expect("the system has random data"));
    }
}
