//! The outside of a module: its sections of types, imports, functions, tables, memories and exports. It is valid, as
//! `zephyr-wasm compile` wrote it; what is not is read as if it ended there.

use super::function::Type;
use crate::value::ValueType;
use alloc::vec::Vec;
use core::marker::PhantomData;
use zephyr_wasm_manifest::section::length;

const HEADER: usize = 8;
const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const TABLES: u8 = 4;
const EXPORTS: u8 = 7;

/// The kind of an import or export that is a function, a memory, a global.
const FUNCTION: u8 = 0;
pub const MEMORY: u8 = 2;
pub const GLOBAL: u8 = 3;

/// A module without its code and data.
#[derive(Clone, Copy, Default)]
pub struct Outside {
    file: &'static [u8],
    /// Where sections begin, behind their numbers, by [`place_of`] these; 0 for one that is not there.
    starts: [u32; PLACES],
}

/// How many sections are looked at.
const PLACES: usize = 5;

/// The place of a section among those that are looked at.
fn place_of(section: u8) -> usize {
    match section {
        TYPES..=TABLES => usize::from(section - TYPES),
        EXPORTS => PLACES - 1,
        _ => PLACES,
    }
}

#[derive(Clone, Copy, Default)]
struct Reader(&'static [u8]);

impl Reader {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((byte, rest)) => {
                self.0 = rest;
                *byte
            }
            None => 0,
        }
    }

    #[inline(never)]
    fn number(&mut self) -> usize {
        if let [byte @ 0..0x80, rest @ ..] = self.0 {
            self.0 = rest;
            return usize::from(*byte);
        }
        match length(self.0) {
            Some((number, rest)) => {
                self.0 = rest;
                number
            }
            None => {
                self.0 = &[];
                0
            }
        }
    }

    fn bytes(&mut self, count: usize) -> &'static [u8] {
        let (bytes, rest) = self.0.split_at_checked(count).unwrap_or_default();
        self.0 = rest;
        bytes
    }

    fn name(&mut self) -> &'static [u8] {
        let size = self.number();
        self.bytes(size)
    }

    fn value_type(&mut self) -> ValueType {
        match self.byte() {
            0x7f => ValueType::I32,
            0x7e => ValueType::I64,
            0x7d => ValueType::F32,
            0x7c => ValueType::F64,
            0x63 | 0x64 => {
                self.number();
                ValueType::Reference
            }
            _ => ValueType::Reference,
        }
    }

    fn value_types(&mut self) -> impl ExactSizeIterator<Item = ValueType> {
        let count = self.number().min(self.0.len());
        (0..count).map(|_| self.value_type())
    }

    fn function_type(&mut self) -> Type {
        // A function is the only kind of type there is.
        self.byte();
        let mut types: Vec<_> = self.value_types().collect();
        let params = types.len();
        types.extend(self.value_types());
        Type::of(types, params)
    }

    /// Goes behind a type of a function.
    fn skip_function_type(&mut self) {
        self.byte();
        for _ in 0..2 {
            self.value_types().for_each(drop);
        }
    }

    /// Whether these types follow, and no others. Goes behind them only if they do.
    fn are_next(&mut self, types: &[ValueType]) -> bool {
        self.number() == types.len() && types.iter().all(|ty| self.value_type() == *ty)
    }
}

/// A name as text, which takes longer than to compare it as it is.
fn text(name: &[u8]) -> &str {
    core::str::from_utf8(name).unwrap_or_default()
}

/// What a module imports.
pub struct Import<'a> {
    pub from: &'a [u8],
    name: &'a [u8],
    /// Of a function, the number of its type.
    ty: Option<usize>,
    outside: &'a Outside,
}

impl<'a> Import<'a> {
    pub fn from(&self) -> &'a str {
        text(self.from)
    }

    pub fn name(&self) -> &'a str {
        text(self.name)
    }

    pub fn is_function(&self) -> bool {
        self.ty.is_some()
    }

    /// Whether it is a function that takes and returns these.
    pub fn has_type(&self, params: &[ValueType], results: &[ValueType]) -> bool {
        self.ty.is_some_and(|ty| self.outside.is_type(ty, params, results))
    }
}

/// What a module exports.
pub struct Export {
    name: &'static [u8],
    /// Which of the exports it is.
    pub number: u32,
    kind: u8,
    index: usize,
}

impl Export {
    /// The number of the function that it is.
    pub fn function(&self) -> Option<usize> {
        (self.kind == FUNCTION).then_some(self.index)
    }

    pub fn is(&self, kind: u8) -> bool {
        self.kind == kind
    }
}

impl Outside {
    pub fn new(file: &'static [u8]) -> Self {
        let mut starts = [0; PLACES];
        let mut rest = Reader(file.get(HEADER..).unwrap_or_default());
        while !rest.0.is_empty() {
            let id = rest.byte();
            let start = file.len() - rest.0.len();
            if let Some(known) = starts.get_mut(place_of(id)) {
                *known = start as u32;
            }
            let size = rest.number();
            rest.bytes(size);
        }
        Outside { file, starts }
    }

