//! What is read of a module before its functions are translated.

use crate::Options;
use crate::constant::{self, Constant};
use crate::error::Error;
use crate::names;
use crate::types::{Signature, Type};
use std::collections::{BTreeSet, HashMap};
use wasmparser::{
    DataKind, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, KnownCustom, Name, Operator,
    Parser, Payload, TypeRef, Validator, WasmFeatures,
};

/// The most parameters of a function. What does not fit registers is on the stack as it is called, and has to be of the frame
/// that a compiler tells of who calls it: Clang leaves it out from 510 bytes on for the first Thumb instructions (and from
/// 2,047 on for the later ones). Of these, with what each function takes besides, there are at most 488.
const MOST_PARAMETERS: usize = 60;

/// What a module imports.
#[derive(PartialEq, Eq)]
pub struct Import<'a> {
    pub module: &'a str,
    pub name: &'a str,
}

/// A table.
pub struct Table {
    pub initial: u32,
    /// The elements that there is room for.
    pub room: u32,
    /// Whether code changes it.
    pub changes: bool,
    /// Whether code reads it other than by calls.
    pub read: bool,
}

/// The one memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// In bytes.
    pub min: u64,
    pub max: u64,
    pub page: u32,
}

/// The most bytes of a memory: `memory.grow` fails beyond, as it may at any time.
const LARGEST: u64 = 0xffff_0000;

/// A global.
#[derive(PartialEq, Eq)]
pub struct Global {
    pub ty: Type,
    pub mutable: bool,
    pub value: Constant,
}

/// What is exported.
pub struct Export {
    pub kind: ExternalKind,
    pub index: u32,
}

/// A segment of data.
pub struct Data<'a> {
    /// Where it is copied as the instance is made.
    pub active: Option<u32>,
    pub bytes: &'a [u8],
    /// Whether code names it.
    pub used: bool,
}

/// A segment of elements.
pub struct Elements {
    /// The table and the place in it, as the instance is made.
    pub active: Option<(u32, u32)>,
    /// References.
    pub items: Vec<u32>,
    /// Whether there are none for code: it only declares functions, or has been copied.
    pub dropped: bool,
    /// Whether code names it.
    pub used: bool,
}

/// A module.
#[derive(Default)]
pub struct Module<'a> {
    pub types: Vec<Signature>,
    /// The same as the module has them: references of functions and of the host are of two types, but one to C.
    declared: Vec<FuncType>,
    /// Of each type, the first that is the same, by which it is called.
    canonical: Vec<u32>,
    pub imports: Vec<Import<'a>>,
    /// The type of each function, those first that are imported.
    pub functions: Vec<u32>,
    /// What each function is called in C.
    pub names: Vec<String>,
    /// What the module calls them.
    pub given: Vec<Option<&'a str>>,
    pub bodies: Vec<FunctionBody<'a>>,
    pub tables: Vec<Table>,
    pub memory: Option<Memory>,
    pub globals: Vec<Global>,
    pub exports: Vec<Export>,
    pub start: Option<u32>,
    pub data: Vec<Data<'a>>,
    pub elements: Vec<Elements>,
    /// The functions that there may be references of.
    pub referenced: BTreeSet<u32>,
    /// Whether there is any `memory.grow`.
    pub grows: bool,
}

/// What a board's engine takes; and constants that are computed, which nobody computes at run time here.
fn features() -> WasmFeatures {
    WasmFeatures::WASM1
        | WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::EXTENDED_CONST
}

/// Why a source is refused that the module was not packed of.
fn other_source() -> Error {
    Error::refused(
        "the source has other imports, functions, globals, memories, tables or segments: give the file that the app was packed of",
    )
}

/// What an instruction names. A module that is valid has it, unless its code is that of another module's source.
fn named<T>(all: &mut [T], index: u32) -> Result<&mut T, Error> {
    all.get_mut(index as usize).ok_or_else(other_source)
}

/// The first that is the same, of each type.
fn canonical(types: &[FuncType]) -> Vec<u32> {
    let mut first = HashMap::new();
    types.iter().zip(0..).map(|(ty, index)| *first.entry(ty).or_insert(index)).collect()
}

