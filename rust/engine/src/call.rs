//! Calls functions of the guest.

use crate::context::{self, Context};
use crate::error::Error;
use crate::function::{Function, Inner, TypedFunction, TypedInner};
#[cfg(feature = "interpreter")]
use crate::interpreted::call::{lowered, with_room};
use crate::number::{Parameters, Results};
use crate::value::Value;

impl Function {
    /// Calls it, whatever its type. `result` is a place for each of its results, of which there is one at most.
    ///
    /// # Errors
    /// What ended the call.
    #[inline(never)]
    pub fn call<T>(self, cx: Context<'_, T>, values: &[Value], result: &mut [Value]) -> Result<(), Error> {
        match (cx.0, self.0) {
            #[cfg(feature = "interpreter")]
            (context::Inner::Interpreted(cx), Inner::Interpreted(function)) => {
                let values = lowered(values);
                with_room(result, |room| function.call(cx, &values, room))
            }
            #[cfg(feature = "compiled")]
            (context::Inner::Compiled(store), Inner::Compiled(function)) => {
                store.call(function, values, result)
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => Err(Error::INVALID),
        }
    }
}

impl<P: Parameters, R: Results> TypedFunction<P, R> {
    /// Calls it.
    ///
    /// # Errors
    /// What ended the call.
    #[inline]
    pub fn call<T>(self, cx: Context<'_, T>, params: P) -> Result<R, Error> {
        match (cx.0, self.0) {
            #[cfg(feature = "interpreter")]
            (context::Inner::Interpreted(cx), TypedInner::Interpreted(function)) => {
                Ok(function.call(cx, params)?)
            }
            #[cfg(feature = "compiled")]
            (context::Inner::Compiled(store), TypedInner::Compiled(function)) => function.call(store, params),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => Err(Error::INVALID),
        }
    }
}
