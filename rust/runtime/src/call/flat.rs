//! Values as a core function takes them.

use super::layout::{self, Place};
use super::types::Type;
use crate::abi::bad_discriminant;
use alloc::vec::Vec;
use zephyr_wasm_engine::{Error, Value, ValueType};

/// The core types of types, one after the other.
pub fn types(of: &[Type<'_>], flat: &mut Vec<ValueType>) {
    for ty in of {
        type_(ty, flat);
    }
}

fn type_(ty: &Type<'_>, flat: &mut Vec<ValueType>) {
    match ty {
        Type::Integer(64, _) => flat.push(ValueType::I64),
        Type::Float(32) => flat.push(ValueType::F32),
        Type::Float(_) => flat.push(ValueType::F64),
        Type::Bool | Type::Integer(..) | Type::Char | Type::Flags(_) => flat.push(ValueType::I32),
        Type::Text | Type::List(_) => flat.extend([ValueType::I32, ValueType::I32]),
        Type::Fields(fields) => fields.iter().for_each(|(_, ty)| type_(ty, flat)),
        Type::Cases(cases) => {
            flat.push(ValueType::I32);
            flat.extend(joined(cases));
        }
    }
}

/// The core types that hold any of the cases' payloads.
fn joined(cases: &[(&str, Option<Type<'_>>)]) -> Vec<ValueType> {
    let mut all: Vec<ValueType> = Vec::new();
    for ty in cases.iter().filter_map(|(_, ty)| ty.as_ref()) {
        let mut flat = Vec::new();
        type_(ty, &mut flat);
        for (index, ty) in flat.into_iter().enumerate() {
            match all.get_mut(index) {
                None => all.push(ty),
                Some(both) => *both = join(*both, ty),
            }
        }
    }
    all
}

fn join(one: ValueType, other: ValueType) -> ValueType {
    match (one, other) {
        _ if one == other => one,
        (ValueType::I32, ValueType::F32) | (ValueType::F32, ValueType::I32) => ValueType::I32,
        _ => ValueType::I64,
    }
}

/// How many core values these take.
pub fn count(of: &[Type<'_>]) -> usize {
    let mut flat = Vec::new();
    types(of, &mut flat);
    flat.len()
}

/// Whether a result of this type goes through memory.
pub fn lives_in_memory(ty: &Type<'_>) -> bool {
    count(core::slice::from_ref(ty)) > 1
}

/// A result that is one core value, as its bytes would be in memory: of a number those that its type has, as the canonical
/// ABI says; but a `bool` is what is not 0, and a case has to be one of the type's.
///
/// # Errors
/// A case that there is not.
pub fn lift(ty: &Type<'_>, value: &Value) -> Result<[u8; 8], Error> {
    match ty {
        Type::Bool => Ok(u64::from(value.bits() != 0).to_le_bytes()),
        // It has one field, or it would be more than one value.
        Type::Fields(fields) => fields.iter().try_fold([0; 8], |_, (_, ty)| lift(ty, value)),
        Type::Cases(cases) if value.bits() >= cases.len() as u64 => Err(bad_discriminant()),
        _ => Ok(value.bits().to_le_bytes()),
    }
}

/// The core values of parameters, from their bytes.
pub fn lower(params: &[Type<'_>], bytes: &[u8], values: &mut Vec<Value>) {
    let place = Place::of(bytes);
    let mut index = 0;
    layout::all(params.iter(), |offset| {
        value(&params[index], place.at(offset), values);
        index += 1;
    });
}

fn value(ty: &Type<'_>, place: Place<'_>, values: &mut Vec<Value>) {
    match ty {
        Type::Bool | Type::Integer(..) | Type::Char | Type::Flags(_) | Type::Float(_) => {
            values.push(number(ty, place));
        }
        Type::Text | Type::List(_) => {
            let (start, length) = place.pointer();
            values.extend([Value::I32(start), Value::I32(length)]);
        }
        Type::Fields(fields) => {
            let mut index = 0;
            layout::all(fields.iter().map(|(_, ty)| ty), |offset| {
                value(&fields[index].1, place.at(offset), values);
                index += 1;
            });
        }
        Type::Cases(cases) => {
            let case = place.number(layout::discriminant(cases.len())) as usize;
            values.push(Value::I32(case as i32));
            let mut payload = Vec::new();
            if let Some((_, Some(ty))) = cases.get(case) {
                value(ty, place.at(layout::payload(cases)), &mut payload);
            }
            let mut payload = payload.iter();
            values.extend(
                joined(cases)
                    .into_iter()
                    .map(|ty| Value::of_bits(ty, payload.next().map_or(0, |value| value.bits()))),
            );
        }
    }
}

fn number(ty: &Type<'_>, place: Place<'_>) -> Value {
    let bits = place.number(layout::of(ty).size);
    match ty {
        Type::Integer(8, true) => Value::I32((bits as u8 as i8).into()),
        Type::Integer(16, true) => Value::I32((bits as u16 as i16).into()),
        Type::Integer(64, _) => Value::of_bits(ValueType::I64, bits),
        Type::Float(32) => Value::of_bits(ValueType::F32, bits),
        Type::Float(_) => Value::of_bits(ValueType::F64, bits),
        _ => Value::of_bits(ValueType::I32, bits),
    }
}
