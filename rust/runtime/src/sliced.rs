//! Has the platform told at intervals of fuel.

use crate::limits::Limits;
use crate::{App, Platform};
use zephyr_wasm_engine::{Error, Function, Store, Value, slices};

/// Calls a function of the app, and the platform whenever a slice of fuel is burnt.
pub(crate) fn call<P: Platform>(
    store: &mut Store<App<P>>,
    function: Function,
    values: &[Value],
    results: &mut [Value],
    limits: &Limits,
) -> Result<(), Error> {
    slices::call(store, function, values, results, limits.fuel, limits.slice, |app| {
        app.platform.slice_ended()
    })
}
