//! Generates the trait to implement from WIT.

fn main() {
    zephyr_wasm_bindings::Bindings::new().file("../wit/leds.wit").host_api().write().unwrap();
}
