//! Apps that were compiled on the build host: C of `zephyr-wasm compile`, which is linked with the firmware.
//!
//! What there is of the module itself is its outside, of which imports, types and exports are read as they are needed. An
//! [`Instance`](abi::Instance) has the app's globals and tables behind it, then what it imports, and then its linear
//! memory: one allocation, which never moves.
//!
//! A trap, and a function of the host that fails, leave the app's code by a long jump to where the host called it
//! ([`zephyr_wasm_compiled_enter`]). So there may be nothing between these with a destructor: between lies the app's
//! code, which is C, and the trampoline of [`crate::host`].
//!
//! - [`abi`] is what the code of apps and the firmware agree on
//! - [`outside`] reads a module
//! - `loaded` enters and leaves code that came at run time, where there is such
//! - [`store`] is where an app lives, [`instance`] makes it, [`call`] calls it, and [`runtime`] is what it calls

pub mod abi;
mod call;
mod function;
mod instance;
#[cfg(feature = "loaded")]
pub mod loaded;
pub mod number;
mod outside;
mod runtime;
mod store;

// What enters and leaves the code of apps.
#[cfg(not(feature = "loaded"))]
pub use abi::{zephyr_wasm_compiled_enter, zephyr_wasm_compiled_leave};
#[cfg(feature = "loaded")]
pub use loaded::{zephyr_wasm_compiled_enter, zephyr_wasm_compiled_leave};

pub use function::{Function, Type, TypedFunction};
pub use instance::Module;
#[cfg(feature = "interpreter")]
pub use outside::Functions;
pub use outside::Import;
pub use store::Store;
