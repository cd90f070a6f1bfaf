//! Where an app begins, whatever its toolchain: makes of a module what boards call.
//!
//! - What prepares the module, a start function or `_initialize`, is called by each function that it exports, before the
//!   first one of them does anything. So boards need to know nothing of it, and it runs under the limits of the app: a
//!   start function would run as the instance is made, before its memory is known to the host and while nothing could end
//!   it.
//! - Without `run` and `_start`, `main` is what runs, or `setup` once and then `loop` for ever, or the start function
//!   alone.

use anyhow::{Result, bail};
use std::collections::BTreeMap;
use wasm_encoder::{BlockType, Encode, ExportKind, Function, Module, RawSection, SectionId};
use wasmparser::{ExternalKind, FuncType, Parser, Payload, TypeRef, ValType};
use zephyr_wasm_runtime::command::START;
use zephyr_wasm_runtime::instance::RUN;

/// What prepares a module that has no start function: constructors of C++, statements outside of functions.
const INITIALIZE: &str = "_initialize";

/// What the host calls amid the calls of an app: the app has begun then.
const HELPERS: [&str; 2] = ["cabi_realloc", "cabi_post_"];

/// Sections in the order in which a module has them, as far as they can be behind one another here.
const ORDER: [SectionId; 12] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

/// A module with a beginning that boards know, without its custom sections if anything had to be changed.
///
/// # Errors
/// Where the module cannot be parsed, or begins in two ways.
pub fn begun(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut module = Begun::of(bytes)?;
    let initialize = module.plain(INITIALIZE);
    let first = match (module.start.take(), initialize) {
        (Some(_), Some(_)) => {
            bail!("has a start function and exports `{INITIALIZE}`: it can be prepared by one of them only")
        }
        (start, initialize) => start.or(initialize),
    };
    let has_begin = module.function(RUN).is_some() || module.function(START).is_some();
    let added = !has_begin && module.add_run(first.filter(|_| initialize.is_none()));
    match first {
        Some(first) => module.call_before(first),
        None if !added => return Ok(bytes.to_vec()),
        None => {}
    }
    module.written()
}

/// A function that a module exports.
struct Exported<'a> {
    name: &'a str,
    kind: ExternalKind,
    index: u32,
}

/// A module, and what it gets.
#[derive(Default)]
struct Begun<'a> {
    sections: BTreeMap<u8, &'a [u8]>,
    types: Vec<FuncType>,
    /// The number of each function's type; those that are imported come first.
    functions: Vec<u32>,
    globals: u32,
    exports: Vec<Exported<'a>>,
    start: Option<u32>,
    /// Entries behind those of sections, and how many.
    added: BTreeMap<u8, (u32, Vec<u8>)>,
}

