//! Calls any function that an app exports, with arguments and result as text: what a console needs.
//!
//! The text is canonical [WAVE](https://docs.rs/wasm-wave): every field and case by its name, no comments. The types
//! come from the module's section [`EXPORTS`]; a module without it is called with core values.

mod flat;
mod floats;
mod layout;
mod parse;
mod print;
mod text;
mod types;

pub use floats::{FLOATS, Floats};
pub use types::{Signature, Type};

use crate::abi;
use crate::check::custom_section;
use crate::end::{End, Refusal};
use crate::limits::Limits;
use crate::loaded::Instance as Loaded;
use crate::message::Message;
use crate::{App, Platform};
use alloc::string::String;
use alloc::vec::Vec;
use layout::Place;
use zephyr_wasm_engine::{Error, Function, Instance, Store, Value, ValueType};

/// The custom section in which `zephyr-wasm pack` says what a module's exports are: a line for each, of its name, a
/// space, and its type as WIT has it with every named type spelt out.
pub const EXPORTS: &str = "zephyr-wasm:exports";

/// The most parameters that a call passes by value.
const MOST_FLAT: usize = 16;

/// Takes a result, piece by piece.
pub type Output<'a> = &'a mut dyn FnMut(&str);

/// Why a call gave no result.
pub enum Failure {
    /// It was not made.
    Refused(Refusal),
    /// It ended the app.
    Ended(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Ended(error)
    }
}

/// The type that a module says an export of its has, for [`Signature::parse`].
pub fn signature<'a>(module: &'a [u8], wanted: &str) -> Option<&'a str> {
    find(module, wanted).map(|(_, signature)| signature)
}

/// Whether a module's `run` is not the usual `func() -> s32`, whose type no module says, by its section [`EXPORTS`].
pub(crate) fn declares_run(exports: Option<&[u8]>) -> bool {
    exports.is_some_and(|lines| lines.starts_with(b"run ") || lines.windows(5).any(|line| line == b"\nrun "))
}

/// Adds the functions that there are to what an app lacks.
fn list_functions<P: Platform>(loaded: &Loaded<P>, message: &mut Message) {
    let mut count = 0;
    for name in loaded.instance.functions(&loaded.store) {
        if !name.starts_with("cabi_") {
            message.text(if count == 0 { "; it exports `" } else { ", `" }).text(name).text("`");
            count += 1;
        }
    }
    if count == 0 {
        message.text("; it exports no function");
    }
}

/// The name and type of the export that is meant by `wanted`: its whole name, or what is behind the interface's.
fn find<'a>(module: &'a [u8], wanted: &str) -> Option<(&'a str, &'a str)> {
    let lines = core::str::from_utf8(custom_section(module, EXPORTS)?).ok()?.lines();
    let mut found = None;
    for (name, signature) in lines.filter_map(|line| line.split_once(' ')) {
        if name == wanted {
            return Some((name, signature));
        }
        if name.split_once('#').is_some_and(|(_, behind)| behind == wanted) {
            found = Some((name, signature));
        }
    }
    found
}

/// How to call functions of apps on a platform: behind pointers, so that an image that has no such calls has no code
/// for them.
pub struct Caller<P: Platform> {
    pub(crate) list_functions: fn(&Loaded<P>, &mut Message),
    pub(crate) call: fn(&Call<'_>, &mut Loaded<P>, &mut String, &mut Message) -> End,
}

impl<P: Platform> Caller<P> {
    /// The one there is.
    pub const fn new() -> Self {
        Caller {
            list_functions,
            call: |call, loaded, result, message| {
                let end = call.end(loaded, result, message);
                if end == End::Refused(Refusal::NoFunction) {
                    list_functions(loaded, message);
                }
                end
            },
        }
    }
}

impl<P: Platform> Default for Caller<P> {
    fn default() -> Self {
        Caller::new()
    }
}

/// What an image has for calls by name.
pub struct Calls<'a, P: Platform> {
    /// How to make them.
    pub caller: &'a Caller<P>,
    /// Floating-point numbers in them.
    pub floats: Option<&'a Floats>,
}

/// A call to be made.
pub struct Call<'a> {
    /// The app's module.
    pub module: &'a [u8],
    /// The export, by its whole name or by what is behind the interface's.
    pub function: &'a str,
    /// The arguments, separated by commas.
    pub arguments: &'a str,
    /// What the app may use.
    pub limits: &'a Limits,
    /// Floating-point numbers in it.
    pub floats: Option<&'a Floats>,
}

