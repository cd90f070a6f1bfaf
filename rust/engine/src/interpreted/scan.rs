//! Goes through a function once: which of its selects the engine would compute wrongly ([`super::select`] says why), and
//! what of its structure may be wrong ([`super::wrong`]).

use super::code::Reader;

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

/// What matters of a function's structure to [`super::wrong`].
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

/// Goes through a function once, for its selects and for its structure: what there is, and where.
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
