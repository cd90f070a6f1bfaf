//! Reads app files.

use crate::component;
use crate::input;
use crate::lines::Lines;
use crate::text::shown;
use anyhow::{Context, Result, bail};
use std::path::Path;
use wasmparser::types::EntityType;
use wasmparser::{ExternalKind, FuncType, Parser, Payload, TypeRef, Validator};
use wit_bindgen_core::wit_parser::{Resolve, WorldId};
use wit_component::DecodedWasm;
use zephyr_wasm_engine::wrong::wrong;
use zephyr_wasm_engine::{FEATURES, select};
use zephyr_wasm_runtime::wrong::describe;
use zephyr_wasm_runtime::{Message, Refusal, check};

/// An app as a toolchain made it.
pub struct Module {
    /// The core module.
    pub core: Vec<u8>,
    /// What it imports and exports in WIT's types, if the file says.
    pub wit: Option<(Resolve, WorldId)>,
}

/// Reads a `.wasm` or `.wat` file; of a component, the core module.
pub fn read(path: &Path) -> Result<Module> {
    let mut bytes = input::bytes(path)?;
    if path.extension().is_some_and(|extension| extension == "wat") {
        let mut parser = wat::Parser::new();
        let parsed = parser.generate_dwarf(wat::GenerateDwarf::Lines).parse_bytes(Some(path), &bytes);
        bytes = parsed.with_context(|| path.display().to_string())?.into_owned();
    }
    of_bytes(bytes).with_context(|| path.display().to_string())
}

/// What a file has.
///
/// # Errors
/// What of it no app has.
pub fn of_bytes(bytes: Vec<u8>) -> Result<Module> {
    if component::is_component(&bytes) {
        let core = component::unwrap(&bytes)?;
        let wit = match wit_component::decode(&bytes)? {
            DecodedWasm::Component(resolve, world) => Some((resolve, world)),
            DecodedWasm::WitPackage(..) => bail!("a WIT package, not an app"),
        };
        return Ok(Module { core, wit });
    }
    // What is no module is told by `check` or by the runtime, which say more of it.
    let has_types = Parser::new(0).parse_all(&bytes).map_while(Result::ok).any(|payload| {
        matches!(payload, Payload::CustomSection(section) if section.name().starts_with("component-type"))
    });
    let wit = match has_types {
        true => {
            component::check_whole(&bytes)?;
            let (_, bindgen) = wit_component::metadata::decode(&bytes)?;
            Some((bindgen.resolve, bindgen.world))
        }
        false => None,
    };
    Ok(Module { core: bytes, wit })
}

/// Checks that a module is whole and valid for exactly the features that the boards' engine has, and has nothing that it
/// computes wrongly and [`mended`] cannot mend.
pub fn validate(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut message = Message::new();
    if check::outside(bytes, usize::MAX, &mut message).is_err() {
        bail!("{}: {}", path.display(), message.as_str());
    }
    validate_built(path, bytes)
}

/// The same of what a toolchain has made, which may begin as no board knows it: `pack` has another beginning for it.
pub fn validate_built(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut message = Message::new();
    match check::outside(bytes, usize::MAX, &mut message) {
        Ok(()) | Err(Refusal::StartFunction) => {}
        Err(_) => bail!("{}: {}", path.display(), message.as_str()),
    }
    if !check::has_code(bytes) {
        bail!(
            "{}: has no WebAssembly code, which `zephyr-wasm sign --strip` leaves out: `verify` says what else it has",
            path.display()
        );
    }
    zephyr_wasm_engine::validate(bytes).map_err(|error| {
        anyhow::anyhow!(
            "{}: {error} (an app may use WebAssembly 1.0 and: {})",
            path.display(),
            FEATURES.join(", ")
        )
    })?;
    refuse_blocks(path, bytes)
}

/// Refuses a module that has blocks with parameters.
fn refuse_blocks(path: &Path, bytes: &[u8]) -> Result<()> {
    let Some(block) = wrong(bytes).and_then(|wrong| wrong.block) else { return Ok(()) };
    let mut message = Message::new();
    describe(&block, imported_functions(bytes), &mut message);
    let place = Lines::of(bytes).described(block.at as u32).unwrap_or_default();
    bail!("{}: {}\n{place}", path.display(), message.as_str())
}

/// How many functions a module imports: those come before its own.
fn imported_functions(bytes: &[u8]) -> usize {
    let imports = Parser::new(0).parse_all(bytes).map_while(Result::ok).find_map(|payload| match payload {
        Payload::ImportSection(section) => Some(section),
        _ => None,
    });
    let imports = imports.into_iter().flat_map(|section| section.into_imports()).flatten();
    imports.filter(|import| matches!(import.ty, TypeRef::Func(_))).count()
}

/// A valid module, with what the boards' engine would compute wrongly written otherwise.
///
/// # Errors
/// If its code cannot be read, or has what cannot be written otherwise.
pub fn mended(path: &Path, bytes: &[u8]) -> Result<Vec<u8>> {
    refuse_blocks(path, bytes)?;
    select::mended(bytes).with_context(|| format!("{}: has instructions that no board knows", path.display()))
}

/// What an app is called, from its file's name, which may be somebody else's as well.
pub fn name(path: &Path) -> String {
    shown(&path.file_stem().unwrap_or_default().to_string_lossy())
}

/// The names of the functions that a core module exports.
pub fn exported_functions(core: &[u8]) -> Vec<String> {
    let exports = Parser::new(0).parse_all(core).map_while(Result::ok).find_map(|payload| match payload {
        Payload::ExportSection(section) => Some(section),
        _ => None,
    });
    let functions =
        exports.into_iter().flatten().flatten().filter(|export| export.kind == ExternalKind::Func);
    functions.map(|export| export.name.to_owned()).collect()
}

/// How many bytes of linear memory a valid core module has as it begins.
pub fn memory(core: &[u8]) -> Option<u64> {
    let memories = Parser::new(0).parse_all(core).map_while(Result::ok).find_map(|payload| match payload {
        Payload::MemorySection(section) => Some(section),
        _ => None,
    });
    let memory = memories?.into_iter().next()?.ok()?;
    memory.initial.checked_shl(memory.page_size_log2.unwrap_or(16))
}

/// The type of a function that a valid core module exports.
pub fn type_of(core: &[u8], name: &str) -> Option<FuncType> {
    let types = Validator::new().validate_all(core).ok()?;
    let types = types.as_ref();
    match types.core_exports()?.find(|(export, _)| *export == name)?.1 {
        EntityType::Func(id) => Some(types[id].unwrap_func().clone()),
        _ => None,
    }
}

/// Whether a core module is a program that is made for WASI, and not an app.
pub fn is_program(core: &[u8]) -> bool {
    exported_functions(core).iter().any(|name| name == "_start")
}
