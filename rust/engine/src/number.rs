//! The numbers that functions take and return, as types of Rust.

#[cfg(not(feature = "compiled"))]
use crate::absent as compiled;
#[cfg(not(feature = "interpreter"))]
use crate::absent as interpreted;
#[cfg(feature = "compiled")]
use crate::compiled::number as compiled;
#[cfg(feature = "interpreter")]
use crate::interpreted::number as interpreted;

/// A core number: `i32`, `i64`, `f32` or `f64`.
pub trait Number: interpreted::Number + compiled::Number + Copy + 'static {}
impl Number for i32 {}
impl Number for i64 {}
impl Number for f32 {}
impl Number for f64 {}

/// The core parameters of a typed call: a number, or a tuple of them.
pub trait Parameters: interpreted::Parameters + compiled::Parameters {}
impl<P: interpreted::Parameters + compiled::Parameters> Parameters for P {}

/// The core result of a typed call, or of a function of the host: a number, or `()`.
pub trait Results: interpreted::Results + compiled::Results + Copy + 'static {}
impl Results for () {}
impl<N: Number + interpreted::Results + compiled::Results> Results for N {}
