//! A module in its store, with memory and tables of its own.

#[cfg(all(feature = "interpreter", feature = "compiled"))]
use crate::compiled;
use crate::either;
use crate::error::NoInstance;
use crate::function::{Function, TypedFunction};
use crate::growth::Growth;
use crate::memory::{self, Memory};
use crate::module::{self, Module};
use crate::number::{Parameters, Results};
use crate::store::{self, Store};
#[cfg(feature = "interpreter")]
use alloc::vec::Vec;

/// The functions of the host that a module gets, in the order of its imports.
pub struct Imports(ImportsInner);

enum ImportsInner {
    #[cfg(feature = "interpreter")]
    Interpreted(Vec<wasmi::Extern>),
    /// They are where the app has them. So many are there.
    #[cfg(feature = "compiled")]
    Compiled(usize),
}

impl Imports {
    /// None yet, with room for all of this module. A compiled app's room is in its instance, which is allocated now.
    ///
    /// # Errors
    /// Why there is no room.
    pub fn of<T: Growth>(store: &mut Store<T>, module: &Module) -> Result<Self, NoInstance> {
        match (&mut store.0, &module.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(_), module::Inner::Interpreted(module)) => {
                Ok(Imports(ImportsInner::Interpreted(Vec::with_capacity(module.imports().len()))))
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), module::Inner::Compiled(module)) => {
                store.reserve(module).map(|()| Imports(ImportsInner::Compiled(0)))
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => Err(NoInstance::Memory),
        }
    }

    /// Adds the next one.
    pub fn push<T>(&mut self, store: &mut Store<T>, function: Function) {
        match (&mut self.0, &mut store.0, function.0) {
            #[cfg(feature = "interpreter")]
            (
                ImportsInner::Interpreted(functions),
                store::Inner::Interpreted(_),
                crate::function::Inner::Interpreted(function),
            ) => functions.push(wasmi::Extern::Func(function)),
            #[cfg(feature = "compiled")]
            (
                ImportsInner::Compiled(count),
                store::Inner::Compiled(store),
                crate::function::Inner::Compiled(function),
            ) => *count += usize::from(store.set_import(*count, function)),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => {}
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
        imports: Imports,
    ) -> Result<Self, NoInstance> {
        match (&mut store.0, &module.0, imports.0) {
            #[cfg(feature = "interpreter")]
            (
                store::Inner::Interpreted(store),
                module::Inner::Interpreted(module),
                ImportsInner::Interpreted(imports),
            ) => wasmi::Instance::new(store, module, &imports)
                .map(|instance| Instance(Inner::Interpreted(instance)))
                .map_err(|error| NoInstance::of(&error)),
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), module::Inner::Compiled(_), ImportsInner::Compiled(count)) => {
                store.instantiate(count).map(|()| Instance(Inner::Compiled))
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