    pub fn bytes(&self) -> &'static [u8] {
        self.file
    }

    /// The entries of a section, and how many there are.
    #[inline(never)]
    fn section(&self, wanted: u8) -> (usize, Reader) {
        let start = self.starts.get(place_of(wanted)).copied().filter(|start| *start != 0);
        let from = start.and_then(|start| self.file.get(start as usize..));
        let Some(mut rest) = from.map(Reader) else { return (0, Reader::default()) };
        let size = rest.number();
        let mut body = Reader(rest.bytes(size));
        (body.number(), body)
    }

    /// The types from this number on.
    fn types_from(&self, index: usize) -> Reader {
        let (count, mut types) = self.section(TYPES);
        for _ in 0..index.min(count) {
            types.skip_function_type();
        }
        types
    }

    /// Whether a type is of a function that takes and returns these. Allocates nothing.
    #[inline(never)]
    fn is_type(&self, index: usize, params: &[ValueType], results: &[ValueType]) -> bool {
        let mut types = self.types_from(index);
        types.byte();
        types.are_next(params) && types.are_next(results)
    }

    /// How many functions it imports.
    pub fn import_count(&self) -> usize {
        self.section(IMPORTS).0
    }

    /// What it imports, which are functions. Others end it.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = Import<'_>> {
        let (count, mut imports) = self.section(IMPORTS);
        (0..count).map(move |_| {
            let (from, name) = (imports.name(), imports.name());
            let is_function = imports.byte() == FUNCTION;
            let ty = is_function.then(|| imports.number());
            Import { from, name, ty, outside: self }
        })
    }

    /// The number of the type of a function, which the module may import.
    #[inline(never)]
    fn type_number(&self, function: usize) -> usize {
        let Some(own) = function.checked_sub(self.import_count()) else {
            return self.imports().nth(function).and_then(|import| import.ty).unwrap_or(usize::MAX);
        };
        let (_, mut functions) = self.section(FUNCTIONS);
        for _ in 0..own {
            functions.number();
        }
        functions.number()
    }

    /// The type of a function.
    #[inline(never)]
    pub fn type_of(&self, function: usize) -> Type {
        self.types_from(self.type_number(function)).function_type()
    }

    /// Whether a function takes and returns these.
    pub fn has_type(&self, function: usize, params: &[ValueType], results: &[ValueType]) -> bool {
        self.is_type(self.type_number(function), params, results)
    }

    /// How many elements each table has as it begins.
    pub fn tables(&self) -> impl ExactSizeIterator<Item = usize> {
        let (count, mut tables) = self.section(TABLES);
        (0..count).map(move |_| {
            tables.value_type();
            let has_most = tables.byte() & 1 != 0;
            let least = tables.number();
            if has_most {
                tables.number();
            }
            least
        })
    }

    pub fn exports(&self) -> Exports {
        let (count, reader) = self.section(EXPORTS);
        Exports { reader, next: 0, count: count as u32 }
    }

    #[inline(never)]
    pub fn export(&self, name: &str) -> Option<Export> {
        self.exports().find(|export| export.name == name.as_bytes())
    }
}

/// What a module exports, in its order.
#[derive(Default)]
pub struct Exports {
    reader: Reader,
    next: u32,
    count: u32,
}

impl Iterator for Exports {
    type Item = Export;

    fn next(&mut self) -> Option<Export> {
        (self.next < self.count).then(|| {
            let number = self.next;
            self.next += 1;
            Export { name: self.reader.name(), number, kind: self.reader.byte(), index: self.reader.number() }
        })
    }
}

/// The names of the functions that a module exports.
#[derive(Default)]
pub struct Functions<'a>(pub(super) Exports, pub(super) PhantomData<&'a str>);

impl<'a> Iterator for Functions<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.find(|export| export.function().is_some()).map(|export| text(export.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ValueType::{F64, I32, I64};

    #[test]
    fn a_module_is_read_by_its_sections() {
        let file = wat::parse_str(
            r#"(module
                (@custom "first" "1")
                (type (func (param i64)))
                (import "from" "one" (func (param i32 f64) (result i32)))
                (import "from" "two" (func))
                (func (export "run") (result i32) (i32.const 0))
                (func (type 0))
                (table 3 funcref)
                (memory (export "memory") 1)
                (@custom "last" "1"))"#,
        );
        let outside = Outside::new(file.unwrap().leak());
        let imports: Vec<_> = outside.imports().collect();
        assert_eq!(outside.import_count(), 2);
        assert_eq!((imports[0].from(), imports[0].name()), ("from", "one"));
        assert!(imports[0].has_type(&[I32, F64], &[I32]) && imports[1].has_type(&[], &[]));
        for (params, results) in [(&[I32, F64][..], &[][..]), (&[I32], &[I32]), (&[I32, F64, I32], &[])] {
            assert!(!imports[0].has_type(params, results) && !imports[1].has_type(params, results));
        }
        assert!(outside.has_type(2, &[], &[I32]) && outside.has_type(3, &[I64], &[]));
        assert!(!outside.has_type(2, &[], &[I64]) && !outside.has_type(3, &[I64], &[I64]));
        assert_eq!(outside.type_of(0), Type::new([I32, F64], [I32]));
        assert_eq!(outside.tables().collect::<Vec<_>>(), [3]);
        assert_eq!(outside.export("run").and_then(|export| export.function()), Some(2));
        assert!(outside.export("memory").is_some_and(|export| export.is(MEMORY)));
        assert!(outside.export("mem").is_none());
    }

    #[test]
    fn what_is_not_there_is_empty() {
        for file in [&b""[..], b"\0asm\x01\0\0\0"] {
            let outside = Outside::new(file);
            assert_eq!((outside.import_count(), outside.tables().len()), (0, 0));
            assert!(outside.export("run").is_none() && outside.type_of(0) == Type::default());
        }
    }
}
