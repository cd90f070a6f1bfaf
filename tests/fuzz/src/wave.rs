//! Values of WAVE, as `call` takes them from a command line or a shell, and gives them back.
//!
//! The first line is a function's type, the next ones its arguments, up to an empty one. What follows is the memory of the app
//! that has the function; it returns what it was given where types allow that, else what the memory says.

use hostile::parts;
use wasm_encoder::{
    CodeSection, CustomSection, ExportKind, ExportSection, Function, FunctionSection, MemArg,
    Module, TypeSection, ValType,
};
use zephyr_wasm_cli::fuzz::arguments;
use zephyr_wasm_platform_host::{App, Settings};
use zephyr_wasm_runtime::call::{EXPORTS, Signature, Type};
use zephyr_wasm_runtime::{End, Limits, Refusal};

/// The bytes of an app's memory; `cabi_realloc` gives those behind the first half.
const MEMORY: u32 = 8192;
/// The most parameters that are passed by value, and what is still a function.
const MOST_FLAT: usize = 16;
const MOST: usize = 400;

/// Calls a function of an app with arguments.
pub fn wave(data: &[u8]) {
    let mut rest = data;
    let mut lines = Vec::new();
    while let Some(line) = next_line(&mut rest).filter(|line| !line.is_empty()) {
        let Ok(line) = std::str::from_utf8(line) else {
            return;
        };
        lines.push(line.to_owned());
    }
    let Some((text, given)) = lines.split_first() else {
        return;
    };
    let Some(signature) = Signature::parse(text) else {
        return;
    };
    let Some((app, is_echo)) = app(text, &signature, rest) else {
        return;
    };
    // As the tool, which reads them first, and as a shell, which does not.
    let canonical = arguments(&signature, given).ok();
    let plain = given.join(", ");
    if let Some(canonical) = &canonical {
        let (end, result) = call(app.clone(), canonical);
        if given.len() == signature.params.len() {
            // Whatever the tool takes and writes, a board reads.
            let refused = matches!(end, End::Refused(Refusal::Arguments));
            assert!(!refused, "{text}: {given:?} as {canonical:?}: {result}");
        }
        if is_echo && end == End::Returned(0) {
            let again = arguments(&signature, std::slice::from_ref(&result));
            let again = again.unwrap_or_else(|error| panic!("{text}: {result:?}: {error:#}"));
            assert_eq!(
                again, *canonical,
                "{text}: {given:?} came back as {result:?}"
            );
        }
    }
    if canonical.is_none_or(|canonical| canonical != plain) {
        call(app, &plain);
    }
}

fn next_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let line = &rest[..end];
    *rest = &rest[end + 1..];
    Some(line)
}

/// How a call ended, and what it returned, or why not.
fn call(app: Vec<u8>, arguments: &str) -> (End, String) {
    let settings = Settings {
        region: 128 * 1024,
        limits: Limits {
            fuel: Some(20_000),
            ..Limits::default()
        },
        call: Some(("f".into(), arguments.into())),
        ..Settings::new("wave")
    };
    let app = App::start(settings, app).expect("there is a thread");
    let (end, message, result) = app.join_with_result();
    match end {
        End::Returned(_) => (end, result),
        End::Trapped(_) | End::Violated(_) | End::OutOfMemory => (end, message),
        End::Refused(Refusal::Arguments) => (end, message),
        _ => panic!("{arguments:?}: {end:?}: {message}"),
    }
}

/// An app with such a function, and whether that returns what it is given.
fn app(text: &str, signature: &Signature<'_>, memory: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut params = Vec::new();
    signature.params.iter().for_each(|ty| flat(ty, &mut params));
    let mut results = Vec::new();
    signature
        .result
        .iter()
        .for_each(|ty| flat(ty, &mut results));
    if params.len() > MOST || results.len() > MOST {
        return None;
    }
    let is_same =
        signature.params.len() == 1 && signature.params.first() == signature.result.as_ref();
    let mut function = Function::new([]);
    let mut code = function.instructions();
    let is_echo = if is_same && params.len() == 1 {
        code.local_get(0);
        true
    } else if is_same && params == [ValType::I32; 2] {
        // A string or list, or two small things: both begin with 4 bytes of each only if they are the former.
        for (offset, local) in [(0, 0), (4, 1)] {
            let place = MemArg {
                offset,
                align: 2,
                memory_index: 0,
            };
            code.i32_const(0).local_get(local).i32_store(place);
        }
        code.i32_const(0);
        matches!(signature.result, Some(Type::Text | Type::List(_)))
    } else if is_same && params.len() > MOST_FLAT {
        code.local_get(0);
        true
    } else {
        match results.as_slice() {
            [] => {}
            [ValType::I64] => {
                code.i64_const(memory.first().copied().unwrap_or(0).into());
            }
            [ValType::F32] => {
                code.f32_const(f32::NAN.into());
            }
            [ValType::F64] => {
                code.f64_const(f64::NAN.into());
            }
            // A number, or where the result is: in memory, or a little behind it.
            _ => {
                let first = memory.first().copied().unwrap_or(0);
                code.i32_const(i32::from(first) * 36);
            }
        }
        false
    };
    code.end();
    if params.len() > MOST_FLAT {
        params = vec![ValType::I32];
    }
    if results.len() > 1 {
        results = vec![ValType::I32];
    }
    Some((module(text, params, results, &function, memory), is_echo))
}

fn module(
    text: &str,
    params: Vec<ValType>,
    results: Vec<ValType>,
    function: &Function,
    memory: &[u8],
) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(params, results);
    types.ty().function([ValType::I32; 4], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(1);
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("f", ExportKind::Func, 0);
    exports.export("cabi_realloc", ExportKind::Func, 1);
    let mut realloc = Function::new([]);
    parts::give_next_free(&mut realloc.instructions());
    realloc.instructions().end();
    let mut codes = CodeSection::new();
    codes.function(function).function(&realloc);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&parts::memory(MEMORY));
    module.section(&parts::next_free(MEMORY));
    module.section(&exports).section(&codes);
    module.section(&parts::contents(memory, MEMORY));
    module.section(&CustomSection {
        name: EXPORTS.into(),
        data: format!("f {text}\n").into_bytes().into(),
    });
    module.finish()
}

/// The core types of a type, as the canonical ABI has them.
fn flat(ty: &Type<'_>, into: &mut Vec<ValType>) {
    match ty {
        Type::Integer(64, _) => into.push(ValType::I64),
        Type::Float(32) => into.push(ValType::F32),
        Type::Float(_) => into.push(ValType::F64),
        Type::Bool | Type::Integer(..) | Type::Char | Type::Flags(_) => into.push(ValType::I32),
        Type::Text | Type::List(_) => into.extend([ValType::I32; 2]),
        Type::Fields(fields) => fields.iter().for_each(|(_, ty)| flat(ty, into)),
        Type::Cases(cases) => {
            into.push(ValType::I32);
            let first = into.len();
            for ty in cases.iter().filter_map(|(_, ty)| ty.as_ref()) {
                let mut payload = Vec::new();
                flat(ty, &mut payload);
                for (index, ty) in payload.into_iter().enumerate() {
                    match into.get_mut(first + index) {
                        None => into.push(ty),
                        Some(both) => *both = joined(*both, ty),
                    }
                }
            }
        }
    }
}

fn joined(one: ValType, other: ValType) -> ValType {
    match (one, other) {
        _ if one == other => one,
        (ValType::I32, ValType::F32) | (ValType::F32, ValType::I32) => ValType::I32,
        _ => ValType::I64,
    }
}
