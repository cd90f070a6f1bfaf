//! Interrupts an app at intervals of fuel.

use crate::abi::Violation;
use crate::limits::Limits;
use crate::{App, Platform};
use wasmi::{Error, Store, TrapCode, TypedFunc, TypedResumableCall};

/// Calls a function of the app, and the platform whenever a slice of fuel is burnt.
pub(crate) fn call<P: Platform>(
    store: &mut Store<App<P>>,
    function: TypedFunc<(), i32>,
    limits: &Limits,
) -> Result<i32, Error> {
    let mut left = limits.fuel.unwrap_or(u64::MAX);
    let mut take = |at_least: u64| {
        let slice = limits.slice.max(at_least);
        if left < slice {
            return Err(Error::from(TrapCode::OutOfFuel));
        }
        left -= slice;
        Ok(slice)
    };
    store.set_fuel(take(0)?)?;
    let mut call = function.call_resumable(&mut *store, ())?;
    loop {
        call = match call {
            TypedResumableCall::Finished(value) => return Ok(value),
            // The call keeps its error; host calls end an app by a violation only.
            TypedResumableCall::HostTrap(trap) => {
                let violation = trap.host_error().downcast_ref::<Violation>().copied();
                return Err(violation.unwrap_or(Violation::Pointer).error());
            }
            TypedResumableCall::OutOfFuel(paused) => {
                store.data().platform.slice_ended();
                // What is left of the last slice did not suffice for the next instruction.
                store.set_fuel(take(paused.required_fuel())?)?;
                paused.resume(&mut *store)?
            }
        };
    }
}
