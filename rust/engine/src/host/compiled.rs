//! How the code of a compiled app calls what the host provides.

use super::Hold;
use crate::compiled::abi::Instance;
use crate::compiled::{Function, Store, zephyr_wasm_compiled_leave};
use crate::context::Caller;
use crate::error::Error;
use crate::number::{Number, Results};
use core::ffi::c_void;

/// Makes a function that compiled apps call of one of the host's.
pub trait IntoImport<T> {
    /// Makes it.
    fn into_import(self) -> Function;
}

/// Leaves the app with the error of a function of the host's.
///
/// # Safety
/// The code of an instance has called the host, and nothing between the two has a destructor.
#[cold]
#[inline(never)]
unsafe fn fail<T: Hold>(cx: &mut Caller<'_, T>, error: Error) -> ! {
    cx.data_mut().release();
    // SAFETY: as promised by the caller. Where the app was is not known, as it is in the host.
    unsafe { zephyr_wasm_compiled_leave(cx.instance(), error.number().get(), 0) }
}

/// Functions of one core signature share one trampoline, which is where the size of typed host functions is.
macro_rules! into_import {
    ($($name:ident)*) => {
        impl<T: Hold + 'static, R: Results, $($name: Number,)*> IntoImport<T>
            for fn(&mut Caller<'_, T>, $($name),*) -> Result<R, Error>
        {
            fn into_import(self) -> Function {
                /// # Safety
                /// The instance's code calls this, whose host is a store of this type, with a function of this type.
                // Where a panic unwinds, it goes through the app's code.
                #[allow(non_snake_case, clippy::too_many_arguments)]
                unsafe extern "C-unwind" fn trampoline<T: Hold + 'static, R: Results, $($name: Number),*>(
                    instance: *mut Instance,
                    function: *const c_void,
                    $($name: $name::Bits),*
                ) -> R::Returned {
                    // SAFETY: as promised by the caller. The store is borrowed by who has called the app, and not in use
                    // until the app returns. Of what is here, nothing has a destructor.
                    unsafe {
                        let function = core::mem::transmute::<
                            *const c_void,
                            fn(&mut Caller<'_, T>, $($name),*) -> Result<R, Error>,
                        >(function);
                        let store = &mut *(*instance).host.cast::<Store<T>>();
                        let mut cx = Caller::compiled(store);
                        cx.data_mut().hold();
                        // What is kept across a call takes a register, which is saved and restored: so the error is
                        // looked for before the end of the call, and has the instance of the context.
                        match function(&mut cx, $($name::of_bits($name)),*) {
                            Ok(value) => {
                                cx.data_mut().release();
                                value.into_returned()
                            }
                            Err(error) => fail(&mut cx, error),
                        }
                    }
                }
                Function::Host {
                    call: trampoline::<T, R, $($name),*> as *const c_void,
                    function: self as *const c_void,
                    params: &[$($name::TYPE),*],
                    results: R::TYPES,
                }
            }
        }
    };
}

crate::arity::of_each_count!(into_import);
