//! What our engine computes with a module, set up as the runtime does it, in lines of text.

use crate::numbers::Numbers;
use std::fmt::Write;
use wasm_encoder as encoder;
use wasmi::{Engine, Error, Extern, Func, Instance, Module, Store, TrapCode, Val, ValType};
use zephyr_wasm_runtime::engine::Settings;
use zephyr_wasm_runtime::engine::config;

/// How often each function is called.
const ROUNDS: usize = 3;

/// More than an app has: what does not fit these says nothing.
fn settings(count_fuel: bool) -> Settings {
    Settings {
        value_stack: 1 << 21,
        call_depth: 5000,
        count_fuel,
    }
}

const FUEL: u64 = 50_000_000;

/// How a call ended, in a word; none, if that is the engine's own affair.
fn trap(error: &Error) -> Option<&'static str> {
    Some(match error.as_trap_code() {
        Some(TrapCode::UnreachableCodeReached) => "unreachable",
        Some(TrapCode::MemoryOutOfBounds) => "memory",
        Some(TrapCode::TableOutOfBounds) => "table",
        Some(TrapCode::IndirectCallToNull) => "null",
        Some(TrapCode::IntegerDivisionByZero) => "division",
        Some(TrapCode::IntegerOverflow) => "overflow",
        Some(TrapCode::BadConversionToInteger) => "conversion",
        Some(TrapCode::BadSignature) => "signature",
        _ => return None,
    })
}

/// A value with its type, by its bits; NaNs are all the same, and so are references that are not null.
fn told(value: &Val) -> String {
    match value {
        Val::I32(value) => format!("i32:{:x}", value.cast_unsigned()),
        Val::I64(value) => format!("i64:{:x}", value.cast_unsigned()),
        Val::F32(value) if f32::from(*value).is_nan() => "f32:nan".into(),
        Val::F64(value) if f64::from(*value).is_nan() => "f64:nan".into(),
        Val::F32(value) => format!("f32:{:x}", value.to_bits()),
        Val::F64(value) => format!("f64:{:x}", value.to_bits()),
        Val::FuncRef(reference) if reference.is_null() => "null".into(),
        Val::ExternRef(reference) if reference.is_null() => "null".into(),
        _ => "reference".into(),
    }
}

fn told_all(values: &[Val]) -> String {
    values
        .iter()
        .map(|value| format!(" {}", told(value)))
        .collect()
}

/// Adler-32, as zlib has it.
pub fn hash(bytes: &[u8]) -> u32 {
    let (mut one, mut other) = (1u32, 0u32);
    for chunk in bytes.chunks(5000) {
        for byte in chunk {
            one += u32::from(*byte);
            other += one;
        }
        one %= 65521;
        other %= 65521;
    }
    other << 16 | one
}

fn argument(numbers: &mut Numbers, ty: ValType) -> Option<Val> {
    Some(match ty {
        ValType::I32 => Val::I32(numbers.bits(encoder::ValType::I32) as i32),
        ValType::I64 => Val::I64(numbers.bits(encoder::ValType::I64) as i64),
        ValType::F32 => Val::F32(f32::from_bits(numbers.bits(encoder::ValType::F32) as u32).into()),
        ValType::F64 => Val::F64(f64::from_bits(numbers.bits(encoder::ValType::F64)).into()),
        _ => return None,
    })
}

fn hex(name: &str) -> String {
    let bytes: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("x{bytes}")
}

/// An instance with its exports in the order of their names.
struct Running {
    store: Store<()>,
    exports: Vec<(String, Extern)>,
}

impl Running {
    fn new(engine: &Engine, module: &Module, fuel: bool) -> Result<Self, Error> {
        let mut store = Store::new(engine, ());
        if fuel {
            store.set_fuel(FUEL)?;
        }
        let instance = Instance::new(&mut store, module, &[])?;
        let mut exports: Vec<(String, Extern)> = instance
            .exports(&store)
            .map(|export| (export.name().to_owned(), export.into_extern()))
            .collect();
        exports.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(Running { store, exports })
    }

    fn functions(&self) -> Vec<(String, Func)> {
        let function = |(name, item): &(String, Extern)| Some((name.clone(), item.into_func()?));
        self.exports.iter().filter_map(function).collect()
    }

    /// What its memories, globals and tables have.
    fn state(&self) -> String {
        let mut line = String::from("state");
        for (_, item) in &self.exports {
            let _ = match item {
                Extern::Memory(memory) => {
                    let bytes = memory.data(&self.store);
                    write!(line, " memory:{:x}:{:x}", bytes.len(), hash(bytes))
                }
                Extern::Global(global) => write!(line, " {}", told(&global.get(&self.store))),
                Extern::Table(table) => {
                    let size = table.size(&self.store);
                    let is_null = |index| {
                        let element = table.get(&self.store, index);
                        element.is_some_and(|reference| reference.is_null())
                    };
                    let nulls: String = (0..size)
                        .map(|index| if is_null(index) { '0' } else { '1' })
                        .collect();
                    write!(line, " table:{nulls}")
                }
                Extern::Func(_) => Ok(()),
            };
        }
        line
    }
}

/// Calls each function of a valid module some times, with what comes of `numbers`.
pub fn lines(bytes: &[u8], numbers: &mut Numbers) -> Vec<String> {
    let fuel = numbers.once_in(2);
    let engine = Engine::new(&config(&settings(fuel)));
    let module = Module::new(&engine, bytes).expect("a valid module");
    let mut lines = Vec::new();
    let start = |lines: &mut Vec<String>| match Running::new(&engine, &module, fuel) {
        Ok(running) => {
            lines.push("new ok".into());
            Some(running)
        }
        Err(error) => {
            lines.push(format!("new trap {}", trap(&error).unwrap_or("table")));
            None
        }
    };
    let Some(mut running) = start(&mut lines) else {
        return lines;
    };
    for _ in 0..ROUNDS {
        for number in 0..running.functions().len() {
            let functions = running.functions();
            let (name, function) = &functions[number];
            let ty = function.ty(&running.store);
            let arguments: Option<Vec<Val>> = ty
                .params()
                .iter()
                .map(|ty| argument(numbers, *ty))
                .collect();
            let Some(arguments) = arguments else { continue };
            let mut results: Vec<Val> = ty
                .results()
                .iter()
                .map(|ty| Val::default_for_ty(*ty))
                .collect();
            if let Some((_, reset)) = functions.iter().find(|(name, _)| name == "reset") {
                reset
                    .call(&mut running.store, &[], &mut [])
                    .expect("it sets a global");
                lines.push(format!("call {} -> ok", hex("reset")));
            }
            let called = function.call(&mut running.store, &arguments, &mut results);
            let head = format!("call {}{} ->", hex(name), told_all(&arguments));
            match called {
                Ok(()) => lines.push(format!("{head} ok{}", told_all(&results))),
                Err(error) => {
                    let Some(word) = trap(&error) else {
                        lines.push(format!("skip {error}"));
                        return lines;
                    };
                    lines.push(format!("{head} trap {word}"));
                    lines.push(running.state());
                    match start(&mut lines) {
                        Some(anew) => running = anew,
                        None => return lines,
                    }
                }
            }
        }
    }
    lines.push(running.state());
    lines
}
