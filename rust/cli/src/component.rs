//! Takes the one core module out of a component, and makes a component of one.

use crate::input;
use crate::renamed;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// A core module inside a component.
struct Inner<'a> {
    /// Which of its modules.
    index: u32,
    name: String,
    bytes: &'a [u8],
}

/// Whether a file is a component.
pub fn is_component(bytes: &[u8]) -> bool {
    Parser::is_component(bytes)
}

/// The core module of a component that needs no other.
///
/// # Errors
/// What else it needs.
pub fn unwrap(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut modules = Vec::new();
    // What is around the section at hand: modules, and components, which may only rename what the outer one exports.
    let mut around = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.context("a malformed component")? {
            Payload::ModuleSection { unchecked_range, .. } => {
                if !around.is_empty() {
                    bail!(
                        "a component made of other components: boards run one core module, so take an inner one"
                    );
                }
                // The section says how long it is, which may be more than there is.
                let range = usize::try_from(unchecked_range.start)?..usize::try_from(unchecked_range.end)?;
                let inner = bytes.get(range).context("a module goes beyond the file's end")?;
                modules.push(Inner { index: modules.len() as u32, name: name(inner), bytes: inner });
                around.push("module");
            }
            Payload::ComponentSection { .. } => around.push("component"),
            Payload::End(_) => {
                around.pop();
            }
            _ => {}
        }
    }
    modules.retain(|module| !is_shim(module.bytes));
    if let Some(adapter) = modules.iter().find(|module| module.name.starts_with("wit-component:adapter")) {
        bail!(
            "a component with the adapter `{}`, which boards do not run: build the app for wasm32v1-none or \
             wasm32-unknown-unknown, so that it imports no WASI preview 1",
            adapter.name
        );
    }
    match modules.as_slice() {
        [module] => renamed::named_as_outside(bytes, module.index, module.bytes),
        [] => bail!("a component without a core module"),
        several => {
            let names: Vec<&str> = several.iter().map(|module| module.name.as_str()).collect();
            bail!("a component of {} core modules ({}): boards run one", several.len(), names.join(", "))
        }
    }
}

/// Whether a module is one of those by which `wit-component` passes the main one's memory to its imports, which boards
/// do not need: one exports numbered functions and a table, the other fills that table and exports nothing.
fn is_shim(module: &[u8]) -> bool {
    let mut numbered_only = false;
    let mut fills = false;
    for payload in Parser::new(0).parse_all(module).map_while(Result::ok) {
        match payload {
            Payload::ExportSection(section) => {
                let numbered =
                    |name: &str| name == "$imports" || name.bytes().all(|byte| byte.is_ascii_digit());
                if !section.into_iter().all(|export| export.is_ok_and(|export| numbered(export.name))) {
                    return false;
                }
                numbered_only = true;
            }
            Payload::ImportSection(section) => {
                fills =
                    section.into_imports().any(|import| import.is_ok_and(|import| import.name == "$imports"));
            }
            _ => {}
        }
    }
    numbered_only || fills
}

/// A module's name from its name section.
fn name(module: &[u8]) -> String {
    for payload in Parser::new(0).parse_all(module) {
        let Ok(Payload::CustomSection(section)) = payload else { continue };
        let KnownCustom::Name(names) = section.as_known() else { continue };
        for name in names.into_iter().flatten() {
            if let Name::Module { name, .. } = name {
                return name.to_owned();
            }
        }
    }
    "unnamed".into()
}

/// Makes a component of a core module, as `wasm-tools component new` does: for hosts that take components, and as
/// the file that says what it imports and exports.
#[derive(Args)]
pub struct Component {
    /// A `.wasm` file of a toolchain with wit-bindgen, before `pack`.
    file: PathBuf,
    /// Where to write the component.
    #[arg(short, long)]
    output: PathBuf,
}

impl Component {
    pub fn execute(&self) -> Result<ExitCode> {
        let module = input::bytes(&self.file)?;
        let component = encode(&module).with_context(|| self.file.display().to_string())?;
        std::fs::write(&self.output, component)
            .with_context(|| format!("cannot write {}", self.output.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Checks that each section is as long as it says: `wit_component` takes its word for it, and reads beyond the end.
///
/// # Errors
/// Where the file cannot be parsed.
pub fn check_whole(bytes: &[u8]) -> Result<()> {
    for payload in Parser::new(0).parse_all(bytes) {
        payload.context("a malformed module")?;
    }
    Ok(())
}

/// A core module as a component.
pub fn encode(module: &[u8]) -> Result<Vec<u8>> {
    check_whole(module)?;
    wit_component::ComponentEncoder::default().module(module)?.validate(false).encode()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(source: &str) -> String {
        format!("{:#}", unwrap(&wat::parse_str(source).unwrap()).expect_err("should be refused"))
    }

    #[test]
    fn a_module_that_is_cut_inside_a_section_is_refused() {
        let module = wat::parse_str("(module (func (export \"f\") nop nop nop))").unwrap();
        assert!(encode(&module).is_ok());
        for end in 8..module.len() {
            let _ = encode(&module[..end]);
        }
        let error = encode(&module[..module.len() - 2]).expect_err("should be refused");
        assert!(error.to_string().contains("malformed"), "{error:#}");
    }

    #[test]
    fn what_needs_more_than_one_module_is_named() {
        assert!(
            refused(
                "(component (core module $a (func (export \"f\"))) (core module $b (func (export \"f\"))))"
            )
            .contains("2 core modules (a, b)")
        );
        assert!(refused("(component (component (core module $a)))").contains("other components"));
        assert!(refused("(component)").contains("without a core module"));
        let mut cut = wat::parse_str("(component (core module $a (func (export \"f\"))))").unwrap();
        cut.truncate(cut.len() / 2);
        assert!(format!("{:#}", unwrap(&cut).unwrap_err()).contains("beyond the file's end"));
        let adapter = "(component (core module (@name \"wit-component:adapter:wasi_snapshot_preview1\")))";
        assert!(refused(adapter).contains("wasi_snapshot_preview1"));
    }

    #[test]
    fn shims_are_left_behind() {
        let source = r#"(component
            (core module $main (func (export "run")))
            (core module
                (table (export "$imports") 1 1 funcref)
                (func (export "0") (call_indirect (i32.const 0))))
            (core module
                (import "" "0" (func))
                (import "" "$imports" (table 1 1 funcref))
                (elem (i32.const 0) 0)))"#;
        let module = unwrap(&wat::parse_str(source).unwrap()).unwrap();
        assert_eq!(name(&module), "main");
    }
}
