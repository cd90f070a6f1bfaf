//! `zephyr-wasm pack`: makes of a build's output what a board takes.

use crate::{module, shrink::shrink};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Validates an app for exactly the features of the boards' engine, and takes out what they do not need.
#[derive(Args)]
pub struct Pack {
    /// A `.wasm` or `.wat` file.
    file: PathBuf,
    /// Where to write the app.
    #[arg(short, long)]
    output: PathBuf,
    /// Do not validate it: for a board that does, or for tests of what a board refuses.
    #[arg(long)]
    unchecked: bool,
}

impl Pack {
    pub fn execute(&self) -> Result<ExitCode> {
        let bytes = module::read(&self.file)?;
        if !self.unchecked {
            module::validate(&self.file, &bytes)?;
        }
        let packed = match shrink(&bytes) {
            // What cannot be parsed is left as it is.
            Err(_) if self.unchecked => bytes,
            packed => packed?,
        };
        std::fs::write(&self.output, packed)
            .with_context(|| format!("cannot write {}", self.output.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}
