//! Has an app write down where it is, so that a board can say where it ended: before each instruction that may end it, and
//! at the head of each loop, a global is set to the instruction's place in the file.
//!
//! The engine of a board keeps no way back from its own code to the module's; this is what that costs instead, and why it
//! is a choice. Where the module has line tables, one note a line is enough.

use crate::lines::Lines;
use anyhow::{Context, Result};
use std::collections::HashSet;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType, Instruction,
    Module, RawSection, SectionId, ValType,
};
use wasmparser::{ExternalKind, FunctionBody, Operator, Parser, Payload, TypeRef};
use zephyr_wasm_runtime::remains::PLACE;

/// Makes a module say where it is.
///
/// # Errors
/// Where it cannot be parsed.
pub fn traced(bytes: &[u8]) -> Result<Vec<u8>> {
    let lines = Lines::of(bytes);
    let survey = survey(bytes)?;
    let global = survey.globals;
    let mut encoder = RoundtripReencoder;
    let mut module = Module::new();
    let mut code = CodeSection::new();
    let mut left = 0;
    let mut has_globals = false;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        match payload {
            Payload::GlobalSection(section) => {
                let mut globals = GlobalSection::new();
                encoder.parse_global_section(&mut globals, section)?;
                module.section(add_global(&mut globals));
                has_globals = true;
            }
            Payload::ExportSection(section) => {
                if !has_globals {
                    module.section(add_global(&mut GlobalSection::new()));
                }
                let mut exports = ExportSection::new();
                encoder.parse_export_section(&mut exports, section)?;
                exports.export(PLACE, ExportKind::Global, global);
                module.section(&exports);
            }
            Payload::CodeSectionStart { count, .. } => left = count,
            Payload::CodeSectionEntry(body) => {
                let params = survey.params.get(code.len() as usize).copied().unwrap_or_default();
                let is_entry = survey.entries.contains(&(survey.imports + code.len()));
                let function = if !is_entry && diverges(&body)? {
                    keeping(&mut encoder, &body, global, params)?
                } else {
                    with_notes(&mut encoder, &body, global, &lines)?
                };
                code.function(&function);
                left -= 1;
                if left == 0 {
                    module.section(&code);
                }
            }
            payload => {
                if let Some((id, range)) = payload.as_section()
                    && id != SectionId::Custom as u8
                {
                    let data = &bytes[range.start as usize..range.end as usize];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(module.finish())
}

/// What is known of a module.
#[derive(Default)]
struct Survey {
    /// How many functions it imports.
    imports: u32,
    /// How many globals it has.
    globals: u32,
    /// How many parameters each of its own functions has.
    params: Vec<u32>,
    /// The functions that the host calls.
    entries: HashSet<u32>,
}

fn survey(bytes: &[u8]) -> Result<Survey> {
    let mut survey = Survey::default();
    let mut types = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(u32::try_from(ty?.params().len())?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(_) => survey.imports += 1,
                        TypeRef::Global(_) => survey.globals += 1,
                        _ => {}
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    survey.params.push(*types.get(ty? as usize).context("a function of no type")?);
                }
            }
            Payload::GlobalSection(section) => survey.globals += section.count(),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        survey.entries.insert(export.index);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(survey)
}

fn add_global(globals: &mut GlobalSection) -> &GlobalSection {
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(ty, &ConstExpr::i32_const(0))
}

/// Whether a function does nothing but not return: it has a trap at its end, as compilers mark that, and no loop to stay
/// in.
fn diverges(body: &FunctionBody<'_>) -> Result<bool> {
    let mut last = [None, None];
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        if matches!(operator, Operator::Return | Operator::Loop { .. }) {
            return Ok(false);
        }
        last = [last[1].take(), Some(operator)];
    }
    Ok(matches!(last[0], Some(Operator::Unreachable)))
}

/// A function that does not return is what an app ended in, as a panic's are, and not where it went wrong: it keeps the
/// place of its call, also behind what it calls itself.
fn keeping(
    encoder: &mut RoundtripReencoder,
    body: &FunctionBody<'_>,
    global: u32,
    params: u32,
) -> Result<Function> {
    let mut locals = Vec::new();
    let mut kept = params;
    for group in body.get_locals_reader()? {
        let (count, ty) = group?;
        locals.push((count, encoder.val_type(ty)?));
        kept += count;
    }
    locals.push((1, ValType::I32));
    let mut function = Function::new(locals);
    add(&mut function, &[Instruction::GlobalGet(global), Instruction::LocalSet(kept)]);
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        let is_call = matches!(operator, Operator::Call { .. } | Operator::CallIndirect { .. });
        function.instruction(&encoder.instruction(operator)?);
        if is_call {
            add(&mut function, &[Instruction::LocalGet(kept), Instruction::GlobalSet(global)]);
        }
    }
    Ok(function)
}

fn with_notes(
    encoder: &mut RoundtripReencoder,
    body: &FunctionBody<'_>,
    global: u32,
    lines: &Lines,
) -> Result<Function> {
    let mut function = encoder.new_function_with_parsed_locals(body)?;
    let mut reader = body.get_operators_reader()?;
    // The line that is noted on every way here.
    let mut noted = None;
    while !reader.eof() {
        let place = u32::try_from(reader.original_position()).context("a module of over 4 GiB")?;
        let operator = reader.read()?;
        let note = [Instruction::I32Const(place.cast_signed()), Instruction::GlobalSet(global)];
        let line = lines.at(place);
        let again = line.is_some() && line == noted;
        if may_end(&operator) && !again {
            add(&mut function, &note);
            noted.clone_from(&line);
        }
        let (changes, is_loop) = (changes_way(&operator), matches!(operator, Operator::Loop { .. }));
        function.instruction(&encoder.instruction(operator)?);
        if is_loop {
            add(&mut function, &note);
            noted = line;
        } else if changes {
            noted = None;
        }
    }
    Ok(function)
}

