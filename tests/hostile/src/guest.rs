//! The module of a hostile guest.

use crate::input::{Input, MEMORY};
use crate::interfaces::{self, Function as Import, Interface};
use crate::parts;
use std::sync::OnceLock;
use wasm_encoder::{
    CodeSection, CustomSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, InstructionSink, Module, TypeSection, ValType,
};

/// Of packages that reach other machines, what stays on this one. Of all others, everything is granted.
const NEAR: &str = "zephyr:sockets connect udp://127.0.0.1:*
zephyr:sockets connect tcp://127.0.0.1:*
zephyr:sockets bind udp:0
zephyr:sockets bind tcp:0
zephyr:coap serve *
zephyr:http
";

/// The manifest of a hostile guest, as a board reads it.
fn manifest() -> &'static [u8] {
    static MANIFEST: OnceLock<String> = OnceLock::new();
    MANIFEST.get_or_init(written).as_bytes()
}

fn written() -> String {
    let mut text = format!("name hostile\ntest:roundtrip\n$root\n{NEAR}");
    for (name, kinds) in interfaces::packages() {
        let is_near = NEAR
            .lines()
            .any(|line| line.split(' ').next() == Some(&name));
        for kind in kinds.iter().filter(|_| !is_near) {
            let all = if kind.is_number { "4096" } else { "*" };
            text += &format!("{name} {} {all}\n", kind.name);
        }
        if kinds.is_empty() {
            text += &format!("{name}\n");
        }
    }
    text.trim_end().into()
}

/// The most calls that a guest makes.
const CALLS: usize = 5;

/// Type numbers: those of the imports come after these.
const RUN: u32 = 0;
const REALLOC: u32 = 1;
const OWN_TYPES: u32 = 2;

/// A guest that makes a few calls of an interface's functions, with values, memory and `cabi_realloc` from the input.
pub fn module(interface: &Interface, input: &mut Input<'_>) -> Vec<u8> {
    let functions = &interface.functions;
    let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
    types.ty().function([], [ValType::I32]);
    types.ty().function([ValType::I32; 4], [ValType::I32]);
    for (index, function) in functions.iter().enumerate() {
        types.ty().function(
            function.params.iter().copied(),
            function.results.iter().copied(),
        );
        imports.import(
            &interface.name,
            &function.name,
            EntityType::Function(OWN_TYPES + index as u32),
        );
    }

    let mut run = Function::new([]);
    for _ in 0..=input.below(CALLS) {
        let target = input.below(functions.len());
        call(&mut run.instructions(), target, &functions[target], input);
    }
    run.instructions().i32_const(0).end();

    let kind = input.below(8);
    let target = input.below(functions.len());
    let mut realloc = Function::new([]);
    self::realloc(&mut realloc.instructions(), kind, functions, target, input);

    let first_own = functions.len() as u32;
    let mut exports = ExportSection::new();
    exports
        .export("memory", ExportKind::Memory, 0)
        .export("run", ExportKind::Func, first_own);
    // One in eight has none.
    if kind != 0 {
        exports.export("cabi_realloc", ExportKind::Func, first_own + 1);
    }
    let mut own = FunctionSection::new();
    own.function(RUN).function(REALLOC);
    let mut code = CodeSection::new();
    code.function(&run).function(&realloc);
    let data = parts::contents(input.rest(), MEMORY);

    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&own)
        .section(&parts::memory(MEMORY))
        .section(&parts::next_free(MEMORY));
    module.section(&exports).section(&code).section(&data);
    module.section(&CustomSection {
        name: "zephyr-wasm:app".into(),
        data: manifest().into(),
    });
    module.finish()
}

/// A call of an import, whose result is dropped.
fn call(code: &mut InstructionSink<'_>, target: usize, function: &Import, input: &mut Input<'_>) {
    for ty in &function.params {
        let number = input.number();
        match ty {
            ValType::I64 => code.i64_const((i64::from(number) << 32) | i64::from(input.word())),
            ValType::F32 => code.f32_const(f32::from_bits(number as u32).into()),
            ValType::F64 => code.f64_const(f64::from(f32::from_bits(number as u32)).into()),
            _ => code.i32_const(number),
        };
    }
    code.call(target as u32);
    for _ in &function.results {
        code.drop();
    }
}

/// A `cabi_realloc` that does its work, lies, traps, grows the memory, recurses, or calls the host back.
fn realloc(
    code: &mut InstructionSink<'_>,
    kind: usize,
    functions: &[Import],
    target: usize,
    input: &mut Input<'_>,
) {
    match kind {
        1 => {
            code.i32_const(input.number());
        }
        2 => {
            code.unreachable();
        }
        3 => {
            code.i32_const(1000).memory_grow(0);
        }
        4 => {
            code.local_get(0)
                .local_get(1)
                .local_get(2)
                .local_get(3)
                .call(functions.len() as u32 + 1);
        }
        5 => {
            call(code, target, &functions[target], input);
            code.i32_const(64);
        }
        _ => parts::give_next_free(code),
    }
    code.end();
}
