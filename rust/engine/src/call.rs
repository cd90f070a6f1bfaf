//! Calls functions of the guest.

use crate::context::{Context, Inner};
use crate::error::Error;
use crate::function::{Function, Parameters, Results, TypedFunction};
use crate::value::Value;
use alloc::vec::Vec;

impl Function {
    /// Calls it, whatever its type. `result` is a place for each of its results, of which there is one at most.
    ///
    /// # Errors
    /// What ended the call.
    #[inline(never)]
    pub fn call<T>(self, cx: Context<'_, T>, values: &[Value], result: &mut [Value]) -> Result<(), Error> {
        let Inner::Interpreted(cx) = cx.0;
        let values: Vec<wasmi::Val> = lowered(values);
        with_room(result, |room| self.0.call(cx, &values, room))
    }
}

impl<P: Parameters, R: Results> TypedFunction<P, R> {
    /// Calls it.
    ///
    /// # Errors
    /// What ended the call.
    #[inline]
    pub fn call<T>(self, cx: Context<'_, T>, params: P) -> Result<R, Error> {
        let Inner::Interpreted(cx) = cx.0;
        Ok(self.0.call(cx, params)?)
    }
}

/// Values as the interpreter takes them.
pub(crate) fn lowered(values: &[Value]) -> Vec<wasmi::Val> {
    values.iter().map(|value| wasmi::Val::from(*value)).collect()
}

/// Has the interpreter write its results, and takes them from there.
pub(crate) fn with_room<R>(
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
