//! Constants, and the expressions that are computed as a module is compiled: it imports no globals, so that all are.

use crate::error::Error;
use crate::types::Type;
use wasmparser::{ConstExpr, Operator};

/// A value that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant {
    pub ty: Type,
    /// Its bits: of 32, the upper half is 0.
    pub bits: u64,
}

impl Constant {
    pub fn i32(value: u32) -> Self {
        Constant { ty: Type::I32, bits: u64::from(value) }
    }

    pub fn i64(value: u64) -> Self {
        Constant { ty: Type::I64, bits: value }
    }

    pub fn f32(bits: u32) -> Self {
        Constant { ty: Type::F32, bits: u64::from(bits) }
    }

    pub fn f64(bits: u64) -> Self {
        Constant { ty: Type::F64, bits }
    }

    /// Of a function, or null.
    pub fn reference(function: Option<u32>) -> Self {
        Constant { ty: Type::Reference, bits: function.map_or(0, |function| u64::from(function) + 1) }
    }

    /// In C.
    pub fn text(self) -> String {
        match self.ty {
            Type::I32 | Type::Reference if self.bits < 0x8000_0000 => format!("{}u", self.bits),
            Type::I32 | Type::Reference => format!("{:#x}u", self.bits),
            Type::I64 if self.bits < 1 << 63 => format!("{}ull", self.bits),
            Type::I64 => format!("{:#x}ull", self.bits),
            Type::F32 => {
                let value = f32::from_bits(self.bits as u32);
                let is_written = value.is_normal() || self.bits == 0;
                let text = format!("{value:?}f");
                if !is_written { format!("f32_of({:#x}u)", self.bits) } else { in_brackets(text) }
            }
            Type::F64 => {
                let value = f64::from_bits(self.bits);
                let is_written = value.is_normal() || self.bits == 0;
                let text = format!("{value:?}");
                if !is_written { format!("f64_of({:#x}ull)", self.bits) } else { in_brackets(text) }
            }
        }
    }

    /// In C, as a number with a sign.
    pub fn signed(self) -> String {
        match self.ty {
            Type::I64 if self.bits == 1 << 63 => "INT64_MIN".to_owned(),
            Type::I64 => in_brackets(format!("{}ll", self.bits.cast_signed())),
            _ if self.bits == 1 << 31 => "INT32_MIN".to_owned(),
            _ => in_brackets(format!("{}", (self.bits as u32).cast_signed())),
        }
    }
}

fn in_brackets(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

/// Computes a constant expression, which may name globals that are known.
pub fn evaluate(
    expression: &ConstExpr<'_>,
    global: impl Fn(u32) -> Option<Constant>,
) -> Result<Constant, Error> {
    let mut stack: Vec<Constant> = Vec::new();
    for operator in expression.get_operators_reader() {
        let pushed = match operator? {
            Operator::I32Const { value } => Constant::i32(value.cast_unsigned()),
            Operator::I64Const { value } => Constant::i64(value.cast_unsigned()),
            Operator::F32Const { value } => Constant::f32(value.bits()),
            Operator::F64Const { value } => Constant::f64(value.bits()),
            Operator::RefNull { .. } => Constant::reference(None),
            Operator::RefFunc { function_index } => Constant::reference(Some(function_index)),
            Operator::GlobalGet { global_index } => match global(global_index) {
                Some(constant) => constant,
                None => return Err(Error::Invalid(format!("there is no global {global_index} yet"))),
            },
            Operator::I32Add | Operator::I64Add => computed(&mut stack, u64::wrapping_add)?,
            Operator::I32Sub | Operator::I64Sub => computed(&mut stack, u64::wrapping_sub)?,
            Operator::I32Mul | Operator::I64Mul => computed(&mut stack, u64::wrapping_mul)?,
            Operator::End => break,
            other => {
                return Err(Error::refused(format!(
                    "a constant is computed by {other:?}, which cannot be compiled"
                )));
            }
        };
        stack.push(pushed);
    }
    stack.pop().ok_or_else(|| Error::Invalid("a constant without a value".into()))
}

fn computed(stack: &mut Vec<Constant>, operator: fn(u64, u64) -> u64) -> Result<Constant, Error> {
    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
        return Err(Error::Invalid("a constant without operands".into()));
    };
    let bits = operator(left.bits, right.bits);
    Ok(Constant { ty: left.ty, bits: if left.ty == Type::I64 { bits } else { bits & 0xffff_ffff } })
}