impl Call<'_> {
    /// Makes the call, and writes its result: how it ended.
    fn end<P: Platform>(&self, loaded: &mut Loaded<P>, result: &mut String, message: &mut Message) -> End {
        let output = &mut |text: &str| result.push_str(text);
        match self.make(&mut loaded.store, &loaded.instance, message, output) {
            Ok(()) => End::Returned(0),
            Err(failure) => {
                result.clear();
                end_of(failure)
            }
        }
    }

    /// Makes the call on an instance of the module, and writes the result.
    ///
    /// # Errors
    /// Why there was no call; `message` has it in words. Or how the call ended the app.
    pub fn make<P: Platform>(
        &self,
        store: &mut Store<App<P>>,
        instance: &Instance,
        message: &mut Message,
        output: Output<'_>,
    ) -> Result<(), Failure> {
        let Call { module, function: wanted, arguments, limits, floats } = *self;
        let found = find(module, wanted);
        let name = found.map_or(wanted, |(name, _)| name);
        let Some(function) = instance.function(store, name) else {
            message.text("does not export `").text(wanted).text("`");
            return Err(Failure::Refused(Refusal::NoFunction));
        };
        let signature = match found {
            Some((_, text)) => Signature::parse(text),
            None => Some(Signature::of_core(&function.ty(store))),
        };
        let Some(signature) = signature.filter(|signature| fits(signature, &function, store)) else {
            message
                .text("`")
                .text(wanted)
                .text("` has another type than its module says, or passes resources");
            return Err(Failure::Refused(Refusal::Signature));
        };
        let params = parse::arguments(store, &signature, arguments, floats, message)?;
        let mut values = Vec::new();
        if flat::count(&signature.params) > MOST_FLAT {
            let align = layout::fields(&signature.params).align;
            values.push(Value::I32(abi::put_params(store.context(), &params, align)?));
        } else {
            flat::lower(&signature.params, &params, &mut values);
        }
        let mut results = [Value::I32(0)];
        let results = &mut results[..usize::from(signature.result.is_some())];
        invoke(store, function, &values, results, limits)?;
        if let Some(ty) = &signature.result {
            let (memory, _) = if flat::lives_in_memory(ty) {
                abi::split(store.context())?
            } else {
                (&mut [][..], store.data_mut())
            };
            let returned;
            let place = if flat::lives_in_memory(ty) {
                Place::of(abi::bytes(memory, results[0].i32().unwrap_or(0), layout::of(ty).size as i32)?)
            } else {
                returned = flat::lift(ty, &results[0])?;
                Place::of(&returned)
            };
            print::value(memory, ty, place, floats, output)?;
        }
        // Lets the guest free what its result was in.
        match instance.function(store, &(String::from("cabi_post_") + name)) {
            Some(post) => Ok(invoke(store, post, results, &mut [], limits)?),
            None => Ok(()),
        }
    }
}

/// Calls a core function, interrupted at intervals where the image has that.
fn invoke<P: Platform>(
    store: &mut Store<App<P>>,
    function: Function,
    values: &[Value],
    results: &mut [Value],
    limits: &Limits,
) -> Result<(), Error> {
    #[cfg(feature = "slices")]
    return crate::sliced::call(store, function, values, results, limits);
    #[cfg(not(feature = "slices"))]
    {
        let _ = limits;
        function.call(store.context(), values, results)
    }
}

/// Whether a function has the core type that its signature says.
fn fits<T>(signature: &Signature<'_>, function: &Function, store: &Store<T>) -> bool {
    let ty = function.ty(store);
    let mut params = Vec::new();
    flat::types(&signature.params, &mut params);
    if params.len() > MOST_FLAT {
        params = alloc::vec![ValueType::I32];
    }
    let mut results = Vec::new();
    if let Some(result) = &signature.result {
        flat::types(core::slice::from_ref(result), &mut results);
        if results.len() > 1 {
            results = alloc::vec![ValueType::I32];
        }
    }
    ty.params().eq(params.iter().copied()) && ty.results().eq(results.iter().copied())
}

/// As an app's end.
fn end_of(failure: Failure) -> End {
    match failure {
        Failure::Refused(refusal) => End::Refused(refusal),
        Failure::Ended(error) => End::of(error),
    }
}
