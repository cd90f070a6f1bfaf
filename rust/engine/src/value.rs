//! Core values and their types.

/// The type of a core value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// An integer of 32 bits.
    I32,
    /// An integer of 64 bits.
    I64,
    /// A floating-point number of 32 bits.
    F32,
    /// A floating-point number of 64 bits.
    F64,
    /// A reference, which no host passes.
    Reference,
}

/// A core value. Floating-point numbers are by their bits, so that no host changes those of a NaN, or needs to calculate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// An integer of 32 bits.
    I32(i32),
    /// An integer of 64 bits.
    I64(i64),
    /// The bits of a floating-point number of 32 bits.
    F32(u32),
    /// The bits of a floating-point number of 64 bits.
    F64(u64),
}

impl Value {
    /// The value of a type that has these bits; a reference is none, and so 0.
    pub fn of_bits(ty: ValueType, bits: u64) -> Self {
        match ty {
            ValueType::I32 => Value::I32(bits as u32 as i32),
            ValueType::I64 => Value::I64(bits as i64),
            ValueType::F32 => Value::F32(bits as u32),
            ValueType::F64 => Value::F64(bits),
            ValueType::Reference => Value::I32(0),
        }
    }

    /// Its bits.
    pub fn bits(self) -> u64 {
        match self {
            Value::I32(value) => u64::from(value as u32),
            Value::I64(value) => value as u64,
            Value::F32(bits) => bits.into(),
            Value::F64(bits) => bits,
        }
    }

    /// The integer of 32 bits that it is, if it is one.
    pub fn i32(self) -> Option<i32> {
        match self {
            Value::I32(value) => Some(value),
            _ => None,
        }
    }
}
