//! Operations on numbers that only compute.

use crate::function::Function;
use crate::operand::{Narrow, Operand, Shape};
use crate::types::Type;

impl Function<'_, '_> {
    /// An operator of C between numbers without a sign, or with a point.
    pub fn infix(&mut self, operator: &str) {
        let (right, left) = (self.pop(), self.pop());
        let text = format!("{} {operator} {}", left.value(), right.value());
        let operand = Operand::new(left.ty, Shape::Compound, text).from(&[&left, &right]);
        let constant = right.constant.filter(|_| left.ty == Type::I32);
        let operand =
            match (operator, constant.map(|constant| i64::from((constant.bits as u32).cast_signed()))) {
                ("+", Some(distance)) => operand.behind(&left, distance),
                ("-", Some(distance)) => operand.behind(&left, -distance),
                ("&", Some(mask)) => operand.lower(&left, mask.cast_unsigned()),
                _ => operand,
            };
        self.push(operand);
    }

    /// A shift, of which only the lower bits count.
    pub fn shift(&mut self, operator: &str, is_signed: bool) {
        let (right, left) = (self.pop(), self.pop());
        let mask = if left.ty == Type::I64 { 63 } else { 31 };
        let count = match right.constant {
            Some(constant) => (constant.bits & mask).to_string(),
            None => format!("({} & {mask})", right.value()),
        };
        let text = if is_signed {
            format!("({})({} {operator} {count})", left.ty.c(), left.signed())
        } else {
            format!("{} {operator} {count}", left.value())
        };
        self.push(Operand::new(left.ty, Shape::Compound, text).from(&[&left, &right]));
    }

    pub fn compare(&mut self, operator: &str, is_signed: bool) {
        let (right, left) = (self.pop(), self.pop());
        let text = if is_signed {
            format!("{} {operator} {}", left.signed(), right.signed())
        } else {
            let narrow = left.narrow.as_ref().zip(right.constant);
            narrow
                .and_then(|(narrow, limit)| compare_narrow(narrow, operator, limit.bits))
                .unwrap_or_else(|| format!("{} {operator} {}", left.value(), right.value()))
        };
        self.push(Operand::new(Type::I32, Shape::Condition, text).from(&[&left, &right]));
    }

    pub fn is_zero(&mut self) {
        let operand = self.pop();
        let text = match operand.shape {
            Shape::Condition => format!("!({})", operand.text),
            _ => format!("{} == 0", operand.value()),
        };
        self.push(Operand::new(Type::I32, Shape::Condition, text).from(&[&operand]));
    }

    /// A conversion by casts.
    pub fn cast(&mut self, to: Type, casts: &str) {
        let operand = self.pop();
        let text = format!("{casts}{}", operand.value());
        self.push(Operand::new(to, Shape::Compound, text).from(&[&operand]));
    }

    /// A function of operations.h of one number.
    pub fn apply(&mut self, to: Type, function: &str) {
        let operand = self.pop();
        let text = format!("{function}({})", operand.text);
        self.push(Operand::new(to, Shape::Atom, text).from(&[&operand]));
    }

    /// A function of operations.h of two numbers, whose type its result has.
    pub fn combine(&mut self, function: &str) {
        let (right, left) = (self.pop(), self.pop());
        let text = format!("{function}({}, {})", left.text, right.text);
        self.push(Operand::new(left.ty, Shape::Atom, text).from(&[&left, &right]));
    }
}

/// A compare of a number's lower bits, if there is a shorter one: "is a digit" and its like.
fn compare_narrow(narrow: &Narrow, operator: &str, limit: u64) -> Option<String> {
    let (limit, is_below) = match operator {
        "<" => (limit, true),
        "<=" => (limit + 1, true),
        ">=" => (limit, false),
        ">" => (limit + 1, false),
        _ => return None,
    };
    let text = narrow.below(limit)?;
    Some(if is_below { text } else { format!("!({text})") })
}
