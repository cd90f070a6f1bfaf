//! `zephyr-wasm check`: would a board take this app?

use crate::contract::Contract;
use crate::module;
use crate::text::shown;
use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Says whether apps are valid for the boards' engine, what they import and export, and whether they mean the same by
/// it as the host APIs.
#[derive(Args)]
pub struct Check {
    /// `.wasm` or `.wat` files, core modules or components.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// WIT files or directories of host APIs besides ours.
    #[arg(long)]
    wit: Vec<PathBuf>,
}

impl Check {
    pub fn execute(&self) -> Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        for path in &self.files {
            if let Err(error) = self.check(path) {
                println!("{}", shown(&format!("{error:#}")));
                code = ExitCode::FAILURE;
            }
        }
        Ok(code)
    }

    fn check(&self, path: &Path) -> Result<()> {
        let module = module::read(path)?;
        module::validate(path, &module.core)?;
        let contract = Contract::of(&module, &self.wit).with_context(|| path.display().to_string())?;
        println!("{}: {} bytes, valid", path.display(), module.core.len());
        for import in &contract.imports {
            let shape = import.shape.as_ref().map_or(String::new(), |shape| format!(": {}", shape.text));
            let known = if import.known { "" } else { "  (no host API known here; --wit adds one)" };
            println!("  imports {}{shape}{known}", shown(&format!("{} {}", import.interface, import.name)));
        }
        for (name, shape) in &contract.exports {
            println!("  exports {}: {}", shown(name), shape.text);
        }
        Ok(())
    }
}
