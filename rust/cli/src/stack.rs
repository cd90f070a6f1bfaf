//! Finds where an app keeps its own stack, so that the host can say that it is full.
//!
//! Compilers that use LLVM keep a stack in the linear memory, and its pointer in the first global. Linked with
//! `--stack-first`, it lies below all else and grows down: what overflows leaves the memory, and traps.

use anyhow::Result;
use wasmparser::{
    DataKind, GlobalType, KnownCustom, Name, Operator, OperatorsReader, Parser, Payload, TypeRef, ValType,
};

/// What the pointer is exported as, which is what linkers call it.
pub const STACK_POINTER: &str = zephyr_wasm_runtime::instance::STACK_POINTER;

/// The number of the global that is the pointer of a stack which lies below all else in the memory.
///
/// # Errors
/// Where the module cannot be parsed.
pub fn pointer(bytes: &[u8]) -> Result<Option<u32>> {
    let mut imported = 0;
    let mut stack = None;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Global(_)));
                }
            }
            Payload::GlobalSection(section) => {
                let Some(first) = section.into_iter().next() else { continue };
                let first = first?;
                let GlobalType { content_type: ValType::I32, mutable: true, .. } = first.ty else { continue };
                stack =
                    constant(first.init_expr.get_operators_reader())?.filter(|top| *top > 0 && top % 16 == 0);
            }
            Payload::DataSection(section) => {
                for data in section {
                    let DataKind::Active { offset_expr, .. } = data?.kind else { continue };
                    let start = constant(offset_expr.get_operators_reader())?;
                    stack = stack.filter(|top| start.is_none_or(|start| start >= *top));
                }
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else { continue };
                // A broken list of names says nothing.
                for name in names.into_iter().flatten() {
                    let Name::Global(globals) = name else { continue };
                    let named = globals.into_iter().flatten().find(|global| global.index == imported);
                    stack = stack.filter(|_| named.is_none_or(|global| global.name == STACK_POINTER));
                }
            }
            _ => {}
        }
    }
    Ok(stack.map(|_| imported))
}

/// The value of an expression that is a constant of 32 bits.
fn constant(mut operators: OperatorsReader<'_>) -> Result<Option<u32>> {
    match (operators.read()?, operators.read()?) {
        (Operator::I32Const { value }, Operator::End) => Ok(Some(value as u32)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(fields: &str) -> Option<u32> {
        pointer(&wat::parse_str(format!("(module {fields} (memory 1))")).unwrap()).unwrap()
    }

    #[test]
    fn the_pointer_is_the_first_global_of_a_stack_below_all_data() {
        assert_eq!(
            found("(global $__stack_pointer (mut i32) (i32.const 1024)) (data (i32.const 1024) \"a\")"),
            Some(0)
        );
        assert_eq!(
            found(
                r#"(import "a" "b" (global i32)) (global (mut i32) (i32.const 4096)) (global i32 (i32.const 7))"#
            ),
            Some(1)
        );
    }

    #[test]
    fn other_globals_are_not() {
        for other in [
            "",
            "(global i32 (i32.const 1024))",
            "(global (mut i64) (i64.const 1024))",
            "(global (mut i32) (i32.const 1025))",
            "(global $offset (mut i32) (i32.const 1024))",
            // The heap of AssemblyScript begins behind its data, and so does a stack that is not first.
            "(global (mut i32) (i32.const 1024)) (data (i32.const 12) \"a\")",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
