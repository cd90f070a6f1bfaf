//! `zephyr-wasm-declare --checkout=DIR --output=DIR --config=FILE [--core=[MODULE=]HEADER]...`
//!
//! Writes what the C side of an image is made of whose settings of Kconfig are in that file (`.config`). CMake calls it, and once
//! more for each header by which the firmware adds a host API: then only what is between apps and host APIs is written.

use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use zephyr_wasm_bindings::CoreApi;
use zephyr_wasm_declare::gate::Image;
use zephyr_wasm_declare::{added, declared, header, layout, list, manifest, sources};

fn main() -> Result<()> {
    let (mut checkout, mut output, mut config) = (None, None, None);
    let mut apis = Vec::new();
    for argument in env::args().skip(1) {
        match argument.split_once('=').unwrap_or((&argument, "")) {
            ("--checkout", value) => checkout = Some(PathBuf::from(value)),
            ("--output", value) => output = Some(PathBuf::from(value)),
            ("--config", value) => config = Some(PathBuf::from(value)),
            ("--core", value) => apis.push(CoreApi::of_option(value)?),
            _ => bail!("{argument}: expected --checkout=, --output=, --config= or --core="),
        }
    }
    let checkout = checkout.context("expected --checkout")?;
    let output = output.context("expected --output")?;
    let config = config.context("expected --config")?;
    let settings = fs::read_to_string(&config).with_context(|| config.display().to_string())?;
    let mut declared = declared(&checkout, &sources(&checkout)?)?;
    let mut image = Image::of_settings(&declared, &settings)?;
    fs::create_dir_all(&output).with_context(|| output.display().to_string())?;
    let put = |name: &str, text: &str| put(&output.join(name), text);
    if apis.is_empty() {
        put("zephyr_wasm_declared.h", &header::write(&declared))?;
        put("zephyr_wasm_manifest.h", &manifest::write())?;
        put("zephyr_wasm_layouts.c", &layout::write(&declared))?;
    }
    added::add(&mut declared, &mut image, &apis)?;
    put("zephyr_wasm_declared.json", &list::write(&declared, &image)?)?;
    let is_wrapped = image.counts || image.has_gate;
    let functions = image.functions(&declared).filter(|_| is_wrapped);
    let names: String = functions.map(|(_, function)| format!("{}\n", function.name)).collect();
    put("zephyr_wasm_wrapped.txt", &names)?;
    if is_wrapped {
        put("zephyr_wasm_wrapped.c", &image.write(&declared))?;
    }
    Ok(())
}

/// Writes a file, if it is another: what is made of it is not made again else.
fn put(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}
