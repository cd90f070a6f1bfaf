//! What stands for an app of which `zephyr-wasm sign --strip` has left machine code only, where it is loaded here.

use anyhow::Result;
use wasm_encoder::{CodeSection, ExportKind, ExportSection, Module, RawSection, Section};
use wasmparser::{ExternalKind, Parser, Payload};
use zephyr_wasm_runtime::check;

/// A function without code: no locals, `unreachable`, `end`.
const TRAP: &[u8] = &[0x00, 0x00, 0x0b];

/// A module that imports and exports what such an app does, with its memory, its tables and its custom sections, and whose
/// functions trap; none, if the app has its WebAssembly code. Its variables are not there, and so not exported either:
/// a board reads those by the machine code.
///
/// # Errors
/// If the app cannot be read.
pub fn stand_in(app: &[u8]) -> Result<Option<Vec<u8>>> {
    if check::has_code(app) {
        return Ok(None);
    }
    // A parser takes no functions without code.
    let mut functions = CodeSection::new();
    for payload in Parser::new(0).parse_all(app).map_while(Result::ok) {
        if let Payload::FunctionSection(section) = payload {
            for function in section {
                function?;
                functions.raw(TRAP);
            }
        }
    }
    let mut whole = app.to_vec();
    functions.append_to(&mut whole);
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(&whole) {
        let payload = payload?;
        if let Payload::ExportSection(section) = &payload {
            module.section(&without_variables(section.clone())?);
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &whole[range.start as usize..range.end as usize] });
        }
    }
    Ok(Some(module.finish()))
}

fn without_variables(section: wasmparser::ExportSectionReader<'_>) -> Result<ExportSection> {
    let mut exports = ExportSection::new();
    for export in section {
        let export = export?;
        if export.kind != ExternalKind::Global {
            exports.export(export.name, ExportKind::from(export.kind), export.index);
        }
    }
    Ok(exports)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zephyr_wasm_engine::validate;

    #[test]
    fn what_was_left_out_is_stood_in_for() {
        let whole = wat::parse_str(
            r#"(module
                (import "a" "b" (func (param i32)))
                (global (export "g") (mut i32) (i32.const 1))
                (memory (export "memory") 1)
                (data (i32.const 0) "1")
                (func (export "run") (result i32) (global.get 0))
                (@custom "last" "1"))"#,
        )
        .unwrap();
        assert_eq!(stand_in(&whole).unwrap(), None);
        let stripped = zephyr_wasm_compile::outside(&whole).unwrap();
        assert!(validate(&stripped).is_err());
        let module = stand_in(&stripped).unwrap().unwrap();
        validate(&module).unwrap();
        assert_eq!(crate::module::exported_functions(&module), ["run"]);
        assert_eq!(check::custom_section(&module, "last"), Some(&b"1"[..]));
        // What is cut, or has a section that cannot be read, is told.
        assert!(stand_in(&stripped[..stripped.len() - 1]).is_err());
    }
}
