//! Functions of a guest that are left in the middle, and gone on with later.

use crate::error::Error;
use crate::function::Function;
use crate::interpreted::call::{lowered, with_room};
use crate::store::Store;
use crate::value::Value;
use wasmi::{ResumableCall, ResumableCallHostTrap, ResumableCallOutOfFuel};

/// How far a function of a guest has come.
pub enum Progress {
    /// It returned.
    Returned,
    /// A function of the host that it called has failed.
    Failed(Failed),
    /// It has burnt its fuel.
    OutOfFuel(OutOfFuel),
}

impl Progress {
    fn of(call: ResumableCall) -> Self {
        match call {
            ResumableCall::Finished => Progress::Returned,
            ResumableCall::HostTrap(call) => Progress::Failed(Failed(call)),
            ResumableCall::OutOfFuel(call) => Progress::OutOfFuel(OutOfFuel(call)),
        }
    }
}

/// A function that is left in a call of the host.
pub struct Failed(ResumableCallHostTrap);

/// A function that is left for want of fuel.
pub struct OutOfFuel(ResumableCallOutOfFuel);

/// Calls a function so that it can be left in the middle. `result` is as for [`Function::call`].
///
/// # Errors
/// What ended the call for good.
pub fn begin<T>(
    store: &mut Store<T>,
    function: Function,
    values: &[Value],
    result: &mut [Value],
) -> Result<Progress, Error> {
    let (store, values) = (store.as_interpreted()?, lowered(values));
    let function = function.as_interpreted().ok_or(Error::INVALID)?;
    with_room(result, |room| function.call_resumable(store, &values, room)).map(Progress::of)
}

impl Failed {
    /// What the function of the host has failed with.
    pub fn error(&self) -> Error {
        Error::of(self.0.host_error())
    }

    /// The function of the host.
    pub fn function(&self) -> Function {
        Function::interpreted(self.0.host_func())
    }

    /// Goes on as if that had returned these values.
    ///
    /// # Errors
    /// What ended the call for good.
    pub fn resume<T>(
        self,
        store: &mut Store<T>,
        returned: &[Value],
        result: &mut [Value],
    ) -> Result<Progress, Error> {
        let (store, returned) = (store.as_interpreted()?, lowered(returned));
        with_room(result, |room| self.0.resume(store, &returned, room)).map(Progress::of)
    }
}

impl OutOfFuel {
    /// The fuel that the next instruction takes.
    pub fn needs(&self) -> u64 {
        self.0.required_fuel()
    }

    /// Goes on, with what fuel the store has by now.
    ///
    /// # Errors
    /// What ended the call for good.
    pub fn resume<T>(self, store: &mut Store<T>, result: &mut [Value]) -> Result<Progress, Error> {
        let store = store.as_interpreted()?;
        with_room(result, |room| self.0.resume(store, room)).map(Progress::of)
    }
}
