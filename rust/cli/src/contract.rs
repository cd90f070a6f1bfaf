//! What an app and a host pass each other: whether both mean the same, and how it is said in the app's file.

use crate::added::Added;
use crate::module::Module;
use anyhow::{Context, Result, bail};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use wasm_encoder::{CustomSection, Section};
use wasmparser::{Parser, Payload, TypeRef};
use wit_bindgen_core::wit_parser::{Function, Resolve, WorldId, WorldItem, WorldKey};
use zephyr_wasm_api::wasi;
use zephyr_wasm_bindings::shape;
use zephyr_wasm_runtime::Message;
use zephyr_wasm_runtime::call::EXPORTS;
use zephyr_wasm_runtime::check::{custom_section, outside};
use zephyr_wasm_runtime::link::SHAPES;
use zephyr_wasm_runtime::manifest::MANIFEST;

/// What functions pass, by interface and name.
type Shapes = BTreeMap<(String, String), Shape>;

/// What one function passes.
#[derive(Clone)]
pub struct Shape {
    /// In WIT's words.
    pub text: String,
    number: u32,
    /// Whether the host gives the guest something in memory that the guest reserves.
    reserves: bool,
}

/// A function that an app imports.
pub struct Import {
    pub interface: String,
    pub name: String,
    /// What it passes, if the app's file says.
    pub shape: Option<Shape>,
    /// Whether some known host API has it.
    pub known: bool,
}

/// The most bytes of all that the functions of an app pass, in words. A file of some kilobytes may have any number: its types
/// may each have others several times.
const MOST_WORDS: usize = 16 << 20;

/// An app's side of the contract, checked against the host's.
pub struct Contract {
    pub imports: Vec<Import>,
    /// The exports' names, and what they pass.
    pub exports: Vec<(String, Shape)>,
    /// Whether the host needs the app's `cabi_realloc`.
    pub reserves: bool,
}

/// What the functions of ours and of WIT pass; of our own, read once.
fn host_shapes(added: &Added) -> Result<Cow<'static, Shapes>> {
    static OURS: LazyLock<Shapes> = LazyLock::new(|| read_shapes(&Added::default()).expect("our own WIT"));
    if added.wit.is_empty() { Ok(Cow::Borrowed(&OURS)) } else { read_shapes(added).map(Cow::Owned) }
}

fn read_shapes(added: &Added) -> Result<Shapes> {
    let resolve = added.with_ours()?;
    let mut left = usize::MAX;
    let mut shapes = Shapes::new();
    for (id, interface) in resolve.interfaces.iter() {
        let Some(name) = resolve.id_of(id) else { continue };
        for function in interface.functions.values() {
            shapes.insert((name.clone(), function.name.clone()), shape_of(&resolve, function, &mut left)?);
        }
    }
    for (_, world) in resolve.worlds.iter() {
        for item in world.imports.values() {
            if let WorldItem::Function(function) = item {
                let shape = shape_of(&resolve, function, &mut left)?;
                shapes.insert(("$root".into(), function.name.clone()), shape);
            }
        }
    }
    Ok(shapes)
}

/// What a function passes, in so many bytes of words as are left.
fn shape_of(resolve: &Resolve, function: &Function, left: &mut usize) -> Result<Shape> {
    let text = shape::text(resolve, function, *left)
        .with_context(|| format!("`{}` and others pass more than fits 16 MiB in words", function.name))?;
    *left -= text.len();
    let result = text.split_once(" -> ").map_or("", |(_, result)| result);
    let reserves = result.contains("string") || result.contains("list<");
    Ok(Shape { number: shape::number(&text), reserves, text })
}

/// The functions that a world imports or exports: the name of the interface, if there is one, and the function.
fn functions(resolve: &Resolve, world: WorldId, exports: bool) -> Vec<(Option<String>, &Function)> {
    let world = &resolve.worlds[world];
    let items = if exports { &world.exports } else { &world.imports };
    let mut found = Vec::new();
    for (key, item) in items {
        match item {
            WorldItem::Function(function) => found.push((None, function)),
            WorldItem::Interface { id, .. } => {
                let name = match key {
                    WorldKey::Name(name) => name.clone(),
                    WorldKey::Interface(id) => resolve.id_of(*id).unwrap_or_default(),
                };
                found.extend(resolve.interfaces[*id].functions.values().map(|f| (Some(name.clone()), f)));
            }
            WorldItem::Type { .. } => {}
        }
    }
    found
}

