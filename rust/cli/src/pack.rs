//! `zephyr-wasm pack`: makes of a build's output what a board takes.

use crate::module;
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use wasm_encoder::{Module, RawSection};
use wasmparser::{Parser, Payload};

/// Validates an app for exactly the features of the boards' engine, and strips what they do not need.
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
        // What cannot be parsed is left as it is; only an unchecked file gets here like that.
        let packed = strip(&bytes).unwrap_or(bytes);
        std::fs::write(&self.output, packed).with_context(|| format!("cannot write {}", self.output.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Leaves out custom sections: names, producers, the component type.
fn strip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if matches!(payload, Payload::CustomSection(_)) {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &bytes[range.start as usize..range.end as usize] });
        }
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_custom_sections_are_left_out() {
        let source = r#"(module $named (memory 1) (func $f (export "run") (result i32) i32.const 0)
            (@custom "extra" "text"))"#;
        let bytes = wat::parse_str(source).unwrap();
        let stripped = strip(&bytes).unwrap();
        assert!(stripped.len() < bytes.len());
        assert!(wasmprinter_free_equal(&stripped));
    }

    /// The stripped module is valid, and still exports what it did.
    fn wasmprinter_free_equal(stripped: &[u8]) -> bool {
        let engine = zephyr_wasm_runtime::engine::engine(&Default::default());
        let module = wasmi::Module::new(&engine, stripped).unwrap();
        module.exports().map(|export| export.name().to_owned()).collect::<Vec<_>>() == ["run"]
    }
}
