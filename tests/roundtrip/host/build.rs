//! Generates both sides of the world, and the host API.

fn main() -> anyhow::Result<()> {
    zephyr_wasm_bindings::Bindings::new()
        .file("../wit/roundtrip.wit")
        .world("roundtrip")
        .host_api()
        .write()
}
