//! What runs an app's code, behind types of our own.
//!
//! This is the only crate that knows wasmi. An app is a [`Module`], which becomes an [`Instance`] in a [`Store`]; the
//! store holds the host's state beside it. A function of the host gets a [`Caller`], from which it has a [`Context`]:
//! the guest's memory and the host's state. What goes wrong is an [`Error`] of two kinds: a trap, by which the guest
//! broke a rule of WebAssembly, or a [`Violation`], by which it broke one of a host call.
//!
//! - [`settings`] is the one configuration, and what a module may use
//! - [`host`] makes functions of the host callable; [`function`] has the guest's
//! - [`resume`] leaves a function in the middle, and goes on with it later; [`slices`] interrupts one at intervals
//! - [`wrong`] finds what the engine would compute wrongly, and [`select`] has a part of it mended
#![no_std]

extern crate alloc;

mod call;
#[cfg(feature = "validate")]
mod code;
pub mod context;
pub mod data;
pub mod error;
pub mod function;
pub mod host;
pub mod instance;
pub mod memory;
pub mod module;
pub mod resume;
#[cfg(feature = "validate")]
mod scan;
#[cfg(feature = "validate")]
pub mod select;
pub mod settings;
#[cfg(feature = "slices")]
pub mod slices;
pub mod store;
pub mod trap;
pub mod value;
pub mod violation;
#[cfg(feature = "validate")]
pub mod wrong;

pub use context::{Caller, Context};
pub use data::Growth;
pub use error::Error;
pub use function::{Function, FunctionType, TypedFunction};
pub use host::{Hold, HostFunction};
pub use instance::{Imports, Instance, NoInstance};
pub use memory::Memory;
#[cfg(feature = "validate")]
pub use module::validate;
pub use module::{Import, Module};
pub use settings::{Engine, FEATURES, Settings};
pub use store::Store;
pub use trap::TrapCode;
pub use value::{Value, ValueType};
pub use violation::Violation;
