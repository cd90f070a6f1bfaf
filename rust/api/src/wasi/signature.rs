//! The types of WASI's functions, each with what makes a host function of that type.

use wasmi::{Caller, Error, Func, Store};
use zephyr_wasm_runtime::App;

use super::Wasi;
use super::errno::Errno;

/// Defines the types by letters: `i` for 32 bits, `l` for 64. All return an error number.
macro_rules! signatures {
    ($($name:ident $nosys:ident ($($arg:ident: $ty:ty),*);)*) => {
        /// A host function of one of these types.
        #[allow(non_camel_case_types)]
        pub enum Signature<P: Wasi> {
            $(#[doc(hidden)] $name(fn(Caller<'_, App<P>>, $($ty),*) -> Result<i32, Error>),)*
            /// The one that returns nothing, because it does not return.
            Exit(fn(Caller<'_, App<P>>, i32) -> Result<(), Error>),
        }

        impl<P: Wasi> Signature<P> {
            /// Makes the engine's function of it.
            pub fn function(&self, store: &mut Store<App<P>>) -> Func {
                match *self {
                    $(Signature::$name(function) => Func::wrap(store, function),)*
                    Signature::Exit(function) => Func::wrap(store, function),
                }
            }
        }

        $(
            /// The function of this type that is not supported.
            #[allow(clippy::too_many_arguments, dead_code)]
            pub fn $nosys<P: Wasi>(_: Caller<'_, App<P>>, $(_: $ty),*) -> Result<i32, Error> {
                Ok(Errno::NOSYS.0.into())
            }
        )*
    };
}

signatures! {
    None no_none();
    I no_i(a: i32);
    Ii no_ii(a: i32, b: i32);
    Iii no_iii(a: i32, b: i32, c: i32);
    Iiii no_iiii(a: i32, b: i32, c: i32, d: i32);
    Iiiii no_iiiii(a: i32, b: i32, c: i32, d: i32, e: i32);
    Iiiiii no_iiiiii(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32);
    Iiiiiii no_iiiiiii(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: i32);
    Il no_il(a: i32, b: i64);
    Ili no_ili(a: i32, b: i64, c: i32);
    Ilii no_ilii(a: i32, b: i64, c: i32, d: i32);
    Ill no_ill(a: i32, b: i64, c: i64);
    Illi no_illi(a: i32, b: i64, c: i64, d: i32);
    Iiili no_iiili(a: i32, b: i32, c: i32, d: i64, e: i32);
    Iiiilli no_iiiilli(a: i32, b: i32, c: i32, d: i32, e: i64, f: i64, g: i32);
    Iiiiillii no_iiiiillii(a: i32, b: i32, c: i32, d: i32, e: i32, f: i64, g: i64, h: i32, i: i32);
}
