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
pub struct Outside(&'static [u8]);

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

    fn text(&mut self) -> &'static str {
        let size = self.number();
        core::str::from_utf8(self.bytes(size)).unwrap_or_default()
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
}

/// What a module imports.
pub struct Import<'a> {
    pub from: &'a str,
    pub name: &'a str,
    /// Of a function, its type.
    pub ty: Option<Type>,
}

/// What a module exports.
pub struct Export {
    pub name: &'static str,
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
        Outside(file)
    }

    /// The entries of a section, and how many there are.
    #[inline(never)]
    fn section(self, wanted: u8) -> (usize, Reader) {
        let mut rest = Reader(self.0.get(HEADER..).unwrap_or_default());
        while !rest.0.is_empty() {
            let id = rest.byte();
            let size = rest.number();
            let mut body = Reader(rest.bytes(size));
            if id == wanted {
                return (body.number(), body);
            }
        }
        (0, Reader::default())
    }

    /// The type of this number.
    fn type_at(self, index: usize) -> Type {
        let (count, mut types) = self.section(TYPES);
        for _ in 0..index.min(count) {
            types.skip_function_type();
        }
        types.function_type()
    }

    /// What it imports, which are functions. Others end it.
    pub fn imports(self) -> impl ExactSizeIterator<Item = Import<'static>> {
        let (count, mut imports) = self.section(IMPORTS);
        (0..count).map(move |_| {
            let (from, name) = (imports.text(), imports.text());
            let is_function = imports.byte() == FUNCTION;
            let ty = is_function.then(|| self.type_at(imports.number()));
            Import { from, name, ty }
        })
    }

    /// The type of a function, which the module may import.
    #[inline(never)]
    pub fn type_of(self, function: usize) -> Type {
        let mut imports = self.imports();
        let Some(own) = function.checked_sub(imports.len()) else {
            return imports.nth(function).and_then(|import| import.ty).unwrap_or_default();
        };
        let (_, mut functions) = self.section(FUNCTIONS);
        for _ in 0..own {
            functions.number();
        }
        self.type_at(functions.number())
    }

    /// How many elements each table has as it begins.
    pub fn tables(self) -> impl ExactSizeIterator<Item = usize> {
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

    pub fn exports(self) -> Exports {
        let (count, reader) = self.section(EXPORTS);
        Exports { reader, next: 0, count: count as u32 }
    }

    #[inline(never)]
    pub fn export(self, name: &str) -> Option<Export> {
        self.exports().find(|export| export.name == name)
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
            Export { name: self.reader.text(), number, kind: self.reader.byte(), index: self.reader.number() }
        })
    }
}

/// The names of the functions that a module exports.
#[derive(Default)]
pub struct Functions<'a>(pub(super) Exports, pub(super) PhantomData<&'a str>);

impl<'a> Iterator for Functions<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.find(|export| export.function().is_some()).map(|export| export.name)
    }
}
