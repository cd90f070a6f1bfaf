//! Tells the crate which APIs are in the image, and checks that Kconfig and Cargo agree on validation.

use std::env;
use std::path::Path;
use zephyr_wasm_bindings::kconfig::{Kconfig, symbol, wit_files};

const VALIDATE: &str = "CONFIG_WASM_VALIDATE";

fn main() -> anyhow::Result<()> {
    let kconfig = Kconfig::from_environment()?;
    let files = wit_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit"), "app.wit")?;
    let symbols: Vec<String> = files.iter().map(|file| symbol("CONFIG_WASM_API_", file)).collect();
    kconfig.export(symbols.iter().map(String::as_str));

    let feature = env::var_os("CARGO_FEATURE_VALIDATE").is_some();
    match (feature, kconfig.is_set(VALIDATE)) {
        (false, Some(true)) => println!(
            "cargo:error={VALIDATE}=y, and Cargo.toml's dependency `zephyr-wasm` lacks features = [\"validate\"]"
        ),
        (true, Some(false)) => println!(
            "cargo:error={VALIDATE}=n, and Cargo.toml's dependency `zephyr-wasm` has features = [\"validate\"]"
        ),
        _ => {}
    }
    Ok(())
}
