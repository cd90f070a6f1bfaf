//! What the fuzzers in `tests/fuzz` call: what commands do, with bytes in place of files.

use crate::added::Added;
use crate::dump::{Printed, core_dump};
use crate::explain::copy;
use crate::lines::Lines;
use crate::manifest::{self, Packages};
use crate::pack::{Options, packed_module};
use crate::{call, component, module};
use anyhow::Result;
use std::path::Path;
use std::sync::LazyLock;
use zephyr_wasm_runtime::call::Signature;

/// What errors call the file.
const FILE: &str = "fuzzed";

/// The lines that an app's file has of a manifest in TOML.
///
/// # Errors
/// What is wrong with it.
pub fn manifest(toml: &str) -> Result<String> {
    static PACKAGES: LazyLock<Packages> =
        LazyLock::new(|| Packages::of(&Added::default()).expect("our own WIT"));
    Ok(manifest::parse(toml, &PACKAGES)?.lines)
}

/// What `pack` makes of a file, with the lines of a manifest.
///
/// # Errors
/// Why no board takes it.
pub fn pack(file: &[u8], lines: Option<&str>, trace: bool) -> Result<Vec<u8>> {
    let path = Path::new(FILE);
    let module = module::of_bytes(file.to_vec())?;
    module::validate_built(path, &module.core)?;
    let manifest = lines.map(|lines| manifest::Manifest { lines: lines.to_owned() });
    let options = Options { validate: true, trace, ..Options::default() };
    packed_module(path, module, manifest.as_ref(), &options)
}

/// Whether boards take a module.
///
/// # Errors
/// Why not.
pub fn validate(module: &[u8]) -> Result<()> {
    module::validate(Path::new(FILE), module)
}

/// The core module of a component, or of what has none around it.
///
/// # Errors
/// Why a board cannot run it.
pub fn unwrap(file: &[u8]) -> Result<Vec<u8>> {
    Ok(module::of_bytes(file.to_vec())?.core)
}

/// A core module as a component.
///
/// # Errors
/// What is wrong with it.
pub fn component(module: &[u8]) -> Result<Vec<u8>> {
    component::encode(module)
}

/// What `core` makes of a console; nothing, if there is no dump.
///
/// # Errors
/// What is wrong with a dump on it.
pub fn dump(module: &[u8], console: &str) -> Result<Option<Vec<u8>>> {
    let dump = Printed::last(console, None)?;
    Ok(dump.map(|dump| core_dump(FILE, &dump.name, &dump.core, &Lines::of(module))))
}

/// What `explain` makes of a console.
///
/// # Errors
/// None, as nothing is read from outside.
pub fn explain(module: &[u8], console: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    copy(console, &Lines::of(module), &mut out)?;
    Ok(out)
}

/// Arguments of a function as `call` gives them to the runtime.
///
/// # Errors
/// Which one is not of its type.
pub fn arguments(signature: &Signature<'_>, arguments: &[String]) -> Result<String> {
    call::canonical("f", signature, arguments)
}
