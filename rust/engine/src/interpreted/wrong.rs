//! What of a module the engine would compute wrongly.
//!
//! That is some forms of `select` (see [`super::select`], which has them written otherwise), and two things with blocks.
//!
//! - What is on the stack below the parameters of a block: as a `block`, `loop` or `if` that has parameters begins, wasmi
//!   2.0.0 forgets to copy a local there for each parameter that is no local, and may never do so.
//! - The values that a `br_table` takes along, if they are more than one: where all its targets have as much on the stack
//!   below these, and there is more than that, they stay where they are, and what is read in their place was never
//!   written, or is what another app has left there.
//!
//! A module with any block that has parameters, or any such `br_table`, is refused, by `zephyr-wasm pack` and by boards
//! that validate: writing blocks with locals is what wasm-opt can do. `docs/upstream` has the engine's side.

use super::code::{FUNCTION_SECTION, Reader, TYPE_SECTION, sections};
use super::scan::{Mark, look};
use alloc::vec::Vec;

/// What cannot be written otherwise here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A block that has parameters.
    Parameters,
    /// A `br_table` that takes more than one value along.
    Values,
}

/// A block that has parameters, or a `br_table` with more than one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which of them.
    pub kind: Kind,
    /// Its function's number, among those that the module does not import.
    pub function: usize,
    /// Where it begins in the file.
    pub at: usize,
}

impl Kind {
    /// What it is, and what to do.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Parameters => {
                "a block with parameters, which this engine computes wrongly; \
                 `wasm-opt --enable-multivalue` (Binaryen 132) makes locals of them"
            }
            Kind::Values => {
                "a `br_table` with more than one value, which this engine computes wrongly; \
                 keep them in locals"
            }
        }
    }
}

/// What of a module the engine would compute wrongly.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// There are selects to be written otherwise: see [`super::select::mended`].
    pub selects: bool,
    /// The first that cannot be mended.
    pub block: Option<Block>,
}

/// Finds what the engine would compute wrongly in a valid module; none, if its code cannot be read.
pub fn wrong(file: &[u8]) -> Option<Wrong> {
    let mut wrong = Wrong::default();
    let mut types: Vec<Passed> = Vec::new();
    let mut functions = Reader { bytes: &[], at: 0 };
    // Of the blocks that are open, the function first: whether who leaves one takes more than one value along.
    let mut labels: Vec<bool> = Vec::new();
    sections(file, |section| {
        match section.id {
            TYPE_SECTION => types = passed(section.body)?,
            FUNCTION_SECTION => {
                functions = Reader { bytes: section.body, at: 0 };
                functions.number()?;
            }
            _ => {}
        }
        section.functions(|function| {
            labels.clear();
            labels.push(types.get(functions.number()?)?.values);
            let selects = &mut wrong.selects;
            let first = &mut wrong.block;
            look(
                function.bytes,
                |_| *selects = true,
                |at, mark| {
                    let kind = kind_of(mark, &types, &mut labels)?;
                    if first.is_none() {
                        let at = function.at + at;
                        *first = kind.map(|kind| Block { kind, function: function.number, at });
                    }
                    Some(())
                },
            )
        })
    })?;
    Some(wrong)
}

/// What is wrong with a part of a function's structure, of which this keeps the blocks that are open.
fn kind_of(mark: Mark, types: &[Passed], labels: &mut Vec<bool>) -> Option<Option<Kind>> {
    Some(match mark {
        Mark::Block { ty, is_loop } => {
            let passed = match ty {
                Some(ty) => *types.get(ty)?,
                None => Passed::default(),
            };
            // Who goes back to the begin of a loop takes along what that has for parameters.
            labels.push(passed.values && !is_loop);
            passed.parameters.then_some(Kind::Parameters)
        }
        Mark::End => {
            labels.pop()?;
            None
        }
        // All targets take as many.
        Mark::Table(depth) => {
            let label = *labels.get(labels.len().checked_sub(depth)?.checked_sub(1)?)?;
            label.then_some(Kind::Values)
        }
    })
}

/// What the type of a function begins with.
const FUNCTION: u8 = 0x60;

/// What a function or a block of a type is given, and gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Passed {
    /// There are parameters.
    parameters: bool,
    /// There is more than one result.
    values: bool,
}

