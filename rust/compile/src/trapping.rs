//! Operations that trap for some values: divisions, and conversions to integers.

use crate::function::Function;
use crate::operand::{Operand, Shape};
use crate::rule::Rule;
use crate::types::Type;

impl Function<'_, '_> {
    /// A division, or what it leaves.
    pub fn divide(&mut self, operator: &str, is_signed: bool) {
        let (right, left) = (self.pop_simple(), self.pop());
        let ty = right.ty;
        let is_quotient = operator == "/";
        let left = if is_signed && is_quotient && !left.is_simple() { self.computed(left) } else { left };
        match right.constant {
            Some(constant) if constant.bits == 0 => return self.trap(Rule::Division),
            Some(_) => {}
            None => {
                self.trap_if(&format!("{} == 0", right.text), Rule::Division);
            }
        }
        let (least, minus_one) = match ty {
            Type::I64 => ("0x8000000000000000ull", u64::MAX),
            _ => ("0x80000000u", u64::from(u32::MAX)),
        };
        let may_be_minus_one = right.constant.is_none_or(|constant| constant.bits == minus_one);
        if is_signed && is_quotient && may_be_minus_one {
            let minus_one = if ty == Type::I64 { "0xffffffffffffffffull" } else { "0xffffffffu" };
            self.trap_if(
                &format!("{} == {least} && {} == {minus_one}", left.text, right.text),
                Rule::Overflow,
            );
        }
        let (shape, text) = match (is_signed, is_quotient) {
            (true, false) if may_be_minus_one => {
                let name = if ty == Type::I64 { "i64_rem_s" } else { "i32_rem_s" };
                (Shape::Atom, format!("{name}({}, {})", left.text, right.text))
            }
            (true, _) => {
                (Shape::Atom, format!("({})({} {operator} {})", ty.c(), left.signed(), right.signed()))
            }
            (false, _) => (Shape::Compound, format!("{} {operator} {}", left.value(), right.value())),
        };
        self.push(Operand::new(ty, shape, text).from(&[&left, &right]));
    }

    /// A conversion to an integer that has to fit: `fits` is the macro that says whether it does.
    pub fn truncate(&mut self, to: Type, fits: &str, is_signed: bool) {
        let value = self.pop_simple();
        self.trap_if(&format!("{0} != {0}", value.text), Rule::Conversion);
        self.trap_if(&format!("!{fits}({})", value.text), Rule::Overflow);
        let text = match (to, is_signed) {
            (Type::I64, true) => format!("(uint64_t)(int64_t){}", value.value()),
            (Type::I64, false) => format!("(uint64_t){}", value.value()),
            (_, true) => format!("(uint32_t)(int32_t){}", value.value()),
            (_, false) => format!("(uint32_t){}", value.value()),
        };
        self.push(Operand::new(to, Shape::Compound, text).from(&[&value]));
    }
}
