//! A `select` that the engine would compute wrongly.
//!
//! wasmi 2.0.0 joins a `select` with the comparison that its condition comes from, if that is `x == 0` or `x != 0`: it
//! drops the comparison, and means to select by `x`. Where `x` is in a slot (a local, what a call or a block has left), it
//! selects by what is in its register instead, whatever that is. A comparison by `<` and `>` is never joined, and so
//! another way to write the same.
//!
//! [`edits`] finds what has to be written otherwise: `zephyr-wasm pack` does that, and a board that validates refuses
//! what has not been through it. It goes by the three instructions before a `select`, and takes for right only what is
//! known to be: what it finds too much costs three bytes. `docs/upstream` has the engine's side of it.

use crate::check::length;
use crate::code::{CODE_SECTION, HEADER, Reader, sections};
use crate::wrong::wrong;
use alloc::vec::Vec;

/// `i32.const 1`, `i32.lt_u`: is it zero?
const IS_ZERO: &[u8] = &[0x41, 1, 0x49];
/// `i32.const 0`, `i32.gt_u`: is it another than zero?
const IS_NOT_ZERO: &[u8] = &[0x41, 0, 0x4b];

/// `block`, `loop` and `if`, which come one after the other.
const BLOCK: u8 = 0x02;
const LOOP: u8 = 0x03;
const IF: u8 = 0x04;
const END: u8 = 0x0b;
const TABLE: u8 = 0x0e;

/// What matters of a function's structure to [`crate::wrong`].
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    /// A block begins: the number of its type, if that has one.
    Block { ty: Option<usize>, is_loop: bool },
    /// A block ends, or the function.
    End,
    /// A `br_table`, whose last target is so many blocks outside.
    Table(usize),
}

impl Mark {
    /// Of an operator whose operands are next; none, if they cannot be read.
    fn of(operator: u8, reader: &Reader<'_>) -> Option<Option<Self>> {
        Some(match operator {
            BLOCK..=IF => Some(Mark::Block { ty: reader.type_of_block(), is_loop: operator == LOOP }),
            END => Some(Mark::End),
            TABLE => Some(Mark::Table(reader.last_target()?)),
            _ => None,
        })
    }
}

/// Bytes of a function to be replaced, and by what. Edits come in their order, and do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where the bytes begin, in the function with its locals.
    pub from: usize,
    /// Where they end.
    pub to: usize,
    /// What takes their place.
    pub with: &'static [u8],
}

/// What matters of an instruction for a `select` or a comparison behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Any other, of which nothing is known.
    Other,
    /// `local.get`.
    Local,
    /// A load: its value is in the register.
    Load,
    /// The constant 0 of either integer type.
    Zero,
    /// Another constant.
    Constant,
    /// A computation whose value is constant or in the register, and is not joined with what follows.
    Computed,
    /// Its value is right as a condition. Comparing it with 0 is another matter.
    Condition,
    Eqz,
    Eq,
    Ne,
    Eqz64,
    /// `i64.eq` and `i64.ne`.
    Eq64,
}

impl Kind {
    fn of(operator: u8, zero: bool) -> Self {
        match operator {
            0x20 => Kind::Local,
            0x28..=0x35 => Kind::Load,
            0x41 | 0x42 if zero => Kind::Zero,
            0x41 | 0x42 => Kind::Constant,
            0x45 => Kind::Eqz,
            0x46 => Kind::Eq,
            0x47 => Kind::Ne,
            0x50 => Kind::Eqz64,
            0x51 | 0x52 => Kind::Eq64,
            // Calls, local.tee, global.get, i32.xor.
            0x10 | 0x11 | 0x22 | 0x23 | 0x73 => Kind::Condition,
            // The other comparisons, the arithmetic of integers, and conversions to them but `i64.extend_i32_u` and
            // those that only change the type.
            0x48..=0x8a | 0xa7..=0xac | 0xae..=0xb1 | 0xc0..=0xc4 => Kind::Computed,
            _ => Kind::Other,
        }
    }
}

/// An instruction.
#[derive(Clone, Copy)]
struct Seen {
    kind: Kind,
    from: usize,
}

/// Whether the engine selects rightly by what these three instructions leave, the last one first.
fn is_right([last, before, first]: [Kind; 3]) -> bool {
    use Kind::*;
    match last {
        Local | Load | Zero | Constant | Computed | Condition => true,
        Eqz | Eqz64 if matches!(before, Load | Zero | Constant | Computed) => true,
        Eqz => false,
        // Two locals, or a number that is not 0. Behind a load, the register has what is compared.
        Eq | Ne => matches!(before, Load | Constant) || (before == Local && matches!(first, Local | Load)),
        // Of no harm itself, but it is joined with a comparison that `i64.extend_i32_u` is between.
        Eqz64 => before == Local,
        Eq64 => {
            matches!(before, Local | Load | Constant) || (before == Zero && matches!(first, Local | Load))
        }
        Other => false,
    }
}

/// Finds what has to be written otherwise in a function of a valid module, given with its locals; none, if it cannot be
/// read.
pub fn edits(function: &[u8], edit: impl FnMut(Edit)) -> Option<()> {
    look(function, edit, |_, _| Some(()))
}

