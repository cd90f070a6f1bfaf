//! Checks that Kconfig and Cargo agree, and finds the modules of the host APIs.

#[path = "../bindings/src/apis.rs"]
mod apis;
#[path = "../bindings/src/settings.rs"]
mod settings;

use settings::Kconfig;
use std::env;

/// The Kconfig symbols that are features here.
const FEATURES: &[(&str, &str)] = &[("CONFIG_WASM_VALIDATE", "validate")];

fn main() -> anyhow::Result<()> {
    let kconfig = Kconfig::from_environment()?;
    for (symbol, feature) in FEATURES {
        let variable = format!("CARGO_FEATURE_{}", feature.to_uppercase().replace('-', "_"));
        match (env::var_os(variable).is_some(), kconfig.is_set(symbol)) {
            (false, Some(true)) => println!(
                "cargo:error={symbol}=y, and Cargo.toml's dependency `zephyr-wasm` lacks features = [\"{feature}\"]"
            ),
            (true, Some(false)) => println!(
                "cargo:error={symbol}=n, and Cargo.toml's dependency `zephyr-wasm` has features = [\"{feature}\"]"
            ),
            _ => {}
        }
    }
    apis::declare("", |_| String::new())?;
    Ok(())
}