impl<'a> Begun<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self> {
        let mut module = Begun::default();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if let Some((id, range)) = payload.as_section() {
                module.sections.insert(id, &bytes[range.start as usize..range.end as usize]);
            }
            match payload {
                Payload::TypeSection(section) => {
                    module.types = section.into_iter_err_on_gc_types().collect::<wasmparser::Result<_>>()?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import?.ty {
                            TypeRef::Func(ty) => module.functions.push(ty),
                            TypeRef::Global(_) => module.globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        module.functions.push(ty?);
                    }
                }
                Payload::GlobalSection(section) => module.globals += section.count(),
                Payload::ExportSection(section) => {
                    for export in section {
                        let wasmparser::Export { name, kind, index } = export?;
                        module.exports.push(Exported { name, kind, index });
                    }
                }
                Payload::StartSection { func, .. } => module.start = Some(func),
                _ => {}
            }
        }
        Ok(module)
    }

    fn function(&self, name: &str) -> Option<u32> {
        let mut exports = self.exports.iter();
        exports
            .find(|export| export.name == name && export.kind == ExternalKind::Func)
            .map(|export| export.index)
    }

    fn type_of(&self, function: u32) -> Option<&FuncType> {
        self.types.get(*self.functions.get(function as usize)? as usize)
    }

    /// A function of this name and type.
    fn of_type(&self, name: &str, params: &[ValType], results: &[ValType]) -> Option<u32> {
        self.function(name).filter(|function| {
            self.type_of(*function).is_some_and(|ty| ty.params() == params && ty.results() == results)
        })
    }

    fn plain(&self, name: &str) -> Option<u32> {
        self.of_type(name, &[], &[])
    }

    /// Makes a `run` of what other toolchains begin in; of a start function, one that does nothing behind it. Whether it did.
    fn add_run(&mut self, start: Option<u32>) -> bool {
        let main = [ValType::I32; 2];
        let mut run = Function::new([]);
        let mut body = run.instructions();
        if let Some(main) = self.of_type("main", &[], &[ValType::I32]) {
            self.exports.push(Exported { name: RUN, kind: ExternalKind::Func, index: main });
            return true;
        }
        // `int main(int argc, char **argv)`.
        if let Some(main) = self.of_type("main", &main, &[ValType::I32]) {
            body.i32_const(0).i32_const(0).call(main).end();
        } else if let Some(main) = self.plain("main") {
            body.call(main).i32_const(0).end();
        } else if let (Some(setup), Some(again)) = (self.plain("setup"), self.plain("loop")) {
            body.call(setup).loop_(BlockType::Empty).call(again).br(0).end().i32_const(0).end();
        } else if start.is_some() {
            body.i32_const(0).end();
        } else {
            return false;
        }
        let ty = self.types.len() as u32;
        self.types.push(FuncType::new([], [ValType::I32]));
        self.add(SectionId::Type, &[0x60, 0, 1, 0x7f]);
        let index = self.add_function(ty, &run);
        self.exports.push(Exported { name: RUN, kind: ExternalKind::Func, index });
        true
    }

    /// Has a function called before all that is exported, once, and not exported itself.
    fn call_before(&mut self, first: u32) {
        let flag = self.globals;
        // A mutable `i32`, which is 0 at first.
        self.add(SectionId::Global, &[0x7f, 1, 0x41, 0, 0x0b]);
        let mut exports = std::mem::take(&mut self.exports);
        exports.retain(|export| export.kind != ExternalKind::Func || export.index != first);
        for export in &mut exports {
            let is_helper = HELPERS.iter().any(|helper| export.name.starts_with(helper));
            if export.kind != ExternalKind::Func || is_helper {
                continue;
            }
            let Some(ty) = self.functions.get(export.index as usize).copied() else { continue };
            let params = self.types.get(ty as usize).map_or(0, |ty| ty.params().len() as u32);
            let mut calls = Function::new([]);
            let mut body = calls.instructions();
            body.global_get(flag).i32_eqz().if_(BlockType::Empty);
            body.i32_const(1).global_set(flag).call(first).end();
            for param in 0..params {
                body.local_get(param);
            }
            body.call(export.index).end();
            export.index = self.add_function(ty, &calls);
        }
        self.exports = exports;
    }

    /// Adds a function behind all others, so that none has another number.
    fn add_function(&mut self, ty: u32, function: &Function) -> u32 {
        let (mut number, mut code) = (Vec::new(), Vec::new());
        ty.encode(&mut number);
        function.encode(&mut code);
        self.add(SectionId::Function, &number);
        self.add(SectionId::Code, &code);
        self.functions.push(ty);
        self.functions.len() as u32 - 1
    }

    fn add(&mut self, section: SectionId, entry: &[u8]) {
        let (count, entries) = self.added.entry(section as u8).or_default();
        *count += 1;
        entries.extend(entry);
    }

    /// The module, without a start section.
    fn written(&self) -> Result<Vec<u8>> {
        let mut exports = Vec::new();
        (self.exports.len() as u32).encode(&mut exports);
        for export in &self.exports {
            export.name.encode(&mut exports);
            exports.push(ExportKind::from(export.kind) as u8);
            export.index.encode(&mut exports);
        }
        let mut module = Module::new();
        for id in ORDER {
            let id = id as u8;
            let section = self.sections.get(&id).copied();
            if id == SectionId::Export as u8 {
                module.section(&RawSection { id, data: &exports });
            } else if let Some((count, entries)) = self.added.get(&id) {
                module.section(&RawSection { id, data: &longer(section.unwrap_or(&[0]), *count, entries)? });
            } else if let Some(data) = section.filter(|_| id != SectionId::Start as u8) {
                module.section(&RawSection { id, data });
            }
        }
        Ok(module.finish())
    }
}

