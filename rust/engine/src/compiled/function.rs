//! Functions of compiled apps, and what these call of the host.

use super::abi::Import;
use crate::value::ValueType;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::marker::PhantomData;

/// The core type of a function.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Type {
    /// Those of the parameters, and then of the results.
    types: Vec<ValueType>,
    params: usize,
}

impl Type {
    /// Of what it takes and returns.
    pub fn new(
        params: impl IntoIterator<Item = ValueType>,
        results: impl IntoIterator<Item = ValueType>,
    ) -> Self {
        let mut types: Vec<ValueType> = params.into_iter().collect();
        let params = types.len();
        types.extend(results);
        Type { types, params }
    }

    /// Of all its types, of which the first are those of so many parameters.
    pub(super) fn of(types: Vec<ValueType>, params: usize) -> Self {
        Type { types, params }
    }

    /// The types of its parameters.
    pub fn params(&self) -> &[ValueType] {
        &self.types[..self.params]
    }

    /// The types of its results.
    pub fn results(&self) -> &[ValueType] {
        &self.types[self.params..]
    }
}

/// A function: a name for it.
#[derive(Clone, Copy)]
pub enum Function {
    /// Of the host: what the app calls, and what that is given.
    Host {
        call: *const c_void,
        function: *const c_void,
        params: &'static [ValueType],
        results: &'static [ValueType],
    },
    /// Of the host: returns a value, and does nothing. The number is that of its type in the store.
    Constant { value: i32, ty: usize },
    /// Of the guest: the number of the export, and of the function.
    Export { number: u32, index: usize },
}

/// What an app calls for a function that returns a constant, which it is given in the place of a function. It may be called
/// with any arguments behind these two, which C leaves to the caller.
unsafe extern "C" fn constant(_: *mut super::abi::Instance, value: *const c_void) -> u64 {
    value.addr() as u64
}

impl Function {
    /// As apps import it, if it is of the host's.
    pub fn as_import(self) -> Option<Import> {
        match self {
            Function::Host { call, function, .. } => Some(Import { call, function }),
            Function::Constant { value, .. } => Some(Import {
                call: constant as *const c_void,
                function: core::ptr::without_provenance(value.cast_unsigned() as usize),
            }),
            Function::Export { .. } => None,
        }
    }
}

/// A function of the guest whose type was checked.
pub struct TypedFunction<P, R> {
    pub(super) number: u32,
    pub(super) index: usize,
    pub(super) ty: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for TypedFunction<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunction<P, R> {}

impl<P, R> TypedFunction<P, R> {
    /// The same function without its type.
    pub fn untyped(self) -> Function {
        Function::Export { number: self.number, index: self.index }
    }
}
