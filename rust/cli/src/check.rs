//! `zephyr-wasm check`: would a board take this app?

use crate::module;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Says whether apps are valid for the boards' engine, and what they import.
#[derive(Args)]
pub struct Check {
    /// `.wasm` or `.wat` files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Check {
    pub fn execute(&self) -> Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        for path in &self.files {
            let bytes = module::read(path)?;
            match module::validate(path, &bytes) {
                Ok(()) => {
                    println!("{}: {} bytes, valid", path.display(), bytes.len());
                    for (from, name) in imports(&bytes)? {
                        println!("  imports {from} {name}");
                    }
                }
                Err(error) => {
                    println!("{error:#}");
                    code = ExitCode::FAILURE;
                }
            }
        }
        Ok(code)
    }
}

fn imports(bytes: &[u8]) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        if let wasmparser::Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                let import = import?;
                found.push((import.module.to_owned(), import.name.to_owned()));
            }
        }
    }
    Ok(found)
}