/// A section with more entries behind those that it has.
fn longer(section: &[u8], more: u32, entries: &[u8]) -> Result<Vec<u8>> {
    let mut reader = wasmparser::BinaryReader::new(section, 0);
    let count = reader.read_var_u32()? + more;
    let mut data = Vec::new();
    count.encode(&mut data);
    data.extend(&section[reader.original_position() as usize..]);
    data.extend(entries);
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::{exported_functions, type_of};

    fn begun_of(source: &str) -> Vec<u8> {
        let begun = begun(&wat::parse_str(source).unwrap()).unwrap();
        zephyr_wasm_engine::validate(&begun).expect("still valid");
        begun
    }

    #[test]
    fn what_prepares_a_module_is_called_by_what_it_exports() {
        for prepares in [r#"(start 0)"#, r#"(export "_initialize" (func 0))"#] {
            let module = begun_of(&format!(
                r#"(module (global $ready (mut i32) (i32.const 0)) (export "run" (func 1)) (export "memory" (memory 0))
                    (memory 1) (func (global.set $ready (i32.const 7))) (func (result i32) (global.get $ready))
                    (func (export "add") (param i64 f32) (result i32) (global.get $ready))
                    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16)) {prepares})"#
            ));
            assert_eq!(exported_functions(&module), ["run", "add", "cabi_realloc"]);
            let module = Begun::of(&module).unwrap();
            assert_eq!(module.start, None);
            assert_eq!(module.function("run"), Some(4));
            assert_eq!(module.function("add"), Some(5));
            assert_eq!(
                module.function("cabi_realloc"),
                Some(3),
                "what helps a call of the host begins nothing"
            );
        }
    }

    #[test]
    fn sections_come_in_order_that_were_not_there() {
        let module = begun_of(r#"(module (start 0) (func) (table 1 funcref) (elem (i32.const 0) 0))"#);
        assert_eq!(exported_functions(&module), [RUN]);
    }

    #[test]
    fn what_was_begun_stays_as_it_is() {
        let module = begun_of(r#"(module (start 0) (func))"#);
        assert_eq!(begun(&module).unwrap(), module);
    }

    #[test]
    fn two_beginnings_are_refused() {
        let module = wat::parse_str(r#"(module (func (export "_initialize")) (start 0))"#).unwrap();
        assert!(begun(&module).unwrap_err().to_string().contains("by one of them only"));
    }

    #[test]
    fn other_toolchains_beginnings_become_run() {
        for source in [
            r#"(module (func (export "main") (result i32) (i32.const 3)))"#,
            r#"(module (func (export "main") (param i32 i32) (result i32) (i32.const 3)))"#,
            r#"(module (import "a" "b" (func)) (func (export "main")))"#,
            r#"(module (func (export "setup")) (func (export "loop")))"#,
        ] {
            let module = begun_of(source);
            let run = type_of(&module, RUN).unwrap_or_else(|| panic!("{source} has no run"));
            assert!(run.params().is_empty() && run.results() == [ValType::I32], "{source}");
        }
    }

    #[test]
    fn what_boards_know_stays_as_it_is() {
        for source in [
            r#"(module (func (export "run") (result i32) (i32.const 3)) (func (export "main")))"#,
            r#"(module (func (export "_start")) (func (export "main") (result i32) (i32.const 3)))"#,
            r#"(module (func (export "setup")))"#,
            r#"(module (func (export "main") (param i64)))"#,
            r#"(module (memory 1))"#,
        ] {
            let module = wat::parse_str(source).unwrap();
            assert_eq!(begun(&module).unwrap(), module, "{source}");
        }
    }
}
