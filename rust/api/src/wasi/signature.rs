//! The types of WASI's functions, each with what makes a host function of that type.

use super::Wasi;
use super::errno::Errno;
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::abi::{Caller, Error, Function, HostFunction, Store};
use zephyr_wasm_runtime::engine::{FunctionType, ValueType};

/// A host function by its type: `I` and `L` for what it takes, 32 and 64 bits. All return an error number.
#[allow(missing_docs, clippy::type_complexity)]
pub enum Signature<P: Wasi> {
    None(fn(&mut Caller<'_, App<P>>) -> Result<i32, Error>),
    I(fn(&mut Caller<'_, App<P>>, i32) -> Result<i32, Error>),
    Ii(fn(&mut Caller<'_, App<P>>, i32, i32) -> Result<i32, Error>),
    Iii(fn(&mut Caller<'_, App<P>>, i32, i32, i32) -> Result<i32, Error>),
    Iiii(fn(&mut Caller<'_, App<P>>, i32, i32, i32, i32) -> Result<i32, Error>),
    Iiiii(fn(&mut Caller<'_, App<P>>, i32, i32, i32, i32, i32) -> Result<i32, Error>),
    Iiiiii(fn(&mut Caller<'_, App<P>>, i32, i32, i32, i32, i32, i32) -> Result<i32, Error>),
    Il(fn(&mut Caller<'_, App<P>>, i32, i64) -> Result<i32, Error>),
    Ili(fn(&mut Caller<'_, App<P>>, i32, i64, i32) -> Result<i32, Error>),
    Ilii(fn(&mut Caller<'_, App<P>>, i32, i64, i32, i32) -> Result<i32, Error>),
    Ill(fn(&mut Caller<'_, App<P>>, i32, i64, i64) -> Result<i32, Error>),
    Illi(fn(&mut Caller<'_, App<P>>, i32, i64, i64, i32) -> Result<i32, Error>),
    Iiili(fn(&mut Caller<'_, App<P>>, i32, i32, i32, i64, i32) -> Result<i32, Error>),
    Iiiiillii(fn(&mut Caller<'_, App<P>>, i32, i32, i32, i32, i32, i64, i64, i32, i32) -> Result<i32, Error>),
    /// The one that returns nothing, because it does not return.
    Exit(fn(&mut Caller<'_, App<P>>, i32) -> Result<(), Error>),
    /// One that is not supported, by the letters of its type.
    Not(&'static str),
}

impl<P: Wasi> Signature<P> {
    /// Makes the engine's function of it. Those that an image does not have are not named where it is made, so that
    /// what the engine needs of their types is left out.
    #[inline(always)]
    pub fn function<const FILES: bool>(&self, store: &mut Store<App<P>>) -> Function {
        match *self {
            Signature::None(function) => function.into_function(store),
            Signature::I(function) => function.into_function(store),
            Signature::Ii(function) => function.into_function(store),
            Signature::Iii(function) => function.into_function(store),
            Signature::Iiii(function) => function.into_function(store),
            Signature::Ili(function) => function.into_function(store),
            Signature::Ilii(function) => function.into_function(store),
            Signature::Ill(function) => function.into_function(store),
            Signature::Illi(function) => function.into_function(store),
            Signature::Exit(function) => function.into_function(store),
            Signature::Iiiii(function) if FILES => function.into_function(store),
            Signature::Iiiiii(function) if FILES => function.into_function(store),
            Signature::Il(function) if FILES => function.into_function(store),
            Signature::Iiili(function) if FILES => function.into_function(store),
            Signature::Iiiiillii(function) if FILES => function.into_function(store),
            Signature::Not(letters) => unsupported(letters, store),
            _ => unsupported("", store),
        }
    }
}

/// A function that says so.
fn unsupported<P: Wasi>(letters: &str, store: &mut Store<App<P>>) -> Function {
    // `None` and the like have no functions here that are not supported.
    let params = letters
        .bytes()
        .map(|letter| if letter.eq_ignore_ascii_case(&b'l') { ValueType::I64 } else { ValueType::I32 });
    let ty = FunctionType::new(params, [ValueType::I32]);
    Function::constant(store, &ty, Errno::NOSYS.0.into())
}
