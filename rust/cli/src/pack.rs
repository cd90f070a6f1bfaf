//! `zephyr-wasm pack`: makes of a build's output what a board takes.

use crate::contract::{Contract, is_packed};
use crate::{module, shrink::shrink};
use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Validates an app for exactly the features of the boards' engine, takes out what they do not need, and writes down
/// what its functions pass. Takes core modules and components of one core module.
#[derive(Args)]
pub struct Pack {
    /// A `.wasm` or `.wat` file.
    file: PathBuf,
    /// Where to write the app.
    #[arg(short, long)]
    output: PathBuf,
    /// WIT files or directories of host APIs besides ours.
    #[arg(long)]
    wit: Vec<PathBuf>,
    /// Do not validate it: for a board that does, or for tests of what a board refuses.
    #[arg(long)]
    unchecked: bool,
}

impl Pack {
    pub fn execute(&self) -> Result<ExitCode> {
        let packed = match packed(&self.file, &self.wit, !self.unchecked) {
            // What cannot be parsed is left as it is.
            Err(_) if self.unchecked => std::fs::read(&self.file)?,
            packed => packed?,
        };
        std::fs::write(&self.output, packed)
            .with_context(|| format!("cannot write {}", self.output.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// An app as a board takes it, from what a toolchain made.
///
/// # Errors
/// Why no board would take it.
pub fn packed(path: &Path, wit: &[PathBuf], validate: bool) -> Result<Vec<u8>> {
    let module = module::read(path)?;
    if validate {
        module::validate(path, &module.core)?;
    }
    if is_packed(&module.core) {
        return Ok(module.core);
    }
    let contract = Contract::of(&module, wit).with_context(|| path.display().to_string())?;
    let mut packed = shrink(&module.core, contract.reserves)?;
    contract.append_to(&mut packed);
    Ok(packed)
}
