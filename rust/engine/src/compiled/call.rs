//! Calls functions of compiled apps.

use super::abi;
use super::function::{Function, TypedFunction};
use super::number::{Parameters, Results};
use super::store::Store;
use super::zephyr_wasm_compiled_enter;
use crate::error::Error;
use crate::value::Value;
use alloc::vec;
use core::ffi::c_void;

impl<T> Store<T> {
    /// Calls the app's entry function: 0, or the number with which the app was left.
    pub(super) fn enter(&mut self, operation: u32, number: u32, slots: &mut [u64]) -> u32 {
        let host: *mut Store<T> = self;
        // SAFETY: the store is of this type, and not in use until the app returns.
        unsafe { enter(host.cast(), operation, number, slots) }
    }

    /// Calls a function of the app's, whatever its type.
    pub fn call(&mut self, function: Function, values: &[Value], result: &mut [Value]) -> Result<(), Error> {
        let Function::Export { number, .. } = function else { return Err(Error::INVALID) };
        let ty = self.type_of(function);
        let mut slots = vec![0; ty.params().len().max(ty.results().len())];
        for (slot, value) in slots.iter_mut().zip(values) {
            *slot = value.bits();
        }
        Error::check(self.enter(abi::CALL, number, &mut slots))?;
        for ((value, slot), ty) in result.iter_mut().zip(slots).zip(ty.results()) {
            *value = Value::of_bits(*ty, slot);
        }
        Ok(())
    }
}

impl<P: Parameters, R: Results> TypedFunction<P, R> {
    /// Calls it.
    pub fn call<T>(self, store: &mut Store<T>, params: P) -> Result<R, Error> {
        params.with_slots(|slots| {
            Error::check(store.enter(abi::CALL, self.number, slots))?;
            Ok(R::of_slots(slots))
        })
    }
}

/// Calls the entry function of the app in a store.
///
/// # Safety
/// `host` is a store, which nobody uses until this returns but who the app calls.
#[inline(never)]
unsafe fn enter(host: *mut c_void, operation: u32, number: u32, slots: &mut [u64]) -> u32 {
    // SAFETY: a store begins with this.
    let code = unsafe { &mut *host.cast::<super::store::Code>() };
    let (Some(entry), instance) = (code.entry, code.instance) else { return Error::INVALID.number().get() };
    let mut place = 0;
    // SAFETY: the instance is this entry's, of an export of its module, with room for its arguments and results. Until the
    // app is left, nothing here with a destructor is on the stack.
    let left = unsafe {
        (*instance).host = host;
        let argument = slots.as_mut_ptr().cast();
        zephyr_wasm_compiled_enter(entry as *const c_void, instance, operation, number, argument, &mut place)
    };
    if place != 0 {
        // SAFETY: as above; the app may have used the store meanwhile.
        unsafe { (*host.cast::<super::store::Code>()).place = place };
    }
    left
}
