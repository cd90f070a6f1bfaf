//! The types of WASI's functions, each with what makes a host function of that type.

use super::Wasi;
use super::errno::Errno;
use wasmi::{Caller, Error, Func, FuncType, Store, Val, ValType};
use zephyr_wasm_runtime::App;

/// A host function by its type: `I` and `L` for what it takes, 32 and 64 bits. All return an error number.
#[allow(missing_docs, clippy::type_complexity)]
pub enum Signature<P: Wasi> {
    None(fn(Caller<'_, App<P>>) -> Result<i32, Error>),
    I(fn(Caller<'_, App<P>>, i32) -> Result<i32, Error>),
    Ii(fn(Caller<'_, App<P>>, i32, i32) -> Result<i32, Error>),
    Iii(fn(Caller<'_, App<P>>, i32, i32, i32) -> Result<i32, Error>),
    Iiii(fn(Caller<'_, App<P>>, i32, i32, i32, i32) -> Result<i32, Error>),
    Iiiii(fn(Caller<'_, App<P>>, i32, i32, i32, i32, i32) -> Result<i32, Error>),
    Iiiiii(fn(Caller<'_, App<P>>, i32, i32, i32, i32, i32, i32) -> Result<i32, Error>),
    Il(fn(Caller<'_, App<P>>, i32, i64) -> Result<i32, Error>),
    Ili(fn(Caller<'_, App<P>>, i32, i64, i32) -> Result<i32, Error>),
    Ilii(fn(Caller<'_, App<P>>, i32, i64, i32, i32) -> Result<i32, Error>),
    Ill(fn(Caller<'_, App<P>>, i32, i64, i64) -> Result<i32, Error>),
    Illi(fn(Caller<'_, App<P>>, i32, i64, i64, i32) -> Result<i32, Error>),
    Iiili(fn(Caller<'_, App<P>>, i32, i32, i32, i64, i32) -> Result<i32, Error>),
    Iiiiillii(fn(Caller<'_, App<P>>, i32, i32, i32, i32, i32, i64, i64, i32, i32) -> Result<i32, Error>),
    /// The one that returns nothing, because it does not return.
    Exit(fn(Caller<'_, App<P>>, i32) -> Result<(), Error>),
    /// One that is not supported, by the letters of its type.
    Not(&'static str),
}

impl<P: Wasi> Signature<P> {
    /// Makes the engine's function of it. Those that an image does not have are not named where it is made, so that
    /// what the engine needs of their types is left out.
    #[inline(always)]
    pub fn function<const FILES: bool>(&self, store: &mut Store<App<P>>) -> Func {
        match *self {
            Signature::None(function) => Func::wrap(store, function),
            Signature::I(function) => Func::wrap(store, function),
            Signature::Ii(function) => Func::wrap(store, function),
            Signature::Iii(function) => Func::wrap(store, function),
            Signature::Iiii(function) => Func::wrap(store, function),
            Signature::Ili(function) => Func::wrap(store, function),
            Signature::Ilii(function) => Func::wrap(store, function),
            Signature::Ill(function) => Func::wrap(store, function),
            Signature::Illi(function) => Func::wrap(store, function),
            Signature::Exit(function) => Func::wrap(store, function),
            Signature::Iiiii(function) if FILES => Func::wrap(store, function),
            Signature::Iiiiii(function) if FILES => Func::wrap(store, function),
            Signature::Il(function) if FILES => Func::wrap(store, function),
            Signature::Iiili(function) if FILES => Func::wrap(store, function),
            Signature::Iiiiillii(function) if FILES => Func::wrap(store, function),
            Signature::Not(letters) => unsupported(letters, store),
            _ => unsupported("", store),
        }
    }
}

/// A function that says so.
fn unsupported<P: Wasi>(letters: &str, store: &mut Store<App<P>>) -> Func {
    // `None` and the like have no functions here that are not supported.
    let params = letters
        .bytes()
        .map(|letter| if letter.eq_ignore_ascii_case(&b'l') { ValType::I64 } else { ValType::I32 });
    let ty = FuncType::new(params, [ValType::I32]);
    Func::new(store, ty, |_, _, results| {
        results[0] = Val::I32(Errno::NOSYS.0.into());
        Ok(())
    })
}
