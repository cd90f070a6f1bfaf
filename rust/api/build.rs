//! Generates the bindings of every package in `wit/`, and tells the crate which APIs Kconfig put into the image.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The package that says what an app is. It has no functions of the host's, and uses all the others.
const WORLD: &str = "app.wit";
const PREFIX: &str = "CONFIG_WASM_API_";

fn main() -> anyhow::Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    println!("cargo:rerun-if-changed={}", directory.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(&directory)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wit"));
    files.sort_by_key(|path| (path.ends_with(WORLD), path.clone()));

    let bindings = files.iter().fold(zephyr_wasm_bindings::Bindings::new().symbols(PREFIX), |all, file| all.file(file));
    let out = Path::new(&env::var("OUT_DIR")?).join("bindings.rs");
    fs::write(out, bindings.generate()?)?;

    let symbols: Vec<String> = files
        .iter()
        .filter(|path| !path.ends_with(WORLD))
        .map(|path| format!("{PREFIX}{}", path.file_stem().unwrap_or_default().to_string_lossy().to_uppercase()))
        .collect();
    select(&symbols)
}

/// Sets `cfg(CONFIG_WASM_API_...)` as the Kconfig of the firmware says. On the desk, every API is there.
fn select(symbols: &[String]) -> anyhow::Result<()> {
    println!("cargo:rerun-if-env-changed=DOTCONFIG");
    let dotconfig = match env::var("DOTCONFIG") {
        Ok(path) => {
            println!("cargo:rerun-if-changed={path}");
            Some(fs::read_to_string(path)?)
        }
        Err(_) => None,
    };
    for symbol in symbols {
        println!("cargo:rustc-check-cfg=cfg({symbol})");
        let line = format!("{symbol}=y");
        if dotconfig.as_ref().is_none_or(|text| text.lines().any(|set| set == line)) {
            println!("cargo:rustc-cfg={symbol}");
        }
    }
    Ok(())
}
