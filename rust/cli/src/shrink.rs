//! Takes from a module what toolchains leave in it and no board uses: custom sections, exports of the linker's, and
//! code that cannot be reached; and joins what is quicker to load in one piece.
//!
//! Functions keep their numbers, so that nothing has to be rewritten: one that cannot be reached becomes a trap of
//! three bytes.

use crate::data::joined;
use crate::stack::{self, STACK_POINTER};
use anyhow::Result;
use std::collections::BTreeSet;
use wasm_encoder::{CodeSection, ExportKind, ExportSection, Module, RawSection, SectionId};
use wasmparser::{ElementItems, Export, ExternalKind, FunctionBody, Operator, Parser, Payload, TypeRef};

/// An unreachable function: no locals, `unreachable`, `end`.
const TRAP: &[u8] = &[0x00, 0x00, 0x0b];

/// What is known of a module.
#[derive(Default)]
struct Survey<'a> {
    /// How many functions it imports.
    imports: usize,
    exports: Vec<Export<'a>>,
    bodies: Vec<FunctionBody<'a>>,
    /// Functions that tables name, those that constants of globals do, and those that code makes references of.
    in_tables: Vec<u32>,
    in_globals: Vec<u32>,
    in_code: BTreeSet<u32>,
    /// Whether code names its data segments.
    names_data: bool,
}

/// Makes the module smaller without changing what it does; `reserves` tells whether the host needs its
/// `cabi_realloc`, and `tells_stack` whether it looks at the pointer of the app's own stack.
///
/// # Errors
/// Where the module cannot be parsed.
pub fn shrink(bytes: &[u8], reserves: bool, tells_stack: bool) -> Result<Vec<u8>> {
    let mut survey = survey(bytes)?;
    survey.drop_exports(reserves);
    survey.export_stack(if tells_stack { stack::pointer(bytes)? } else { None });
    let (reached, uses_tables) = survey.reach()?;

    let raw = |range: std::ops::Range<_>| &bytes[range.start as usize..range.end as usize];
    let mut module = Module::new();
    let mut functions = CodeSection::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        match &payload {
            Payload::CustomSection(_) => {}
            Payload::TableSection(_) | Payload::ElementSection(_) if !uses_tables => {}
            Payload::ExportSection(_) => {
                module.section(&survey.export_section());
            }
            Payload::DataSection(section) if !survey.names_data => {
                match joined(section.clone())? {
                    Some(joined) => module.section(&joined),
                    None => {
                        module.section(&RawSection { id: SectionId::Data as u8, data: raw(section.range()) })
                    }
                };
            }
            Payload::CodeSectionStart { .. } if survey.bodies.is_empty() => {}
            Payload::CodeSectionStart { .. } => {
                for (index, body) in survey.bodies.iter().enumerate() {
                    let number = (survey.imports + index) as u32;
                    functions.raw(if reached.contains(&number) { body.as_bytes() } else { TRAP });
                }
                module.section(&functions);
            }
            Payload::CodeSectionEntry(_) => {}
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    debug_assert_ne!(id, SectionId::Code as u8);
                    module.section(&RawSection { id, data: raw(range) });
                }
            }
        }
    }
    Ok(module.finish())
}

fn survey(bytes: &[u8]) -> Result<Survey<'_>> {
    let mut survey = Survey::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if matches!(import.ty, TypeRef::Func(_)) {
                        survey.imports += 1;
                    }
                }
            }
            Payload::ExportSection(section) => {
                survey.exports = section.into_iter().collect::<wasmparser::Result<_>>()?;
            }
            Payload::ElementSection(section) => {
                for element in section {
                    match element?.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                survey.in_tables.push(function?);
                            }
                        }
                        ElementItems::Expressions(_, expressions) => {
                            for expression in expressions {
                                collect(expression?.get_operators_reader(), &mut survey.in_tables)?;
                            }
                        }
                    }
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    collect(global?.init_expr.get_operators_reader(), &mut survey.in_globals)?;
                }
            }
            Payload::DataCountSection { .. } => survey.names_data = true,
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader()? {
                    if let Operator::RefFunc { function_index } = operator? {
                        survey.in_code.insert(function_index);
                    }
                }
                survey.bodies.push(body);
            }
            _ => {}
        }
    }
    Ok(survey)
}

/// The functions that a constant expression names.
fn collect(operators: wasmparser::OperatorsReader<'_>, into: &mut Vec<u32>) -> Result<()> {
    for operator in operators {
        if let Operator::RefFunc { function_index } = operator? {
            into.push(function_index);
        }
    }
    Ok(())
}