impl<'a> Module<'a> {
    /// Reads a module.
    pub fn read(bytes: &'a [u8], options: &Options<'a>) -> Result<Self, Error> {
        Validator::new_with_features(features()).validate_all(bytes)?;
        let mut module = Module::default();
        for payload in Parser::new(0).parse_all(bytes) {
            module.add(payload?, options)?;
        }
        module.check_parameters()?;
        module.canonical = canonical(&module.declared);
        if let Some(source) = options.source {
            module.take(source, options)?;
        }
        for index in 0..module.functions.len() {
            let given = module.given.get(index).copied().flatten();
            let given = given.or_else(|| Some(module.imports.get(index)?.name));
            module.names.push(names::function(options.prefix, index, given));
        }
        module.survey()?;
        for table in &mut module.tables {
            if !table.changes {
                table.room = table.initial;
            }
        }
        Ok(module)
    }

    /// Refuses types of functions that take too much at once.
    fn check_parameters(&self) -> Result<(), Error> {
        for (index, ty) in self.types.iter().enumerate() {
            let count = ty.parameters.len();
            if count > MOST_PARAMETERS {
                return Err(Error::refused(format!(
                    "functions of type {index} have {count} parameters, and may have {MOST_PARAMETERS} at most: pass some in memory"
                )));
            }
        }
        Ok(())
    }

    /// Takes the code and the names of what the module was packed of; but what packing has found to be unreachable stays out.
    fn take(&mut self, source: &'a [u8], options: &Options<'_>) -> Result<(), Error> {
        /// No locals, `unreachable`, `end`.
        const TRAP: &[u8] = &[0x00, 0x00, 0x0b];
        Validator::new_with_features(features()).validate_all(source)?;
        let mut other = Module::default();
        for payload in Parser::new(0).parse_all(source) {
            other.add(payload?, options)?;
        }
        // Behind them may be a `run` of packing's own.
        let has_same_functions =
            self.declared.starts_with(&other.declared) && self.functions.starts_with(&other.functions);
        // Addresses are checked by this memory, and the code has been validated with those globals.
        let is_same =
            has_same_functions && self.memory == other.memory && self.globals.starts_with(&other.globals);
        // Imports are called by their numbers.
        if !is_same || self.imports != other.imports {
            return Err(other_source());
        }
        for (body, other) in self.bodies.iter_mut().zip(other.bodies) {
            if body.as_bytes() != TRAP {
                *body = other;
            }
        }
        self.given = other.given;
        Ok(())
    }

    /// The type of a function.
    pub fn signature(&self, function: u32) -> &Signature {
        &self.types[self.functions[function as usize] as usize]
    }

    /// The first type that is the same, by which it is called.
    pub fn canonical(&self, ty: u32) -> u32 {
        self.canonical[ty as usize]
    }

    /// The size of a memory that cannot grow.
    pub fn fixed_memory(&self) -> Option<u64> {
        let memory = self.memory?;
        (!self.grows || memory.min == memory.max).then_some(memory.min)
    }

    /// Whether the pieces of a table are known as the module is compiled, and nobody changes them.
    pub fn is_constant(&self, table: u32) -> bool {
        !self.tables[table as usize].changes
    }

