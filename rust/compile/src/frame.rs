//! Blocks that are open where a function has got to.

use crate::checked::Checks;
use crate::operand::Operand;
use crate::types::{Signature, Type};
use std::collections::BTreeSet;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Function,
    Block,
    Loop,
    If,
    Else,
}

/// A block that is open.
pub struct Frame {
    pub kind: Kind,
    pub label: usize,
    /// Which of those that are open is the innermost loop: it, or one that it is in. It is looked for with each access.
    pub innermost: Option<usize>,
    /// How many operands are below it.
    pub height: usize,
    /// What it takes.
    pub parameters: Vec<Operand>,
    pub results: Vec<Type>,
    /// Whether there is a branch to its label.
    pub branched: bool,
    /// The line where its variables or its label are written, once they are used. The two behind a loop's label are for its
    /// first check, and for a label behind that.
    pub line: usize,
    /// The offsets that a loop adds to the memory's base, and the line before it where it does.
    pub bases: BTreeSet<u64>,
    pub bases_line: usize,
    /// What else it could add there: how far addresses are behind a variable by additions of the guest's own.
    pub moved: BTreeSet<u64>,
    /// The variables by which it has loaded a variable, and whether it stores by one of them later.
    pub followed: BTreeSet<String>,
    pub stored: bool,
    /// Whether a loop has a loop in it.
    pub has_loop: bool,
    /// What a loop checks first: so many bytes from an address in a variable.
    pub first: Option<(String, u64)>,
    /// What is known where it begins, for `else`.
    pub checks: Checks,
    /// Whether something gets to the end of the part before `else`.
    pub goes_on: bool,
}

impl Frame {
    /// A function's body.
    pub fn function(signature: &Signature) -> Self {
        Frame {
            kind: Kind::Function,
            label: 0,
            innermost: None,
            height: 0,
            parameters: Vec::new(),
            results: signature.results.clone(),
            branched: false,
            line: 0,
            bases: BTreeSet::new(),
            bases_line: 0,
            moved: BTreeSet::new(),
            followed: BTreeSet::new(),
            stored: false,
            has_loop: false,
            first: None,
            checks: Checks::default(),
            goes_on: false,
        }
    }
}