impl Survey<'_> {
    /// Drops the exports that only linkers and component tools look at; but code may make a reference of a function that
    /// nothing else but its export declares.
    fn drop_exports(&mut self, reserves: bool) {
        let in_code = &self.in_code;
        self.exports.retain(|export| match export.name {
            _ if export.kind == ExternalKind::Func && in_code.contains(&export.index) => true,
            "cabi_realloc" => reserves,
            "__data_end" | "__heap_base" | "__indirect_function_table" => false,
            name => !name.starts_with("cabi_realloc_wit_bindgen_"),
        });
    }

    /// Has the pointer of its stack exported, so that the host can look at it. Another thing of that name stays.
    fn export_stack(&mut self, pointer: Option<u32>) {
        let is_other =
            |export: &Export<'_>| export.name == STACK_POINTER && export.kind != ExternalKind::Global;
        if self.exports.iter().any(is_other) {
            return;
        }
        self.exports.retain(|export| export.name != STACK_POINTER);
        self.exports.extend(pointer.map(|index| Export {
            name: STACK_POINTER,
            kind: ExternalKind::Global,
            index,
        }));
    }

    fn export_section(&self) -> ExportSection {
        let mut section = ExportSection::new();
        for export in &self.exports {
            let kind = match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
                ExternalKind::Table => ExportKind::Table,
                ExternalKind::Memory => ExportKind::Memory,
                ExternalKind::Global => ExportKind::Global,
                ExternalKind::Tag => ExportKind::Tag,
            };
            section.export(export.name, kind, export.index);
        }
        section
    }

    /// The functions that can be reached, and whether any of them, or an export, uses tables.
    fn reach(&self) -> Result<(BTreeSet<u32>, bool)> {
        let mut uses_tables = self.exports.iter().any(|export| export.kind == ExternalKind::Table);
        let exported = self.exports.iter().filter(|export| export.kind == ExternalKind::Func);
        let mut to_visit: Vec<u32> =
            exported.map(|export| export.index).chain(self.in_globals.iter().copied()).collect();
        if uses_tables {
            to_visit.extend(&self.in_tables);
        }
        let mut reached = BTreeSet::new();
        while let Some(number) = to_visit.pop() {
            let Some(body) = (number as usize).checked_sub(self.imports).and_then(|n| self.bodies.get(n))
            else {
                continue;
            };
            if !reached.insert(number) {
                continue;
            }
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                        to_visit.push(function_index);
                    }
                    operator if names_table(&operator) && !uses_tables => {
                        uses_tables = true;
                        to_visit.extend(&self.in_tables);
                    }
                    _ => {}
                }
            }
        }
        Ok((reached, uses_tables))
    }
}

fn names_table(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::CallIndirect { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::TableGet { .. }
            | Operator::TableSet { .. }
            | Operator::TableSize { .. }
            | Operator::TableGrow { .. }
            | Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. }
            | Operator::ElemDrop { .. }
            // A function has to be in an element segment to be named, in a global, or exported.
            | Operator::RefFunc { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrunk(source: &str, reserves: bool) -> Vec<u8> {
        let shrunk = shrink(&wat::parse_str(source).unwrap(), reserves, true).unwrap();
        zephyr_wasm_engine::validate(&shrunk).expect("still valid");
        shrunk
    }

    fn exports(bytes: &[u8]) -> Vec<String> {
        survey(bytes).unwrap().exports.iter().map(|export| export.name.to_owned()).collect()
    }

    const LEFTOVERS: &str = r#"(module
        (memory (export "memory") 1)
        (table (export "__indirect_function_table") 2 funcref)
        (elem (i32.const 1) $dead)
        (global (export "__heap_base") i32 (i32.const 0))
        (func $dead (call $deeper))
        (func $deeper (drop (i64.const 123456789)))
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (call $dead) i32.const 0)
        (func (export "run") (result i32) i32.const 7)
        (@custom "extra" "text"))"#;

    #[test]
    fn leftovers_go() {
        let bytes = shrunk(LEFTOVERS, false);
        assert_eq!(exports(&bytes), ["memory", "run"]);
        let survey = survey(&bytes).unwrap();
        let lengths: Vec<usize> = survey.bodies.iter().map(|body| body.as_bytes().len()).collect();
        assert_eq!(lengths, [3, 3, 3, 4]);
        assert!(survey.in_tables.is_empty());
    }

    #[test]
    fn what_a_table_reaches_stays() {
        let bytes = shrunk(
            r#"(module
                (table 2 funcref)
                (elem (i32.const 1) $called)
                (func $called (drop (i64.const 123456789)))
                (func (export "run") (result i32) (call_indirect (i32.const 1)) i32.const 7))"#,
            false,
        );
        let survey = survey(&bytes).unwrap();
        assert_eq!(survey.in_tables, [0]);
        assert!(survey.bodies[0].as_bytes().len() > 3);
    }

    #[test]
    fn what_only_its_export_declares_stays() {
        let bytes = shrunk(
            r#"(module
                (table 1 funcref)
                (func $r (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 16)
                (func (export "run") (result i32)
                    (table.set (i32.const 0) (ref.func $r))
                    (ref.is_null (table.get (i32.const 0)))))"#,
            false,
        );
        assert_eq!(exports(&bytes), ["cabi_realloc", "run"]);
        assert!(survey(&bytes).unwrap().bodies[0].as_bytes().len() > 3);
    }

    #[test]
    fn a_function_that_is_called_as_the_stack_pointer_stays() {
        let bytes = shrunk(
            r#"(module
                (table 1 funcref)
                (memory 1)
                (global (mut i32) (i32.const 1024))
                (func $f (export "__stack_pointer"))
                (func (export "run") (result i32)
                    (table.set (i32.const 0) (ref.func $f))
                    (ref.is_null (table.get (i32.const 0)))))"#,
            false,
        );
        assert_eq!(exports(&bytes), ["__stack_pointer", "run"]);
    }

    #[test]
    fn realloc_stays_where_the_host_needs_it() {
        assert_eq!(exports(&shrunk(LEFTOVERS, true)), ["memory", "cabi_realloc", "run"]);
    }
}
