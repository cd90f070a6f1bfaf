//! How the functions in C of host APIs are declared: `zephyr-wasm-declare` reads this, and writes prototypes for C, and what
//! stands between apps and the functions.

/// Declares functions in C of a host API: those of the file's name.
///
/// ```text
/// in_c! {
///     /// What it does, if its name does not say it.
///     #[grants("publish" of topic)]
///     unsafe fn zephyr_wasm_message_publish(topic: *const c_char, length: usize, ...) -> i32;
/// }
/// ```
///
/// What the app's manifest has to grant for the call is one of
/// - `#[grants(none)]`: the function reaches nothing that a manifest grants one by one;
/// - `#[grants("kind" of argument)]`: the manifest's grants of that kind have this argument, a text;
/// - `#[grants(zephyr_wasm_api_may_call)]`: this function in C says so, of the same arguments.
///
/// A function of an interface that images can have the API without says so: `#[interface("streams")]`.
///
/// How much is behind a pointer says the next argument (`length`, `size`, `room`, `count`, `most`), or a macro of C's:
/// `#[room(argument = MACRO)]`. It is a `safe fn` if no argument is a raw pointer. No argument is an array, or leads to a
/// structure that has a pointer.
macro_rules! in_c {
    ($(
        $(#[doc = $doc:literal])*
        #[grants($($grants:tt)*)]
        $(#[interface($interface:literal)])?
        $(#[room($($room:tt)*)])?
        $safety:ident fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
    )*) => {
        // SAFETY: C includes prototypes that are made of these declarations.
        unsafe extern "C" {
            $(
                $(#[doc = $doc])*
                $safety fn $name($($argument: $type),*) $(-> $result)?;
            )*
        }
    };
}

pub(crate) use in_c;
