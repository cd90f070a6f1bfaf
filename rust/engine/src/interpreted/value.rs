//! Core values and their types, as the interpreter has them.

use crate::value::{Value, ValueType};

impl From<wasmi::ValType> for ValueType {
    fn from(ty: wasmi::ValType) -> Self {
        match ty {
            wasmi::ValType::I32 => ValueType::I32,
            wasmi::ValType::I64 => ValueType::I64,
            wasmi::ValType::F32 => ValueType::F32,
            wasmi::ValType::F64 => ValueType::F64,
            _ => ValueType::Reference,
        }
    }
}

impl From<ValueType> for wasmi::ValType {
    fn from(ty: ValueType) -> Self {
        match ty {
            ValueType::I32 => wasmi::ValType::I32,
            ValueType::I64 => wasmi::ValType::I64,
            ValueType::F32 => wasmi::ValType::F32,
            ValueType::F64 => wasmi::ValType::F64,
            ValueType::Reference => wasmi::ValType::ExternRef,
        }
    }
}

impl From<Value> for wasmi::Val {
    fn from(value: Value) -> Self {
        match value {
            Value::I32(value) => wasmi::Val::I32(value),
            Value::I64(value) => wasmi::Val::I64(value),
            Value::F32(bits) => wasmi::Val::F32(wasmi::F32::from_bits(bits)),
            Value::F64(bits) => wasmi::Val::F64(wasmi::F64::from_bits(bits)),
        }
    }
}

impl From<&wasmi::Val> for Value {
    fn from(value: &wasmi::Val) -> Self {
        match value {
            wasmi::Val::I32(value) => Value::I32(*value),
            wasmi::Val::I64(value) => Value::I64(*value),
            wasmi::Val::F32(value) => Value::F32(value.to_bits()),
            wasmi::Val::F64(value) => Value::F64(value.to_bits()),
            // A reference, for which nobody here asks.
            _ => Value::I32(0),
        }
    }
}
