//! `zephyr-wasm-declare --checkout=DIR --output=DIR [--api=NAME]... [--without=FUNCTION]... [--count] [--gate]`
//!
//! Writes what the C side of an image with these host APIs is made of. CMake calls it.

use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use zephyr_wasm_declare::gate::Image;
use zephyr_wasm_declare::{declared, header, layout, list, sources};

fn main() -> Result<()> {
    let (mut checkout, mut output, mut image) = (None, None, Image::default());
    for argument in env::args().skip(1) {
        match argument.split_once('=').unwrap_or((&argument, "")) {
            ("--checkout", value) => checkout = Some(PathBuf::from(value)),
            ("--output", value) => output = Some(PathBuf::from(value)),
            ("--api", value) => image.apis.push(value.into()),
            ("--without", value) => image.without.push(value.into()),
            ("--count", "") => image.counts = true,
            ("--gate", "") => image.has_gate = true,
            _ => bail!("{argument}: expected --checkout=, --output=, --api=, --without=, --count or --gate"),
        }
    }
    let checkout = checkout.context("expected --checkout")?;
    let output = output.context("expected --output")?;
    let declared = declared(&checkout, &sources(&checkout)?)?;
    image.check(&declared)?;
    fs::create_dir_all(&output).with_context(|| output.display().to_string())?;
    let put = |name: &str, text: &str| put(&output.join(name), text);
    put("zephyr_wasm_declared.h", &header::write(&declared))?;
    put("zephyr_wasm_layouts.c", &layout::write(&declared))?;
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
