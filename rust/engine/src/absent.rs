//! What an engine that is not there needs to know of numbers: nothing.

/// Of a core number.
pub trait Number {}
impl<N> Number for N {}

/// Of the core parameters of a typed call.
pub trait Parameters {}
impl<P> Parameters for P {}

/// Of the core result of a typed call, or of a function of the host.
pub trait Results {}
impl<R> Results for R {}
