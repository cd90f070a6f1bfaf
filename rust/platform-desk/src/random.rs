//! `wasi:random` from the system.

use crate::current;
use crate::platform::Desk;
use zephyr_wasm_api::random::Device;

impl Device for Desk {
    fn fill(&self, bytes: &mut [u8]) {
        current::outside(|_| getrandom::fill(bytes).expect("the system has random data"));
    }
}
