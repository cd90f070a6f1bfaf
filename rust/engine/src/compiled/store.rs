//! Where a compiled app lives, and the host's state beside it.

use super::abi;
use super::function::{Function, Type, TypedFunction};
use super::number::{Parameters, Results};
use super::outside::{Functions, GLOBAL, Import, MEMORY, Outside};
use crate::growth::Growth;
use alloc::alloc::dealloc;
use alloc::vec::Vec;
use core::alloc::Layout;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::{ptr, slice};

/// What an app asks the host's state as it runs.
pub enum Ask {
    /// Whether its memory may have so many bytes, of so many that the module says at most.
    Memory(usize, usize),
    /// Whether a table may have so many elements.
    Table(usize),
}

/// An app's instance, and the host's state. The instance comes first, so that it is found without knowing the other.
#[repr(C)]
pub struct Store<T> {
    pub(super) code: Code,
    pub data: T,
}

/// An app's instance.
pub struct Code {
    /// Null before it is made.
    pub(super) instance: *mut abi::Instance,
    pub(super) entry: Option<abi::Entry>,
    pub(super) outside: Outside,
    /// What is allocated for it.
    pub(super) layout: Layout,
    /// How many functions it imports, which its instance has room for.
    pub(super) imports: usize,
    /// How far its memory can grow where it is, and as the module says.
    pub(super) reserved: usize,
    pub(super) declared: usize,
    /// The types of functions that return a constant.
    constants: Vec<Type>,
    /// Where it was as it trapped.
    pub(super) place: u32,
    /// Asks the host's state, given the store.
    pub(super) ask: unsafe fn(*mut c_void, Ask) -> bool,
}

/// Asks the host's state of a store.
///
/// # Safety
/// It is one of this type, and nobody else uses it.
unsafe fn ask<T: Growth>(store: *mut c_void, what: Ask) -> bool {
    // SAFETY: as promised by the caller.
    let data = unsafe { &mut (*store.cast::<Store<T>>()).data };
    match what {
        Ask::Memory(desired, declared) => data.memory_staying(desired, declared),
        Ask::Table(desired) => data.table_staying(desired),
    }
}

impl<T: Growth> Store<T> {
    pub fn new(data: T) -> Self {
        let code = Code {
            instance: ptr::null_mut(),
            entry: None,
            outside: Outside::default(),
            layout: Layout::new::<()>(),
            imports: 0,
            reserved: 0,
            declared: 0,
            constants: Vec::new(),
            place: 0,
            ask: ask::<T>,
        };
        Store { code, data }
    }
}

impl<T> Store<T> {
    /// The app's instance; null before it is made.
    pub fn instance(&self) -> *mut abi::Instance {
        self.code.instance
    }

    /// The app's memory, to look at.
    pub fn memory(&self) -> &[u8] {
        self.code.memory()
    }

    /// The app's memory, and the host's state beside it.
    pub fn split(&mut self) -> (&mut [u8], &mut T) {
        let memory = self.code.memory();
        // SAFETY: the memory is the instance's alone, whose code does not run as long as this store is borrowed.
        let memory = unsafe { slice::from_raw_parts_mut(memory.as_ptr().cast_mut(), memory.len()) };
        (memory, &mut self.data)
    }

    pub fn function(&self, name: &str) -> Option<Function> {
        self.code.function(name)
    }

    pub fn typed<P: Parameters, R: Results>(&self, function: Function) -> Option<TypedFunction<P, R>> {
        let Function::Export { number, index } = function else { return None };
        let has_type = self.code.outside.has_type(index, P::TYPES, R::TYPES);
        has_type.then_some(TypedFunction { number, index, ty: PhantomData })
    }

    pub fn type_of(&self, function: Function) -> Type {
        self.code.type_of(function)
    }

    /// Gives the instance one of its imports: whether there is room for it, and the function is the host's.
    pub fn set_import(&mut self, number: usize, function: Function) -> bool {
        let Some(import) = function.as_import().filter(|_| number < self.code.imports) else { return false };
        // SAFETY: the instance is there, as it has imports, and has room for so many. Its code does not run as long as this
        // store is borrowed.
        unsafe { (*self.code.instance).imports.cast_mut().add(number).write(import) };
        true
    }

    /// Whether a function is of the type of an import.
    pub fn is_of_import(&self, function: Function, import: &Import<'_>) -> bool {
        match function {
            Function::Host { params, results, .. } => import.has_type(params, results),
            _ => {
                let ty = self.code.type_of(function);
                import.has_type(ty.params(), ty.results())
            }
        }
    }

    pub fn functions(&self) -> Functions<'_> {
        Functions(self.code.outside.exports(), PhantomData)
    }

    pub fn exports_memory(&self, name: &str) -> bool {
        self.code.outside.export(name).is_some_and(|export| export.is(MEMORY))
    }

    pub fn global(&self, name: &str) -> Option<i32> {
        self.code.global(name)
    }

    pub fn place(&self) -> Option<u32> {
        (self.code.place != 0).then_some(self.code.place)
    }

    /// A function of the host that returns a value.
    pub fn constant(&mut self, ty: Type, value: i32) -> Function {
        self.code.constants.push(ty);
        Function::Constant { value, ty: self.code.constants.len() - 1 }
    }
}

impl Code {
    fn memory(&self) -> &[u8] {
        if self.instance.is_null() {
            return &[];
        }
        // SAFETY: the instance has so much memory, which stays where it is, and whose code does not run as long as this is
        // borrowed.
        unsafe { slice::from_raw_parts((*self.instance).memory, (*self.instance).memory_size as usize) }
    }

    #[inline(never)]
    fn function(&self, name: &str) -> Option<Function> {
        let export = self.outside.export(name)?;
        Some(Function::Export { number: export.number, index: export.function()? })
    }

    #[inline(never)]
    pub(super) fn type_of(&self, function: Function) -> Type {
        match function {
            Function::Host { params, results, .. } => {
                Type::new(params.iter().copied(), results.iter().copied())
            }
            Function::Constant { ty, .. } => self.constants.get(ty).cloned().unwrap_or_default(),
            Function::Export { index, .. } => self.outside.type_of(index),
        }
    }

    /// Whoever asks may be on another thread than the app's, after its end.
    fn global(&self, name: &str) -> Option<i32> {
        let export = self.outside.export(name).filter(|export| export.is(GLOBAL))?;
        let entry = self.entry.filter(|_| !self.instance.is_null())?;
        let mut value = 0_u64;
        // SAFETY: the instance is this entry's, the export is a global, and there is room for its value. Whatever stack this
        // is, it has no limit meanwhile, so that nothing traps, as nobody is there to whom a trap would lead.
        unsafe {
            let limit = core::mem::replace(&mut (*self.instance).stack_limit, 0);
            entry(abi::CALL, self.instance, export.number, (&raw mut value).cast());
            (*self.instance).stack_limit = limit;
        }
        Some((value as u32).cast_signed())
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        if !self.instance.is_null() {
            // SAFETY: it was allocated so, and nobody else has it.
            unsafe { dealloc(self.instance.cast(), self.layout) };
        }
    }
}