/// What those of the types in a section of types pass.
fn passed(section: &[u8]) -> Option<Vec<Passed>> {
    let mut reader = Reader { bytes: section, at: 0 };
    let mut all = Vec::new();
    for _ in 0..reader.number()? {
        // A function is the only kind of type there is, and can be written in other ways (`0x4f 0x00 0x60`), which no
        // compiler does.
        (reader.byte()? == FUNCTION).then_some(())?;
        let params = reader.number()?;
        reader.types(params)?;
        let results = reader.number()?;
        reader.types(results)?;
        all.push(Passed { parameters: params > 0, values: results > 1 });
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Settings;
    use proptest::prelude::*;
    use std::format;

    fn validate(module: &[u8]) -> Result<(), wasmi::Error> {
        let engine = wasmi::Engine::new(&super::super::settings::config(&Settings::default()));
        wasmi::Module::validate(&engine, module)
    }

    fn of(text: &str) -> Wrong {
        wrong(&wat::parse_str(text).unwrap()).expect("it can be read")
    }

    /// A module of two functions, with this code in the second one; what is found in it, and the byte where.
    fn found(code: &str) -> Option<(Block, u8)> {
        let text = format!(
            "(module (type (func (param i64))) (memory 1) (func) (func (param i32) (result i32) {code}))"
        );
        let module = wat::parse_str(text).unwrap();
        wasmi::Module::validate(&wasmi::Engine::default(), &module).expect("valid");
        let block = wrong(&module).expect("it can be read").block?;
        Some((block, module[block.at]))
    }

    #[test]
    fn each_kind_of_block_is_found_where_it_is() {
        for (code, byte) in [
            ("i32.const 1 block (param i32) (result i32) end", 0x02),
            ("i32.const 1 loop (param i32) (result i32) end", 0x03),
            ("i32.const 1 local.get 0 if (param i32) (result i32) end", 0x04),
            ("i32.const 1 i64.const 1 block (param i64) drop end", 0x02),
            ("block (result i32) i32.const 1 loop (param i32) (result i32) end end", 0x03),
            (
                "block (result i32 i32) i32.const 1 i32.const 2 end block (param i32 i32) drop drop end i32.const 1",
                0x02,
            ),
        ] {
            let (block, there) = found(code).expect(code);
            assert_eq!((block.function, there), (1, byte), "{code}");
        }
    }

    #[test]
    fn other_blocks_are_not() {
        for code in [
            "block end loop end local.get 0 if end i32.const 1",
            "block (result i32) loop (result i32) i32.const 1 end end",
            "block (result i32 i32) i32.const 1 i32.const 2 end i32.add",
            "block (type 2) end (i32.const 1)",
        ] {
            let with_type = code.replace("(type 2)", "");
            assert_eq!(found(&with_type), None, "{code}");
        }
        // A type that is written as a number, of a block that has none of it.
        let text = "(module (type (func (param i32))) (type (func)) (func block (type 1) end))";
        assert_eq!(of(text), Wrong::default());
    }

    /// A `br_table` that takes two values along is found, whatever it is in and goes to, and no other.
    #[test]
    fn tables_of_branches_with_values_are_found() {
        let two = "i32.const 1 i32.const 2 local.get 0";
        for (code, is_wrong) in [
            (format!("block (result i32 i32) block (result i32 i32) {two} br_table 0 1 end end drop"), true),
            (
                format!(
                    "block (result i32 i32) block (result i64) {two} br_table 1 1 end unreachable end drop"
                ),
                true,
            ),
            (format!("block (result i32 i32) loop {two} br_table 1 1 end unreachable end drop"), true),
            (
                format!(
                    "block (result i32 i32) local.get 0 if {two} br_table 1 1 else nop end {two} drop end drop"
                ),
                true,
            ),
            ("block (result i32) i32.const 1 local.get 0 br_table 0 1 end".into(), false),
            ("block block local.get 0 br_table 0 1 end end i32.const 1".into(), false),
            (format!("block (result i32 i32) loop local.get 0 br_table 0 0 end {two} drop end drop"), false),
            (format!("block (result i32 i32) {two} br_if 0 end drop"), false),
            (format!("block (result i32 i32) {two} drop end block local.get 0 br_table 0 0 end drop"), false),
        ] {
            let found = found(&code);
            assert_eq!(found.is_some(), is_wrong, "{code}");
            let expected = found.map(|_| (Kind::Values, 1, 0x0e));
            assert_eq!(found.map(|(block, there)| (block.kind, block.function, there)), expected, "{code}");
        }
        let function = "(func (param i32) (result i32 i32) i32.const 1 i32.const 2 local.get 0 br_table 0 0)";
        let block = of(&format!("(module (func) {function})")).block.expect("it returns two values");
        assert_eq!((block.kind, block.function), (Kind::Values, 1));
    }

    #[test]
    fn numbers_of_types_have_any_length() {
        let types: std::string::String =
            (0..300).map(|number| format!("(type (func (param {})))", "i32 ".repeat(number % 7))).collect();
        for (number, found) in [(62, true), (63, false), (64, true), (127, true), (128, true), (299, true)] {
            let count = number % 7;
            let text = format!(
                "(module {types} (func {} block (type {number}) {} end))",
                "i32.const 1 ".repeat(count),
                "drop ".repeat(count)
            );
            assert_eq!(of(&text).block.is_some(), found, "{number}");
        }
    }

    /// A module of one function that returns a number, of its locals and its code.
    fn of_body(body: &[u8]) -> Vec<u8> {
        let types_and_functions = b"\x01\x05\x01\x60\x00\x01\x7f\x03\x02\x01\x00";
        let size = |number: usize| [number as u8 | 0x80, (number >> 7) as u8];
        let mut module = Vec::from(*b"\0asm\x01\0\0\0");
        module.extend(types_and_functions);
        module.push(10);
        module.extend(size(body.len() + 3));
        module.push(1);
        module.extend(size(body.len()));
        module.extend(body);
        validate(&module).expect("valid");
        module
    }

    /// A type that takes two bytes is as valid as one that takes one: a reader that expects one byte would misread all
    /// that follows.
    #[test]
    fn nothing_is_hidden_behind_a_type_of_two_bytes() {
        // (local.set 0 (i32.const 9)) (select (i32.const 3) (i32.const 4) (i32.eqz (local.get 0)))
        let select = b"\x41\x09\x21\x00\x41\x03\x41\x04\x20\x00\x45\x1b";
        let nops = [1; 120];
        let plain = of_body(&[b"\x01\x01\x7f", &select[..], &nops, b"\x0b"].concat());
        assert!(wrong(&plain).is_some_and(|wrong| wrong.selects));
        // 14 locals are a `br_table` of 100 numbers to who is three bytes behind.
        let locals = b"\x04\x01\x7f\x01\x63\x70\x01\x63\x70\x0e\x63\x70";
        assert_eq!(wrong(&of_body(&[locals, &select[..], &nops, b"\x0b"].concat())), None);
        let block = b"\x00\x02\x63\x70\xd0\x70\x0b\x1a\x41\x00\x0b";
        assert_eq!(wrong(&of_body(block)), None);
        let select = b"\x00\xd0\x70\xd0\x70\x41\x00\x1c\x01\x63\x70\x1a\x41\x00\x0b";
        assert_eq!(wrong(&of_body(select)), None);
        assert_eq!(passed(b"\x01\x60\x01\x63\x70\x00"), None);
        assert_eq!(passed(b"\x01\x4f\x00\x60\x01\x7f\x00"), None);
        let [taking, giving] =
            [(true, false), (false, true)].map(|(parameters, values)| Passed { parameters, values });
        let section = b"\x03\x60\x01\x70\x00\x60\x00\x01\x7e\x60\x00\x02\x7e\x7f";
        assert_eq!(passed(section), Some(std::vec![taking, Passed::default(), giving]));
    }

    #[test]
    fn selects_are_told_apart() {
        let select =
            "(func (param i32) (result i32) (select (i32.const 3) (i32.const 4) (i32.eqz (local.get 0))))";
        let block = "(func i32.const 1 block (param i32) drop end)";
        let both = of(&format!("(module {select} {block})"));
        assert!(both.selects && both.block.is_some_and(|block| block.function == 1));
        assert!(!of(&format!("(module {block})")).selects);
        assert_eq!(of(&format!("(module {select})")).block, None);
    }

    proptest! {
        #[test]
        fn nothing_panics(
            types in proptest::collection::vec(any::<u8>(), 0..32),
            code in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            let mut file = Vec::from(*b"\0asm\x01\0\0\0");
            for (id, body) in [(1, types), (10, code)] {
                file.extend([id, body.len() as u8]);
                file.extend(body);
            }
            let _ = wrong(&file);
        }
    }
}