fn add(function: &mut Function, instructions: &[Instruction<'_>]) {
    for instruction in instructions {
        function.instruction(instruction);
    }
}

/// Whether the way to the next instruction may be another than the one through this; calls note places of their own.
fn changes_way(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Else
            | Operator::End
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
    )
}

/// Whether an instruction may trap, run out of the stack, or be where a host call ends the app.
fn may_end(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        Unreachable
            | Call { .. }
            | CallIndirect { .. }
            | ReturnCall { .. }
            | ReturnCallIndirect { .. }
            | I32Load { .. }
            | I64Load { .. }
            | F32Load { .. }
            | F64Load { .. }
            | I32Load8S { .. }
            | I32Load8U { .. }
            | I32Load16S { .. }
            | I32Load16U { .. }
            | I64Load8S { .. }
            | I64Load8U { .. }
            | I64Load16S { .. }
            | I64Load16U { .. }
            | I64Load32S { .. }
            | I64Load32U { .. }
            | I32Store { .. }
            | I64Store { .. }
            | F32Store { .. }
            | F64Store { .. }
            | I32Store8 { .. }
            | I32Store16 { .. }
            | I64Store8 { .. }
            | I64Store16 { .. }
            | I64Store32 { .. }
            | I32DivS
            | I32DivU
            | I32RemS
            | I32RemU
            | I64DivS
            | I64DivU
            | I64RemS
            | I64RemU
            | I32TruncF32S
            | I32TruncF32U
            | I32TruncF64S
            | I32TruncF64U
            | I64TruncF32S
            | I64TruncF32U
            | I64TruncF64S
            | I64TruncF64U
            | MemoryInit { .. }
            | MemoryCopy { .. }
            | MemoryFill { .. }
            | TableGet { .. }
            | TableSet { .. }
            | TableInit { .. }
            | TableCopy { .. }
            | TableFill { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = r#"(module
        (memory (export "memory") 1)
        (func $divide (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
        (func (export "run") (result i32)
            (loop $more (br_if $more (i32.eqz (i32.load (i32.const 0)))))
            (call $divide (i32.const 0))))"#;

    fn notes(bytes: &[u8]) -> usize {
        let bodies = Parser::new(0).parse_all(bytes).filter_map(|payload| match payload.unwrap() {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        });
        bodies
            .flat_map(|body| body.get_operators_reader().unwrap())
            .filter(|operator| matches!(operator, Ok(Operator::GlobalSet { .. })))
            .count()
    }

    #[test]
    fn what_may_end_an_app_is_noted() {
        let traced = traced(&wat::parse_str(APP).unwrap()).unwrap();
        // The division, the loop, the load, the call.
        assert_eq!(notes(&traced), 4);
        zephyr_wasm_engine::validate(&traced).expect("still valid");
    }

    /// What is written otherwise behind it leaves the notes, and the places that they tell.
    #[test]
    fn mending_keeps_the_notes() {
        let source = r#"(module
            (memory 1)
            (func (export "run") (param i32) (result i32)
                (i32.load (select (i32.const 0) (i32.const 4) (i32.eqz (local.get 0))))
                (i32.load (select (i32.const 0) (i32.const 4) (i32.eqz (i32.div_s (i32.const 7) (local.get 0)))))
                (i32.add)))"#;
        let built = wat::parse_str(source).unwrap();
        let traced = traced(&built).unwrap();
        let mended = zephyr_wasm_engine::select::mended(&traced).unwrap();
        assert_eq!(mended.len(), traced.len() + 2, "the first one, by two bytes");
        assert_eq!(places(&traced), places(&mended));
        let operators = places(&mended).into_iter().map(|place| built[place as usize]);
        assert!(operators.eq([0x28, 0x6d, 0x28]), "a load, a division, a load");
    }

    /// The places that a module notes.
    fn places(bytes: &[u8]) -> Vec<i32> {
        let mut places = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
            let mut before = None;
            for operator in body.get_operators_reader().unwrap() {
                let operator = operator.unwrap();
                if let (Operator::GlobalSet { .. }, Some(Operator::I32Const { value })) = (&operator, &before)
                {
                    places.push(*value);
                }
                before = Some(operator);
            }
        }
        places
    }

    #[test]
    fn a_panic_keeps_the_place_of_its_call() {
        let source = r#"(module
            (func $log)
            (func $panic (param i64) (call $log) unreachable)
            (func (export "run") (result i32) (call $panic (i64.const 1)) unreachable))"#;
        let traced = traced(&wat::parse_str(source).unwrap()).unwrap();
        zephyr_wasm_engine::validate(&traced).expect("still valid");
        // What the host calls is noted all the same: its call, and its trap; and one place is kept.
        assert_eq!(notes(&traced), 3);
    }

    #[test]
    fn a_line_is_noted_once_on_a_way() {
        let mut parser = wat::Parser::new();
        let source = "(module (memory 1) (func (export \"run\") (drop (i32.load (i32.const 0))) (drop (i32.load (i32.const 4)))\n\
                      (drop (i32.load (i32.const 8)))))";
        let bytes =
            parser.generate_dwarf(wat::GenerateDwarf::Lines).parse_bytes(None, source.as_bytes()).unwrap();
        assert_eq!(notes(&traced(&bytes).unwrap()), 2);
    }
}
