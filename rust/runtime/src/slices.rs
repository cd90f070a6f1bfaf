//! Interrupts an app at intervals of fuel.

use crate::abi::Violation;
use crate::limits::Limits;
use crate::{App, Platform};
use wasmi::{AsContextMut, Error, Func, ResumableCall, Store, StoreContextMut, TrapCode, Val};

/// The fuel of a call of the guest from inside a call of the host, which cannot be interrupted.
const NESTED: u64 = 1_000_000;

/// Calls a function of the app, and the platform whenever a slice of fuel is burnt.
pub(crate) fn call<P: Platform>(
    store: &mut Store<App<P>>,
    function: Func,
    values: &[Val],
    results: &mut [Val],
    limits: &Limits,
) -> Result<(), Error> {
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
    let mut call = function.call_resumable(&mut *store, values, results)?;
    loop {
        call = match call {
            ResumableCall::Finished => return Ok(()),
            // The call keeps its error. A host call fails by a violation, or because a call of the guest inside it did.
            ResumableCall::HostTrap(trap) => {
                let error = trap.host_error();
                return Err(match (error.as_trap_code(), error.downcast_ref::<Violation>()) {
                    (Some(code), _) => Error::from(code),
                    (None, violation) => violation.copied().unwrap_or(Violation::Pointer).error(),
                });
            }
            ResumableCall::OutOfFuel(paused) => {
                store.data().platform.slice_ended();
                // What is left of the last slice did not suffice for the next instruction.
                store.set_fuel(take(paused.required_fuel())?)?;
                paused.resume(&mut *store, results)?
            }
        };
    }
}

/// Makes a call of the guest that is inside a call of the host, with fuel of its own.
pub(crate) fn nested<T, R>(
    mut cx: StoreContextMut<'_, T>,
    call: impl FnOnce(StoreContextMut<'_, T>) -> Result<R, Error>,
) -> Result<R, Error> {
    let left = cx.get_fuel()?;
    cx.set_fuel(NESTED)?;
    let result = call(cx.as_context_mut());
    cx.set_fuel(left)?;
    result
}
