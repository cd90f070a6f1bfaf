//! What stands on the operand stack while a function is translated: expressions of C that have no effects, and that are
//! written where they are used.

use crate::constant::Constant;
use crate::types::Type;
use std::collections::BTreeSet;

/// What an expression reads that somebody can write: it has to be computed before that.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    pub locals: BTreeSet<u32>,
    pub globals: BTreeSet<u32>,
    /// The memory, or its size.
    pub memory: bool,
}

impl Reads {
    pub fn join(&mut self, other: &Reads) {
        self.locals.extend(&other.locals);
        self.globals.extend(&other.globals);
        self.memory |= other.memory;
    }
}

/// What an expression is to those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It needs no brackets.
    Atom,
    /// It does.
    Compound,
    /// It is an `int` of C, 0 or 1.
    Condition,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Operand {
    pub text: String,
    pub ty: Type,
    pub shape: Shape,
    pub reads: Reads,
    pub constant: Option<Constant>,
    /// The variable that this is so far behind, if it is known.
    pub origin: Option<(String, i64)>,
    /// What this is the lower bits of, if that is known.
    pub narrow: Option<Narrow>,
}

/// The lower bits of what is so far behind a variable.
#[derive(Clone, Debug)]
pub struct Narrow {
    variable: String,
    distance: i64,
    /// The largest number of so many bits.
    mask: u64,
}

impl Narrow {
    /// The same as whether these bits are less than a number: a condition of the variable's own lower bits, which C does
    /// not have to take off again after it has added something, if the variable has no others.
    ///
    /// All numbers of so many bits stand in a circle, around which the sum has moved them. The numbers below the limit are
    /// a piece of it, and those from the limit on are the other: as only one place of the circle is between the largest
    /// number and 0, one of these pieces has no such place in it, and is told by one compare.
    pub fn below(&self, limit: u64) -> Option<String> {
        let Narrow { variable, distance, mask } = self;
        if !(1..=*mask).contains(&limit) {
            return None;
        }
        let place = |number: u64| number.wrapping_sub(distance.cast_unsigned()) & mask;
        let (first, most, operator) = match (place(0), limit - 1) {
            (first, most) if first + most <= *mask => (first, most, "<="),
            _ => (place(limit), mask - limit, ">"),
        };
        let low = format!("({variable} & {mask}u)");
        Some(if first == 0 {
            format!("{low} {operator} {most}u")
        } else {
            format!("{low} - {first}u {operator} {most}u")
        })
    }
}

impl Operand {
    pub fn new(ty: Type, shape: Shape, text: impl Into<String>) -> Self {
        Operand {
            text: text.into(),
            ty,
            shape,
            reads: Reads::default(),
            constant: None,
            origin: None,
            narrow: None,
        }
    }

    /// A variable that nobody writes as long as this stands on the stack.
    pub fn variable(ty: Type, name: impl Into<String>) -> Self {
        Operand::new(ty, Shape::Atom, name)
    }

    pub fn constant(constant: Constant) -> Self {
        Operand { constant: Some(constant), ..Operand::new(constant.ty, Shape::Atom, constant.text()) }
    }

    /// With what it is computed from.
    pub fn from(mut self, operands: &[&Operand]) -> Self {
        for operand in operands {
            self.reads.join(&operand.reads);
        }
        self
    }

    pub fn reading_memory(mut self) -> Self {
        self.reads.memory = true;
        self
    }

    /// The same, so far behind an operand. What is further from a variable than 32 bits count is not told by that: in C, the
    /// distance would be a number of 64 bits, and so would the address.
    pub fn behind(mut self, operand: &Operand, distance: i64) -> Self {
        if let Some((variable, before)) = operand.place() {
            let all = before + distance;
            self.origin = i32::try_from(all).is_ok().then_some((variable, all));
        }
        self
    }

    /// The same, of the lower bits of an operand: those of a sum of a variable that the operand reads, or that nobody
    /// writes.
    pub fn lower(mut self, operand: &Operand, mask: u64) -> Self {
        let is_read = |variable: &str| match variable.strip_prefix('l') {
            Some(local) => local.parse().is_ok_and(|local| operand.reads.locals.contains(&local)),
            None => variable.starts_with('t'),
        };
        if let Some((variable, distance)) = operand.origin.clone()
            && matches!(mask, 0xff | 0xffff)
            && is_read(&variable)
        {
            self.narrow = Some(Narrow { variable, distance, mask });
        }
        self
    }

    /// The variable that this is so far behind, or is.
    pub fn place(&self) -> Option<(String, i64)> {
        let is_variable = self.ty == Type::I32
            && self.is_simple()
            && self.constant.is_none()
            && self.reads.globals.is_empty();
        self.origin.clone().or_else(|| is_variable.then(|| (self.text.clone(), 0)))
    }

    /// Whether it can be written twice: a name or a number.
    pub fn is_simple(&self) -> bool {
        self.constant.is_some() || self.shape == Shape::Atom && !self.text.ends_with(')')
    }

    /// As a part of an expression.
    pub fn value(&self) -> String {
        match self.shape {
            Shape::Atom => self.text.clone(),
            Shape::Compound => format!("({})", self.text),
            Shape::Condition => format!("(uint32_t)({})", self.text),
        }
    }

    /// As an `if` takes it.
    pub fn condition(&self) -> String {
        if self.shape == Shape::Compound { format!("({}) != 0", self.text) } else { self.text.clone() }
    }

    /// As a part of a condition.
    pub fn truth(&self) -> String {
        if self.shape == Shape::Atom { self.text.clone() } else { format!("({})", self.condition()) }
    }

    /// As a number with a sign.
    pub fn signed(&self) -> String {
        match (self.constant, self.ty) {
            (Some(constant), _) => constant.signed(),
            (None, Type::I64) => format!("(int64_t){}", self.value()),
            (None, _) => format!("(int32_t){}", self.value()),
        }
    }
}