    fn add(&mut self, payload: Payload<'a>, options: &Options<'_>) -> Result<(), Error> {
        match payload {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    let ty = ty?;
                    self.types.push(Signature::of(&ty)?);
                    self.declared.push(ty);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.add_import(&import?)?;
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let ty = table?.ty;
                    let initial = ty.initial as u32;
                    let room = ty.maximum.unwrap_or(u64::MAX).min(u64::from(options.largest_table)) as u32;
                    self.tables.push(Table { initial, room: room.max(initial), changes: false, read: false });
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.add_memory(&memory?)?;
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    let value = self.evaluate(&global.init_expr)?;
                    let ty = Type::of(global.ty.content_type)?;
                    if ty == Type::Reference && value.bits != 0 {
                        self.referenced.insert(value.bits as u32 - 1);
                    }
                    self.globals.push(Global { ty, mutable: global.ty.mutable, value });
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.exports.push(Export { kind: export.kind, index: export.index });
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for elements in section {
                    self.add_elements(elements?)?;
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    let active = match data.kind {
                        DataKind::Active { offset_expr, .. } => {
                            Some(self.evaluate(&offset_expr)?.bits as u32)
                        }
                        DataKind::Passive => None,
                    };
                    self.data.push(Data { active, bytes: data.data, used: false });
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.add_names(names);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn evaluate(&self, expression: &wasmparser::ConstExpr<'_>) -> Result<Constant, Error> {
        constant::evaluate(expression, |index| Some(self.globals.get(index as usize)?.value))
    }

    fn add_import(&mut self, import: &wasmparser::Import<'a>) -> Result<(), Error> {
        let (module, name) = (import.module, import.name);
        let TypeRef::Func(ty) = import.ty else {
            return Err(Error::refused(format!(
                "imports `{name}` of `{module}`, which is no function: a board has only functions for apps; define it in the module"
            )));
        };
        if self.types[ty as usize].results.len() > 1 {
            return Err(Error::refused(format!(
                "imports the function `{name}` of `{module}`, which has more than one result: no host function has"
            )));
        }
        self.imports.push(Import { module, name });
        self.functions.push(ty);
        Ok(())
    }

    fn add_memory(&mut self, ty: &wasmparser::MemoryType) -> Result<(), Error> {
        let page = 1u64 << ty.page_size_log2.unwrap_or(16);
        let min = ty.initial.saturating_mul(page);
        let max = ty.maximum.map_or(LARGEST, |maximum| maximum.saturating_mul(page).min(LARGEST));
        if min > LARGEST {
            return Err(Error::refused(
                "its memory begins with 4 GiB, which no board has: declare a smaller one",
            ));
        }
        self.memory = Some(Memory { min, max, page: page as u32 });
        Ok(())
    }

    fn add_elements(&mut self, elements: wasmparser::Element<'a>) -> Result<(), Error> {
        let mut items = Vec::new();
        match elements.items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    items.push(function? + 1);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    items.push(self.evaluate(&expression?)?.bits as u32);
                }
            }
        }
        self.referenced.extend(items.iter().filter(|item| **item != 0).map(|item| item - 1));
        let (active, dropped) = match elements.kind {
            ElementKind::Active { table_index, offset_expr } => {
                let at = self.evaluate(&offset_expr)?.bits as u32;
                (Some((table_index.unwrap_or(0), at)), true)
            }
            ElementKind::Passive => (None, false),
            ElementKind::Declared => (None, true),
        };
        self.elements.push(Elements { active, items, dropped, used: false });
        Ok(())
    }

    fn add_names(&mut self, names: wasmparser::NameSectionReader<'a>) {
        for name in names.into_iter().map_while(Result::ok) {
            let Name::Function(map) = name else { continue };
            for naming in map.into_iter().map_while(Result::ok) {
                let index = naming.index as usize;
                if index < self.functions.len() {
                    self.given.resize(self.functions.len(), None);
                    self.given[index] = Some(naming.name);
                }
            }
        }
    }

    /// Looks at all code for what has to be known before any of it is translated.
    fn survey(&mut self) -> Result<(), Error> {
        for body in &self.bodies {
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::MemoryGrow { .. } => self.grows = true,
                    Operator::RefFunc { function_index } => {
                        self.referenced.insert(function_index);
                    }
                    Operator::TableSet { table }
                    | Operator::TableGrow { table }
                    | Operator::TableFill { table } => {
                        named(&mut self.tables, table)?.changes = true;
                    }
                    Operator::TableGet { table } => named(&mut self.tables, table)?.read = true,
                    Operator::TableSize { table } | Operator::CallIndirect { table_index: table, .. } => {
                        named(&mut self.tables, table)?;
                    }
                    Operator::TableCopy { dst_table, src_table } => {
                        named(&mut self.tables, dst_table)?.changes = true;
                        named(&mut self.tables, src_table)?.read = true;
                    }
                    Operator::TableInit { table, elem_index } => {
                        named(&mut self.tables, table)?.changes = true;
                        named(&mut self.elements, elem_index)?.used = true;
                    }
                    Operator::ElemDrop { elem_index } => named(&mut self.elements, elem_index)?.used = true,
                    Operator::MemoryInit { data_index, .. } | Operator::DataDrop { data_index } => {
                        named(&mut self.data, data_index)?.used = true;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Options;

    #[test]
    fn functions_that_take_too_much_are_refused() {
        let compiled = |parameters: usize| {
            let types = " i64".repeat(parameters);
            let module = wat::parse_str(format!("(module (func (param{types})))")).unwrap();
            crate::compile(&module, &Options::new("app")).map_err(|error| error.to_string())
        };
        assert!(compiled(60).is_ok());
        assert!(compiled(61).unwrap_err().contains("61 parameters, and may have 60"));
    }
}
