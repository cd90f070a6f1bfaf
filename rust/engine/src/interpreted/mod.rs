//! The interpreter, and nobody else who knows it: wasmi.
//!
//! - [`settings`] is its one configuration
//! - [`wrong`] finds what it would compute wrongly, and [`select`] has a part of it mended

pub mod call;
#[cfg(feature = "validate")]
mod code;
pub mod data;
pub mod error;
pub mod instance;
pub mod number;
#[cfg(feature = "validate")]
mod scan;
#[cfg(feature = "validate")]
pub mod select;
pub mod settings;
mod trap;
mod value;
#[cfg(feature = "validate")]
pub mod wrong;