/// Goes through a function once, for [`edits`] and for its structure: what there is, and where.
pub(crate) fn look(
    function: &[u8],
    mut edit: impl FnMut(Edit),
    mut mark: impl FnMut(usize, Mark) -> Option<()>,
) -> Option<()> {
    let mut reader = Reader { bytes: function, at: 0 };
    for _ in 0..reader.number()? {
        reader.number()?;
        reader.types(1)?;
    }
    let mut seen = [Seen { kind: Kind::Other, from: 0 }; 3];
    while reader.at < function.len() {
        let from = reader.at;
        let operator = reader.byte()?;
        if matches!(operator, 0x1b | 0x1c) && !is_right(seen.map(|seen| seen.kind)) {
            let [last, before, _] = seen;
            edit(match (last.kind, before.kind) {
                (Kind::Eqz, _) => Edit { from: last.from, to: from, with: IS_ZERO },
                (Kind::Eq, Kind::Zero) => Edit { from: before.from, to: from, with: IS_ZERO },
                (Kind::Ne, Kind::Zero) => Edit { from: before.from, to: from, with: IS_NOT_ZERO },
                _ => Edit { from, to: from, with: IS_NOT_ZERO },
            });
        }
        if let Some(found) = Mark::of(operator, &reader)? {
            mark(from, found)?;
        }
        let zero = reader.operands(operator)?;
        seen = [Seen { kind: Kind::of(operator, zero), from }, seen[0], seen[1]];
    }
    Some(())
}

/// Whether a valid module has what has to be written otherwise, or cannot be read.
pub fn has_edits(file: &[u8]) -> bool {
    wrong(file).is_none_or(|wrong| wrong.selects)
}

/// A valid module that the engine computes rightly; the same bytes, if it does so already. None, if it cannot be read.
pub fn mended(file: &[u8]) -> Option<Vec<u8>> {
    if !has_edits(file) {
        return Some(file.to_vec());
    }
    let mut whole = file.get(..HEADER)?.to_vec();
    sections(file, |section| {
        if section.id != CODE_SECTION {
            whole.extend_from_slice(section.whole);
            return Some(());
        }
        let (count, _) = length(section.body)?;
        let mut code = Vec::new();
        push_number(&mut code, count);
        section.functions(|function| {
            let (function, mut edited, mut at) = (function.bytes, Vec::new(), 0);
            edits(function, |edit| {
                edited.extend_from_slice(&function[at..edit.from]);
                edited.extend_from_slice(edit.with);
                at = edit.to;
            })?;
            edited.extend_from_slice(&function[at..]);
            push_number(&mut code, edited.len());
            code.append(&mut edited);
            Some(())
        })?;
        whole.push(CODE_SECTION);
        push_number(&mut whole, code.len());
        whole.append(&mut code);
        Some(())
    })?;
    Some(whole)
}

fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;
    use std::format;

    /// A module of one function that selects by this condition, mended.
    fn mended_of(condition: &str) -> (Vec<u8>, Vec<u8>) {
        let text = format!(
            "(module (memory 1) (func (param $x i32) (param $y i64) (result i32) \
               (select (i32.const 3) (i32.const 4) {condition}))
               (@custom \"extra\" \"text\"))"
        );
        let module = wat::parse_str(text).unwrap();
        let mended = mended(&module).expect("can be read");
        assert!(!has_edits(&mended));
        (module, mended)
    }

    /// By how many bytes a condition grows.
    fn growth(condition: &str) -> usize {
        let (module, mended) = mended_of(condition);
        mended.len() - module.len()
    }

    #[test]
    fn what_is_wrong_is_written_otherwise() {
        let same = |condition: &str, other: &str| {
            let (mended, meant) = (mended_of(condition).1, mended_of(other).0);
            assert_eq!(mended, meant, "{condition}");
        };
        same("(i32.eqz (local.get $x))", "(i32.lt_u (local.get $x) (i32.const 1))");
        same("(i32.eq (local.get $x) (i32.const 0))", "(i32.lt_u (local.get $x) (i32.const 1))");
        same("(i32.ne (local.get $x) (i32.const 0))", "(i32.gt_u (local.get $x) (i32.const 0))");
        same(
            "(i32.eq (i32.const 0) (local.get $x))",
            "(i32.gt_u (i32.eq (i32.const 0) (local.get $x)) (i32.const 0))",
        );
    }

    #[test]
    fn what_is_right_stays() {
        for condition in [
            "(local.get $x)",
            "(i32.and (local.get $x) (i32.const 1))",
            "(i32.eqz (i32.load (local.get $x)))",
            "(i32.eqz (i32.and (local.get $x) (i32.const 1)))",
            "(i32.eq (local.get $x) (i32.const 10))",
            "(i32.ne (local.get $x) (local.get $x))",
            "(i32.lt_s (local.get $x) (i32.const 0))",
            "(i64.eqz (local.get $y))",
            "(i64.eq (local.get $y) (i64.const 0))",
        ] {
            assert_eq!(growth(condition), 0, "{condition}");
        }
    }

    /// A section's length takes another byte when it passes 127.
    #[test]
    fn lengths_are_written_anew() {
        let one = "(select (i32.const 3) (i32.const 4) (i32.eqz (local.get 0))) drop ";
        let text =
            format!("(module (func (param i32) {}) (func (param i32) {}))", one.repeat(12), one.repeat(12));
        let module = wat::parse_str(text).unwrap();
        let mended = mended(&module).unwrap();
        assert!(!has_edits(&mended));
        wasmi::Module::validate(&wasmi::Engine::default(), &mended).expect("still valid");
        // Two bytes each, and one for the length of each function, 110 bytes before.
        assert_eq!(mended.len(), module.len() + 2 * 12 * 2 + 2);
    }

    proptest! {
        #[test]
        fn nothing_panics(code in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = edits(&code, |_| ());
            let mut file = Vec::from(*b"\0asm\x01\0\0\0\x0a");
            file.push(code.len() as u8);
            file.extend(code);
            let _ = mended(&file);
        }
    }
}
