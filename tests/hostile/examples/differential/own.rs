//! Modules of our own: small functions of what an interpreter joins and what it keeps in registers and slots.

use crate::code::Body;
use crate::known::Known;
use crate::numbers::Numbers;
use std::borrow::Cow;
use std::collections::BTreeSet;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, MemorySection, MemoryType,
    Module, RefType, TableSection, TableType, TypeSection, ValType,
};

use ValType::{F32, F64, I32, I64};

/// How many calls a call from outside may cause.
const STEPS: i32 = 60;

pub struct Signature {
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

/// What functions can name.
pub struct Shape {
    /// What there may be that the engine is known to get wrong.
    pub known: Option<Known>,
    pub types: Vec<Signature>,
    /// The type of each function.
    pub functions: Vec<usize>,
    pub globals: Vec<(ValType, bool)>,
    /// The memory's size in bytes.
    pub memory: u32,
    pub tables: Vec<u32>,
    pub elements: u32,
    pub data: u32,
}

impl Shape {
    /// Whether blocks may have parameters.
    pub fn has_parameters(&self) -> bool {
        self.known == Some(Known::Blocks)
    }
}

/// The type of no parameters and no results. Those before it are of functions, those behind it of blocks without parameters.
pub const EMPTY: usize = 10;

/// The global that has the calls that are left.
pub const STEPS_GLOBAL: u32 = 0;

fn types(numbers: &mut Numbers) -> Vec<Signature> {
    let list = |numbers: &mut Numbers, most: usize| {
        let count = numbers.below(most + 1);
        (0..count).map(|_| numbers.ty()).collect::<Vec<_>>()
    };
    // The first four are those of single values, so that each expression has what to call.
    let mut all: Vec<Signature> = [I32, I64, F32, F64]
        .map(|ty| Signature {
            params: vec![ty],
            results: vec![ty],
        })
        .into();
    for _ in all.len()..EMPTY {
        let many = numbers.of(&[2, 3, 5, 12]);
        let params = list(numbers, many);
        let many = numbers.of(&[1, 1, 2, 6]);
        let results = list(numbers, many);
        all.push(Signature { params, results });
    }
    all.push(Signature {
        params: vec![],
        results: vec![],
    });
    for number in 4..EMPTY {
        let results = all[number].results.clone();
        all.push(Signature {
            params: vec![],
            results,
        });
    }
    all
}

fn constant(numbers: &mut Numbers, ty: ValType) -> ConstExpr {
    let bits = numbers.bits(ty);
    match ty {
        I64 => ConstExpr::i64_const(bits as i64),
        F32 => ConstExpr::f32_const(f32::from_bits(bits as u32).into()),
        F64 => ConstExpr::f64_const(f64::from_bits(bits).into()),
        _ => ConstExpr::i32_const(bits as i32),
    }
}

fn global(ty: ValType, mutable: bool) -> GlobalType {
    GlobalType {
        val_type: ty,
        mutable,
        shared: false,
    }
}

/// The module of a seed, and how many parts it has; those whose numbers are in `without` are left out of it.
/// It has this of what the engine is known to get wrong.
pub fn module(
    numbers: &mut Numbers,
    without: &BTreeSet<u32>,
    known: Option<Known>,
) -> (Vec<u8>, u32) {
    let types = types(numbers);
    let functions: Vec<usize> = (0..6 + numbers.below(6))
        .map(|number| match number {
            0..4 => number,
            _ => 4 + numbers.below(EMPTY - 3),
        })
        .collect();
    // One in four has pages of one byte.
    let (pages, page_size_log2) = match numbers.below(4) {
        0 => (3000, Some(0)),
        _ => (1 + numbers.below(2) as u64, None),
    };
    let mut globals = vec![(I32, true)];
    globals.extend([I32, I64, F32, F64].map(|ty| (ty, true)));
    globals.extend([I32, I64, F32, F64].map(|ty| (ty, false)));
    let shape = Shape {
        known,
        types,
        functions,
        globals,
        memory: if page_size_log2.is_some() {
            3000
        } else {
            pages as u32 * 65536
        },
        tables: vec![16, 5],
        elements: 4,
        data: 3,
    };

    let mut type_section = TypeSection::new();
    for ty in &shape.types {
        type_section
            .ty()
            .function(ty.params.iter().copied(), ty.results.iter().copied());
    }
    let (mut own, mut exports) = (FunctionSection::new(), ExportSection::new());
    for (number, ty) in shape.functions.iter().enumerate() {
        own.function(*ty as u32);
        exports.export(&format!("f{number}"), ExportKind::Func, number as u32);
    }
    own.function(EMPTY as u32);
    exports.export("reset", ExportKind::Func, shape.functions.len() as u32);
    exports.export("memory", ExportKind::Memory, 0);

    let mut tables = TableSection::new();
    for (number, size) in shape.tables.iter().enumerate() {
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: u64::from(*size),
            maximum: Some(u64::from(*size) + 4),
            shared: false,
        });
        exports.export(&format!("t{number}"), ExportKind::Table, number as u32);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: Some(pages + 2),
        memory64: false,
        shared: false,
        page_size_log2,
    });
    let mut global_section = GlobalSection::new();
    for (number, (ty, mutable)) in shape.globals.iter().enumerate() {
        let value = match number {
            0 => ConstExpr::i32_const(STEPS),
            _ => constant(numbers, *ty),
        };
        global_section.global(global(*ty, *mutable), &value);
        exports.export(&format!("g{number}"), ExportKind::Global, number as u32);
    }

    let count = shape.functions.len();
    let some = |numbers: &mut Numbers, length: usize| -> Vec<u32> {
        (0..length).map(|_| numbers.below(count) as u32).collect()
    };
    let mut elements = ElementSection::new();
    // The first table has functions in the order of their numbers, and some more; its last places are null.
    let mut first: Vec<u32> = (0..count as u32).collect();
    let more = some(numbers, 14 - count);
    first.extend(more);
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions(first.into()),
    );
    let second = some(numbers, 2);
    elements.active(
        Some(1),
        &ConstExpr::i32_const(1),
        Elements::Functions(second.into()),
    );
    let passive = some(numbers, 6);
    elements.passive(Elements::Functions(passive.into()));
    let expressions = [
        ConstExpr::ref_func(numbers.below(count) as u32),
        ConstExpr::ref_null(wasm_encoder::HeapType::FUNC),
        ConstExpr::ref_func(numbers.below(count) as u32),
    ];
    elements.passive(Elements::Expressions(
        RefType::FUNCREF,
        Cow::Borrowed(&expressions),
    ));

    let mut data = DataSection::new();
    let mut bytes =
        |count: usize| -> Vec<u8> { (0..count).map(|_| numbers.next() as u8).collect() };
    data.active(0, &ConstExpr::i32_const(0), bytes(256));
    data.active(
        0,
        &ConstExpr::i32_const(shape.memory as i32 - 64),
        bytes(64),
    );
    data.passive(bytes(40));

    let (mut code, mut parts) = (CodeSection::new(), 0);
    for ty in &shape.functions {
        let body = Body::new(&shape, *ty, numbers, without, &mut parts);
        code.function(&body.function());
    }
    let mut reset = Function::new([]);
    reset
        .instructions()
        .i32_const(STEPS)
        .global_set(STEPS_GLOBAL)
        .end();
    code.function(&reset);

    let mut module = Module::new();
    module
        .section(&type_section)
        .section(&own)
        .section(&tables)
        .section(&memories)
        .section(&global_section)
        .section(&exports)
        .section(&elements)
        .section(&DataCountSection { count: shape.data })
        .section(&code)
        .section(&data);
    (module.finish(), parts)
}
