//! The interpreter, and nobody else who knows it: wasmi.
//!
//! - [`settings`] is its one configuration
//! - [`resume`] leaves a function in the middle, and goes on with it later; [`slices`] interrupts one at intervals
//! - [`wrong`] finds what it would compute wrongly, and [`select`] has a part of it mended

pub mod call;
#[cfg(feature = "validate")]
mod code;
pub mod data;
pub mod error;
pub mod host;
pub mod instance;
pub mod number;
pub mod resume;
#[cfg(feature = "validate")]
mod scan;
#[cfg(feature = "validate")]
pub mod select;
pub mod settings;
#[cfg(feature = "slices")]
pub mod slices;
mod trap;
mod value;
#[cfg(feature = "validate")]
pub mod wrong;
