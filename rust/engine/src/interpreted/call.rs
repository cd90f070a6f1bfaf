//! Values on their way into the interpreter and back.

use crate::error::Error;
use crate::value::Value;
use alloc::vec::Vec;

/// Values as the interpreter takes them.
pub fn lowered(values: &[Value]) -> Vec<wasmi::Val> {
    values.iter().map(|value| wasmi::Val::from(*value)).collect()
}

/// Has the interpreter write its results, and takes them from there.
pub fn with_room<R>(
    result: &mut [Value],
    call: impl FnOnce(&mut [wasmi::Val]) -> Result<R, wasmi::Error>,
) -> Result<R, Error> {
    let mut room = [wasmi::Val::I32(0)];
    let room = &mut room[..result.len().min(1)];
    let returned = call(room)?;
    for (to, from) in result.iter_mut().zip(room) {
        *to = Value::from(&*from);
    }
    Ok(returned)
}
