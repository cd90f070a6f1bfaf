//! A module that the engine has translated, and the one door past validation.

use crate::function::Function;
use crate::settings::Engine;
use crate::store::Store;
use core::fmt;

/// A module that the engine has translated.
pub struct Module(pub(crate) wasmi::Module);

/// Why a module is not valid, in words.
pub struct Invalid(wasmi::Error);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Checks that a module is valid for exactly [`FEATURES`](crate::FEATURES).
///
/// # Errors
/// What of it is not.
#[cfg(feature = "validate")]
pub fn validate(bytes: &[u8]) -> Result<(), Invalid> {
    let engine = Engine::new(&crate::Settings::default());
    wasmi::Module::validate(&engine.0, bytes).map_err(Invalid)
}

impl Module {
    /// Validates and translates a module.
    ///
    /// # Errors
    /// What of it is not valid.
    #[cfg(feature = "validate")]
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, Invalid> {
        wasmi::Module::new(&engine.0, bytes).map(Module).map_err(Invalid)
    }

    /// Translates a module that somebody else has validated.
    ///
    /// # Errors
    /// It cannot be read.
    ///
    /// # Safety
    /// `bytes` must be valid for [`FEATURES`](crate::FEATURES): the engine trusts every index and type in it.
    pub unsafe fn of_validated(engine: &Engine, bytes: &[u8]) -> Result<Self, Invalid> {
        // SAFETY: as promised by the caller.
        unsafe { wasmi::Module::new_unchecked(&engine.0, bytes) }.map(Module).map_err(Invalid)
    }

    /// What it imports, in its order.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = Import<'_>> {
        self.0.imports().map(Import)
    }
}

/// What a module imports.
pub struct Import<'a>(wasmi::ImportType<'a>);

impl<'a> Import<'a> {
    /// The name of what it is imported from: an interface's, in full.
    pub fn from(&self) -> &'a str {
        self.0.module()
    }

    /// Its name there.
    pub fn name(&self) -> &'a str {
        self.0.name()
    }

    /// Whether it is a function.
    pub fn is_function(&self) -> bool {
        self.0.ty().func().is_some()
    }

    /// Whether it is a function of that one's type.
    pub fn has_type_of<T>(&self, function: Function, store: &Store<T>) -> bool {
        self.0.ty().func().is_some_and(|ty| *ty == function.0.ty(&store.0))
    }
}
