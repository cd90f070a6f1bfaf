//! A module in its store, with memory and tables of its own.

#[cfg(feature = "compiled")]
use crate::compiled;
use crate::either;
use crate::error::NoInstance;
use crate::function::{Function, TypedFunction};
use crate::growth::Growth;
use crate::memory::{self, Memory};
use crate::module::{self, Module};
use crate::number::{Parameters, Results};
use crate::store::{self, Store};
use alloc::vec::Vec;

/// The functions of the host that a module gets, in the order of its imports.
#[derive(Default)]
pub struct Imports {
    #[cfg(feature = "interpreter")]
    interpreted: Vec<wasmi::Extern>,
    #[cfg(feature = "compiled")]
    compiled: Vec<compiled::abi::Import>,
}

impl Imports {
    /// None yet, with room for so many in this store.
    pub fn with_capacity<T>(store: &Store<T>, count: usize) -> Self {
        match &store.0 {
            #[cfg(feature = "interpreter")]
            store::Inner::Interpreted(_) => Imports {
                interpreted: Vec::with_capacity(count),
                #[cfg(feature = "compiled")]
                compiled: Vec::new(),
            },
            #[cfg(feature = "compiled")]
            store::Inner::Compiled(_) => Imports {
                compiled: Vec::with_capacity(count),
                #[cfg(feature = "interpreter")]
                interpreted: Vec::new(),
            },
        }
    }

    /// Adds the next one.
    pub fn push(&mut self, function: Function) {
        match function.0 {
            #[cfg(feature = "interpreter")]
            crate::function::Inner::Interpreted(function) => {
                self.interpreted.push(wasmi::Extern::Func(function))
            }
            #[cfg(feature = "compiled")]
            crate::function::Inner::Compiled(function) => self.compiled.extend(function.as_import()),
        }
    }
}

/// A module in its store: a name for it, by which the [`Store`] has it.
#[derive(Clone, Copy)]
pub struct Instance(Inner);

#[derive(Clone, Copy)]
enum Inner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Instance),
    #[cfg(feature = "compiled")]
    Compiled,
}

impl Instance {
    /// Makes one of a module, and runs nothing of it.
    ///
    /// # Errors
    /// Why that cannot be.
    pub fn new<T: Growth>(
        store: &mut Store<T>,
        module: &Module,
        imports: &Imports,
    ) -> Result<Self, NoInstance> {
        match (&mut store.0, &module.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), module::Inner::Interpreted(module)) => {
                wasmi::Instance::new(store, module, &imports.interpreted)
                    .map(|instance| Instance(Inner::Interpreted(instance)))
                    .map_err(|error| NoInstance::of(&error))
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), module::Inner::Compiled(module)) => {
                store.instantiate(module, &imports.compiled).map(|()| Instance(Inner::Compiled))
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => Err(NoInstance::Memory),
        }
    }

    /// A function that it exports.
    pub fn function<T>(self, store: &Store<T>, name: &str) -> Option<Function> {
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(instance)) => {
                instance.get_func(store, name).map(Function::interpreted)
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), Inner::Compiled) => store.function(name).map(Function::compiled),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => None,
        }
    }

    /// A function of this type that it exports.
    pub fn typed<T, P: Parameters, R: Results>(
        self,
        store: &Store<T>,
        name: &str,
    ) -> Option<TypedFunction<P, R>> {
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(instance)) => {
                instance.get_typed_func(store, name).ok().map(TypedFunction::interpreted)
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), Inner::Compiled) => {
                store.typed(store.function(name)?).map(TypedFunction::compiled)
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => None,
        }
    }

    /// The memory that it exports.
    pub fn memory<T>(self, store: &Store<T>, name: &str) -> Option<Memory> {
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(instance)) => {
                instance.get_memory(store, name).map(|memory| Memory(memory::Inner::Interpreted(memory)))
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), Inner::Compiled) => {
                store.exports_memory(name).then_some(Memory(memory::Inner::Compiled))
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => None,
        }
    }

    /// The value of a global of 32 bits that it exports.
    pub fn global<T>(self, store: &Store<T>, name: &str) -> Option<i32> {
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(instance)) => {
                instance.get_global(store, name)?.get(store).i32()
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), Inner::Compiled) => store.global(name),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => None,
        }
    }

    /// The names of the functions that it exports.
    pub fn functions<T>(self, store: &Store<T>) -> impl Iterator<Item = &str> {
        // The iterator borrows the store, and not the name that an instance is.
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(instance)) => {
                either::interpreted(instance.exports(store).filter_map(|export| {
                    let name = export.name();
                    export.into_func().map(|_| name)
                }))
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), _) => either::compiled(store.functions()),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            (store::Inner::Interpreted(_), Inner::Compiled) => {
                either::compiled(compiled::Functions::default())
            }
        }
    }

    /// Where it was as it trapped, of an app that is compiled to say so: a place in the module's file, in bytes.
    pub fn place<T>(self, store: &Store<T>) -> Option<u32> {
        match &store.0 {
            #[cfg(feature = "interpreter")]
            store::Inner::Interpreted(_) => None,
            #[cfg(feature = "compiled")]
            store::Inner::Compiled(store) => store.place(),
        }
    }
}
