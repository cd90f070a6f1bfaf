//! Generates the bindings to measure.

fn main() {
    zephyr_wasm_bindings::Bindings::new().file("wit/calls.wit").host_api().write().unwrap();
}
