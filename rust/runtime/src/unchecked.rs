//! The one door past validation.

use wasmi::{Engine, Error, Module};

/// Translates a module that somebody else has validated.
///
/// # Safety
/// `module` must be valid for the features of [`crate::engine`]: the engine trusts every index and type in it.
pub(crate) unsafe fn validated_module(engine: &Engine, module: &[u8]) -> Result<Module, Error> {
    // SAFETY: as promised by the caller.
    unsafe { Module::new_unchecked(engine, module) }
}
