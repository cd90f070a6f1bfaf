//! What crosses between Rust and C in firmware is declared once, in `rust/platform-zephyr/src`. This reads it, and writes
//! what the C side is made of:
//!
//! - a header with the prototypes of both directions, which every file of `src` includes, so that a definition that
//!   differs does not compile ([`header`]);
//! - assertions that structures and numbers which both sides have are the same ([`layout`]);
//! - what stands between apps and the functions of host APIs, where anything has to: what counts calls, and the gate of
//!   user mode ([`gate`]);
//! - a list of the functions of host APIs, for tests that are made of it ([`list`]).
//!
//! The last two also have the functions of headers by which a firmware adds host APIs without WIT ([`added`]).
//!
//! Of the table of a manifest's keys, it writes what C has of that ([`manifest`]).
//!
//! What is not understood ends the build: a check that was passed over would be one that is not there.

pub mod added;
pub mod function;
pub mod gate;
pub mod header;
pub mod layout;
pub mod list;
pub mod manifest;
pub mod model;
pub mod read;
pub mod scan;
pub mod source;
pub mod types;
pub mod wit;

use anyhow::{Context, Result, bail};
use heck::ToShoutySnakeCase;
use model::Declared;
use source::Source;
use std::fs;
use std::path::{Path, PathBuf};

/// Files beside the platform's with structures that both sides have, and their modules.
const ALSO: &[(&str, &str)] = &[
    ("rust/api/src/coap/shared.rs", "zephyr_wasm_api::coap::shared"),
    ("rust/cli/src/image/record.rs", "zephyr_wasm_cli::image::record"),
    ("rust/supervise/src/lib.rs", "zephyr_wasm_supervise"),
];
/// What the code of compiled apps and the firmware agree on.
const COMPILED: &str = "rust/engine/src/compiled/abi.rs";
/// Where the failure codes are.
const FAILURES: &str = "rust/api/src/failure.rs";

/// The files of Rust that declare something, below a checkout.
///
/// # Errors
/// The files'.
pub fn sources(checkout: &Path) -> Result<Vec<Source>> {
    let directory = checkout.join("rust/platform-zephyr/src");
    let entries = fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    paths.push(checkout.join(COMPILED));
    let module = |path: &Path| format!("crate::{}", path.file_stem().unwrap_or_default().to_string_lossy());
    paths.iter().map(|path| Source::read(path, &module(path))).collect()
}

/// All that is declared below a checkout, with these files of the platform.
///
/// # Errors
/// What is not understood.
pub fn declared(checkout: &Path, platform: &[Source]) -> Result<Declared> {
    let wit = wit::read(&checkout.join("wit"))?;
    let mut declared = Declared { packages: wit.packages, channels: wit.channels, ..Declared::default() };
    if declared.channels.is_empty() {
        bail!(
            "{}:1: expected `enum channel` in `interface sensor`; found: none",
            checkout.join("wit/sensor.wit").display()
        );
    }
    let failures = Source::read(&checkout.join(FAILURES), "zephyr_wasm_api::failure")?;
    let numbers = read::enum_of(&failures, "Failure")?;
    declared.failures = numbers.iter().map(|(number, name)| (name.to_shouty_snake_case(), *number)).collect();
    let also: Vec<Source> = ALSO
        .iter()
        .map(|(path, module)| Source::read(&checkout.join(path), module))
        .collect::<Result<_>>()?;
    read::files(&mut declared, platform, &also)?;
    Ok(declared)
}
