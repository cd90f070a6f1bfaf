//! What runs an app's code, behind types of our own: an interpreter, and code that was compiled on the build host.
//!
//! This is the only crate that knows either. An app is a [`Module`], which becomes an [`Instance`] in a [`Store`]; the
//! store holds the host's state beside it. A function of the host gets a [`Caller`], from which it has a [`Context`]:
//! the guest's memory and the host's state. What goes wrong is an [`Error`] of two kinds: a trap, by which the guest
//! broke a rule of WebAssembly, or a [`Violation`], by which it broke one of a host call.
//!
//! - [`settings`] is what a module may use, and what differs from app to app
//! - [`host`] makes functions of the host callable; [`function`] has the guest's, and [`number`] what they pass
//! - `interpreted` is wasmi, and `compiled` the code that is linked with the firmware: each is there as an image wants it
//!   (features `interpreter` and `compiled`), and both know only what is below them: errors, values,
//!   settings and growth. Types of both are enums, of one variant where one of them is there, so that an image pays for
//!   what it has.
//! - [`resume`] leaves a function in the middle, and goes on with it later; [`slices`] interrupts one at intervals; [`wrong`]
//!   finds what would be computed wrongly, and [`select`] has a part of it mended: all of these are the interpreter's
#![no_std]

extern crate alloc;

#[cfg(not(any(feature = "interpreter", feature = "compiled")))]
compile_error!("nothing runs an app's code: the features are `interpreter` and `compiled`");

#[cfg(not(all(feature = "interpreter", feature = "compiled")))]
mod absent;
mod arity;
mod call;
#[cfg(feature = "compiled")]
mod compiled;
pub mod context;
mod either;
mod engine;
pub mod error;
pub mod function;
pub mod growth;
pub mod host;
pub mod instance;
#[cfg(feature = "interpreter")]
mod interpreted;
pub mod memory;
pub mod module;
pub mod number;
#[cfg(feature = "interpreter")]
pub mod resume;
pub mod settings;
#[cfg(feature = "slices")]
pub mod slices;
pub mod store;
pub mod trap;
pub mod value;
pub mod violation;

#[cfg(feature = "compiled")]
pub use compiled::abi::{ABI, Entry};
#[cfg(feature = "loaded")]
pub use compiled::loaded;
#[cfg(feature = "interpreter")]
pub use interpreted::settings::config;
#[cfg(feature = "validate")]
pub use interpreted::{select, wrong};

pub use context::{Caller, Context};
pub use engine::Engine;
pub use error::{Error, NoInstance};
pub use function::{Function, FunctionType, TypedFunction};
pub use growth::Growth;
pub use host::{Hold, HostFunction};
pub use instance::{Imports, Instance};
pub use memory::Memory;
#[cfg(feature = "validate")]
pub use module::validate;
pub use module::{Import, Module};
pub use settings::{FEATURES, Settings};
pub use store::Store;
pub use trap::TrapCode;
pub use value::{Value, ValueType};
pub use violation::Violation;
