//! Interrupts a function of a guest at intervals of fuel.

use crate::context::Context;
use crate::error::Error;
use crate::function::Function;
use crate::resume::{self, Progress};
use crate::store::Store;
use crate::trap::TrapCode;
use crate::value::Value;

/// The fuel of a call of the guest from inside a call of the host, which cannot be interrupted.
const NESTED: u64 = 1_000_000;

/// Calls a function of the guest with `fuel` in all, and `ended` whenever `slice` of it is burnt.
///
/// # Errors
/// What ended the call.
pub fn call<T>(
    store: &mut Store<T>,
    function: Function,
    values: &[Value],
    results: &mut [Value],
    fuel: Option<u64>,
    slice: u64,
    mut ended: impl FnMut(&T),
) -> Result<(), Error> {
    if store.is_compiled() {
        // Nothing interrupts it.
        return function.call(store.context(), values, results);
    }
    let mut left = fuel.unwrap_or(u64::MAX);
    let mut take = |at_least: u64| {
        let slice = slice.max(at_least);
        if left < slice {
            return Err(Error::trap(TrapCode::OutOfFuel));
        }
        left -= slice;
        Ok(slice)
    };
    store.set_fuel(take(0)?);
    let mut call = resume::begin(store, function, values, results)?;
    loop {
        call = match call {
            Progress::Returned => return Ok(()),
            // A host call fails by a violation, or because a call of the guest inside it did.
            Progress::Failed(failed) => return Err(failed.error()),
            Progress::OutOfFuel(paused) => {
                ended(store.data());
                // What is left of the last slice did not suffice for the next instruction.
                store.set_fuel(take(paused.needs())?);
                paused.resume(store, results)?
            }
        };
    }
}

/// Makes a call of the guest that is inside a call of the host, with fuel of its own.
///
/// # Errors
/// What ended the call.
pub fn nested<T, R>(
    mut cx: Context<'_, T>,
    call: impl FnOnce(Context<'_, T>) -> Result<R, Error>,
) -> Result<R, Error> {
    let left = cx.fuel();
    cx.set_fuel(NESTED);
    let result = call(cx.context());
    cx.set_fuel(left);
    result
}
