//! Reads app files.

use anyhow::{Context, Result};
use std::path::Path;
use zephyr_wasm_runtime::{Limits, Message, check, engine};

/// Reads a `.wasm` or `.wat` file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if path.extension().is_some_and(|extension| extension == "wat") {
        return Ok(wat::parse_bytes(&bytes).with_context(|| path.display().to_string())?.into_owned());
    }
    Ok(bytes)
}

/// Checks that a module is whole and valid for exactly the features that the boards' engine has.
pub fn validate(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut message = Message::new();
    if check::outside(bytes, &mut message).is_err() {
        anyhow::bail!("{}: {}", path.display(), message.as_str());
    }
    let engine = engine::engine(&Limits::default());
    wasmi::Module::validate(&engine, bytes).map_err(|error| {
        anyhow::anyhow!(
            "{}: {error} (an app may use WebAssembly 1.0 and: {})",
            path.display(),
            engine::FEATURES.join(", ")
        )
    })
}

/// What an app is called, from its file's name.
pub fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