impl Contract {
    /// What an app wants, compared with our host APIs and those of `added`.
    ///
    /// # Errors
    /// The functions whose types have drifted apart, with what both sides think they are.
    pub fn of(module: &Module, added: &Added) -> Result<Self> {
        let host = host_shapes(added)?;
        let core = added.core()?;
        let mut guest = Shapes::new();
        let mut exports = Vec::new();
        let mut left = MOST_WORDS;
        if let Some((resolve, world)) = &module.wit {
            for (interface, function) in functions(resolve, *world, false) {
                let interface = interface.unwrap_or_else(|| "$root".into());
                guest.insert((interface, function.name.clone()), shape_of(resolve, function, &mut left)?);
            }
            for (interface, function) in functions(resolve, *world, true) {
                let name = function.legacy_core_export_name(interface.as_deref()).into_owned();
                exports.push((name, shape_of(resolve, function, &mut left)?));
            }
        }
        let mut imports = Vec::new();
        let mut drifted = String::new();
        for (interface, name) in core_imports(&module.core) {
            let key = (interface, name);
            let shape = guest.get(&key).cloned();
            if let (Some(guest), Some(host)) = (&shape, host.get(&key))
                && guest.text != host.text
            {
                let (interface, name) = &key;
                drifted += &format!(
                    "\n  `{name}` of `{interface}`\n    the app was built with  {}\n    the host has            {}",
                    guest.text, host.text
                );
            }
            let known = host.keys().any(|(interface, _)| *interface == key.0)
                || key.0.starts_with("[export]")
                || [wasi::PACKAGE, wasi::UNSTABLE].contains(&key.0.as_str())
                || core.iter().any(|api| api.module == key.0);
            imports.push(Import { interface: key.0, name: key.1, shape, known });
        }
        if let Some(import) =
            imports.iter().find(|import| !import.known && is_of_wasi_command(&import.interface))
        {
            bail!(
                "imports `{}` of WASI's component for programs, which no board has: build it for wasm32-wasip1",
                import.interface
            );
        }
        if !drifted.is_empty() {
            bail!("types have drifted apart; rebuild the app with the host's WIT:{drifted}");
        }
        let reserves = imports.iter().any(|import| match (&import.shape, &import.interface, &import.name) {
            (Some(shape), ..) => shape.reserves,
            (None, interface, name) => {
                // WASI's functions, and those of headers, write to what the app gives them.
                !import.known
                    || host.get(&(interface.clone(), name.clone())).is_some_and(|shape| shape.reserves)
            }
        }) || exports.iter().any(|(_, shape)| takes_memory(&shape.text));
        Ok(Contract { imports, exports, reserves })
    }

    /// Appends to a core module what the runtime wants to know.
    pub fn append_to(&self, module: &mut Vec<u8>) {
        if self.imports.iter().any(|import| import.shape.is_some()) {
            let numbers =
                self.imports.iter().map(|import| import.shape.as_ref().map_or(0, |shape| shape.number));
            append(module, SHAPES, &numbers.flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        }
        // Every app has the usual `run`, and nobody needs its type.
        let usual = |(name, shape): &&(String, Shape)| !(name == "run" && shape.text == "func() -> s32");
        let lines: String = self
            .exports
            .iter()
            .filter(usual)
            .map(|(name, shape)| format!("{name} {}\n", shape.text))
            .collect();
        if !lines.is_empty() {
            append(module, EXPORTS, lines.as_bytes());
        }
    }
}

/// Whether an interface is one of those that programs are made for by toolchains for WASI 0.2 and later.
fn is_of_wasi_command(interface: &str) -> bool {
    ["wasi:cli/", "wasi:io/", "wasi:filesystem/"].iter().any(|package| interface.starts_with(package))
}

/// Whether `pack` has made this module.
pub fn is_packed(module: &[u8]) -> bool {
    let whole = outside(module, usize::MAX, &mut Message::new()).is_ok();
    whole && [SHAPES, EXPORTS, MANIFEST].iter().any(|name| custom_section(module, name).is_some())
}

/// Whether a call of the guest may have to put its parameters into memory that the guest reserves.
fn takes_memory(shape: &str) -> bool {
    let params = shape.split_once(" -> ").map_or(shape, |(params, _)| params);
    params.contains("string") || params.contains("list<") || params.matches(',').count() >= 16
}

pub fn append(module: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to(module);
}

/// The functions that a core module imports. Of a module that cannot be parsed, those before the error.
fn core_imports(bytes: &[u8]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        if let Payload::ImportSection(section) = payload {
            for import in section.into_imports().map_while(Result::ok) {
                if matches!(import.ty, TypeRef::Func(_)) {
                    found.push((import.module.to_owned(), import.name.to_owned()));
                }
            }
        }
    }
    found
}
