//! What the interpreter needs to know of the numbers that functions take and return.

use crate::error::Error;
use wasmi::{WasmParams, WasmResults, WasmRet, WasmTy};

/// A core number.
pub trait Number: WasmTy {}
impl<N: WasmTy> Number for N {}

/// The core parameters of a typed call.
pub trait Parameters: WasmParams {}
impl<P: WasmParams> Parameters for P {}

/// The core result of a typed call, or of a function of the host.
pub trait Results: WasmResults + Sized {
    /// What a function of the host returns to the interpreter.
    type Raised: WasmRet;

    /// The same.
    fn raised(result: Result<Self, Error>) -> Self::Raised;
}

macro_rules! results {
    ($($type:ty)*) => {
        $(impl Results for $type {
            type Raised = Result<$type, wasmi::Error>;

            #[inline]
            fn raised(result: Result<Self, Error>) -> Self::Raised {
                match result {
                    Ok(value) => Ok(value),
                    Err(error) => {
                        // Keeps this out of the way of results, which would pass all of its instructions by.
                        core::hint::black_box(());
                        Err(error.raise())
                    }
                }
            }
        })*
    };
}

results!(() i32 i64 f32 f64);
