//! A module that an engine has taken, and the one door past validation.

#[cfg(feature = "compiled")]
use crate::compiled;
use crate::either;
#[cfg(feature = "interpreter")]
use crate::engine::{self, Engine};
use crate::function::Function;
#[cfg(feature = "validate")]
use crate::interpreted::settings::config;
use crate::store::{self, Store};
use core::fmt;

/// A module that an engine has taken: the interpreter has translated it, or it is compiled.
pub struct Module(pub(crate) Inner);

pub(crate) enum Inner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Module),
    #[cfg(feature = "compiled")]
    Compiled(compiled::Module),
}

/// Why a module is not valid, in words.
pub struct Invalid(InvalidInner);

enum InvalidInner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Error),
    /// It is for another engine, or was compiled for another version of this one.
    #[cfg(feature = "compiled")]
    Compiled,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            InvalidInner::Interpreted(error) => error.fmt(f),
            #[cfg(feature = "compiled")]
            InvalidInner::Compiled => f.write_str("compiled for another version of the runtime"),
        }
    }
}

impl fmt::Debug for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Checks that a module is valid for exactly [`FEATURES`](crate::FEATURES).
///
/// # Errors
/// What of it is not.
#[cfg(feature = "validate")]
pub fn validate(bytes: &[u8]) -> Result<(), Invalid> {
    let engine = wasmi::Engine::new(&config(&crate::Settings::default()));
    wasmi::Module::validate(&engine, bytes).map_err(Invalid::interpreted)
}

#[cfg(feature = "interpreter")]
impl Invalid {
    fn interpreted(error: wasmi::Error) -> Self {
        Invalid(InvalidInner::Interpreted(error))
    }
}

#[cfg(feature = "interpreter")]
impl Module {
    /// Validates and translates a module.
    ///
    /// # Errors
    /// What of it is not valid.
    #[cfg(feature = "validate")]
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, Invalid> {
        match &engine.0 {
            engine::Inner::Interpreted(engine) => Self::interpreted(wasmi::Module::new(engine, bytes)),
            #[cfg(feature = "compiled")]
            engine::Inner::Compiled => Err(Invalid(InvalidInner::Compiled)),
        }
    }

    /// Translates a module that somebody else has validated.
    ///
    /// # Errors
    /// It cannot be read.
    ///
    /// # Safety
    /// `bytes` must be valid for [`FEATURES`](crate::FEATURES): the engine trusts every index and type in it.
    pub unsafe fn of_validated(engine: &Engine, bytes: &[u8]) -> Result<Self, Invalid> {
        match &engine.0 {
            engine::Inner::Interpreted(engine) => {
                // SAFETY: as promised by the caller.
                Self::interpreted(unsafe { wasmi::Module::new_unchecked(engine, bytes) })
            }
            #[cfg(feature = "compiled")]
            engine::Inner::Compiled => Err(Invalid(InvalidInner::Compiled)),
        }
    }

    fn interpreted(module: Result<wasmi::Module, wasmi::Error>) -> Result<Self, Invalid> {
        module.map(|module| Module(Inner::Interpreted(module))).map_err(Invalid::interpreted)
    }
}

impl Module {
    /// Takes a module that is compiled.
    ///
    /// # Errors
    /// It was compiled for another version of the runtime.
    ///
    /// # Safety
    /// `outside` and `entry` are what `zephyr-wasm compile` has made of one module, and both stay as they are as long as
    /// there is an instance of this.
    #[cfg(feature = "compiled")]
    pub unsafe fn compiled(outside: &[u8], entry: compiled::abi::Entry) -> Result<Self, Invalid> {
        // SAFETY: as promised by the caller.
        match unsafe { compiled::Module::new(outside, entry) } {
            Some(module) => Ok(Module(Inner::Compiled(module))),
            None => Err(Invalid(InvalidInner::Compiled)),
        }
    }

    /// What the board has of a compiled module's file, which stays as long as there is an instance.
    pub fn outside(&self) -> Option<&'static [u8]> {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(_) => None,
            #[cfg(feature = "compiled")]
            Inner::Compiled(module) => Some(module.outside.bytes()),
        }
    }

    /// What it imports, in its order.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = Import<'_>> {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(module) => {
                either::interpreted(module.imports().map(|import| Import(ImportInner::Interpreted(import))))
            }
            #[cfg(feature = "compiled")]
            Inner::Compiled(module) => {
                either::compiled(module.outside.imports().map(|import| Import(ImportInner::Compiled(import))))
            }
        }
    }
}

/// What a module imports.
pub struct Import<'a>(ImportInner<'a>);

enum ImportInner<'a> {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::ImportType<'a>),
    #[cfg(feature = "compiled")]
    Compiled(compiled::Import<'a>),
}

impl<'a> Import<'a> {
    /// The name of what it is imported from: an interface's, in full.
    pub fn from(&self) -> &'a str {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            ImportInner::Interpreted(import) => import.module(),
            #[cfg(feature = "compiled")]
            ImportInner::Compiled(import) => import.from(),
        }
    }

    /// Whether it is imported from the interface of this name.
    pub fn is_from(&self, interface: &str) -> bool {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            ImportInner::Interpreted(import) => import.module() == interface,
            #[cfg(feature = "compiled")]
            ImportInner::Compiled(import) => import.from == interface.as_bytes(),
        }
    }

    /// Its name there.
    pub fn name(&self) -> &'a str {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            ImportInner::Interpreted(import) => import.name(),
            #[cfg(feature = "compiled")]
            ImportInner::Compiled(import) => import.name(),
        }
    }

    /// Whether it is a function.
    pub fn is_function(&self) -> bool {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            ImportInner::Interpreted(import) => import.ty().func().is_some(),
            #[cfg(feature = "compiled")]
            ImportInner::Compiled(import) => import.is_function(),
        }
    }

    /// Whether it is a function of that one's type.
    pub fn has_type_of<T>(&self, function: Function, store: &Store<T>) -> bool {
        match (&self.0, &store.0) {
            #[cfg(feature = "interpreter")]
            (ImportInner::Interpreted(import), store::Inner::Interpreted(store)) => {
                let function = function.as_interpreted();
                import
                    .ty()
                    .func()
                    .is_some_and(|ty| function.is_some_and(|function| *ty == function.ty(store)))
            }
            #[cfg(feature = "compiled")]
            (ImportInner::Compiled(import), store::Inner::Compiled(store)) => {
                function.as_compiled().is_some_and(|function| store.is_of_import(function, import))
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => false,
        }
    }
}
