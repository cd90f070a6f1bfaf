//! A module in its store, with memory and tables of its own.

use crate::error::Error;
use crate::function::{Function, Parameters, Results, TypedFunction};
use crate::memory::Memory;
use crate::module::Module;
use crate::store::Store;
use alloc::vec::Vec;
use wasmi::Extern;
use wasmi::errors::{ErrorKind, InstantiationError};

/// The functions of the host that a module gets, in the order of its imports.
#[derive(Default)]
pub struct Imports(Vec<Extern>);

impl Imports {
    /// None yet, with room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Imports(Vec::with_capacity(count))
    }

    /// Adds the next one.
    pub fn push(&mut self, function: Function) {
        self.0.push(Extern::Func(function.0));
    }
}

/// Why there is no instance of a module.
pub enum NoInstance {
    /// It broke a rule of WebAssembly as it began.
    Trap(Error),
    /// An element segment does not fit its table.
    ElementSegment,
    /// There is no memory for it.
    Memory,
}

impl NoInstance {
    #[cold]
    fn of(error: &wasmi::Error) -> Self {
        if error.as_trap_code().is_some() {
            return NoInstance::Trap(Error::of(error));
        }
        match error.kind() {
            ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
                NoInstance::ElementSegment
            }
            _ => NoInstance::Memory,
        }
    }
}

/// A module in its store: a name for it, by which the [`Store`] has it.
#[derive(Clone, Copy)]
pub struct Instance(wasmi::Instance);

impl Instance {
    /// Makes one of a module, and runs nothing of it.
    ///
    /// # Errors
    /// Why that cannot be.
    pub fn new<T>(store: &mut Store<T>, module: &Module, imports: &Imports) -> Result<Self, NoInstance> {
        wasmi::Instance::new(&mut store.0, &module.0, &imports.0)
            .map(Instance)
            .map_err(|error| NoInstance::of(&error))
    }

    /// A function that it exports.
    pub fn function<T>(self, store: &Store<T>, name: &str) -> Option<Function> {
        self.0.get_func(&store.0, name).map(Function)
    }

    /// A function of this type that it exports.
    pub fn typed<T, P: Parameters, R: Results>(
        self,
        store: &Store<T>,
        name: &str,
    ) -> Option<TypedFunction<P, R>> {
        self.0.get_typed_func(&store.0, name).ok().map(TypedFunction)
    }

    /// The memory that it exports.
    pub fn memory<T>(self, store: &Store<T>, name: &str) -> Option<Memory> {
        self.0.get_memory(&store.0, name).map(Memory)
    }

    /// The value of a global of 32 bits that it exports.
    pub fn global<T>(self, store: &Store<T>, name: &str) -> Option<i32> {
        self.0.get_global(&store.0, name)?.get(&store.0).i32()
    }

    /// The names of the functions that it exports.
    pub fn functions<T>(self, store: &Store<T>) -> impl Iterator<Item = &str> {
        // The iterator borrows the store, and not the name that an instance is.
        self.0.exports(&store.0).filter_map(|export| {
            let name = export.name();
            export.into_func().map(|_| name)
        })
    }
}
