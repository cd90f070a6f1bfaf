//! Makes C of WebAssembly modules: one freestanding file in C11 with GCC's builtins, which a firmware's compiler takes.
//!
//! A module's functions become static functions of C, with its locals as variables and its operand stack folded into
//! expressions. What such a file and the firmware agree on stands in `include/zephyr_wasm/compiled.h`; what C has no
//! operator for, in `operations.h`; both are at the head of what is written.
//!
//! ```
//! let module = b"\0asm\x01\0\0\0";
//! let c = zephyr_wasm_compile::compile(module, &zephyr_wasm_compile::Options::new("empty")).unwrap();
//! assert!(c.contains("zephyr_wasm_compiled_app_empty"));
//! ```

mod call;
mod check;
mod checked;
mod constant;
mod control;
mod error;
mod flags;
mod frame;
mod function;
mod indirect;
mod instance;
mod mark;
mod memory;
mod module;
mod most;
mod names;
mod numeric;
mod operand;
mod operators;
mod outside;
mod rule;
mod table;
mod trapping;
mod types;
mod written;

pub use error::Error;
pub use flags::Compiler;
pub use mark::{mark, with_lines};
pub use outside::outside;

use module::Module;

/// What an app and the firmware agree on.
const INTERFACE: &str = include_str!("../../../include/zephyr_wasm/compiled.h");
/// What C has no operator for.
const OPERATIONS: &str = include_str!("operations.h");

/// How to compile a module.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// What the firmware calls the app: the entry function is `zephyr_wasm_compiled_app_<name>`.
    pub name: &'a str,
    /// Before each name of the file's own: for several modules in one file.
    pub prefix: &'a str,
    /// What the module was packed of, which has the same functions by the same numbers: their code and their names are taken of
    /// it, so that places are those of its file.
    pub source: Option<&'a [u8]>,
    /// Whether a trap tells the place of its instruction in the module's file, which is up to a tenth of the code.
    pub places: bool,
    /// Whether a line of its own ([`mark`]) says of each line of a function from which place it comes.
    pub marks: bool,
    /// The most elements that a table which grows has room for, where the module does not say fewer.
    pub largest_table: u32,
    /// The most bytes of C: a module that takes more is refused.
    pub largest_text: usize,
}

impl<'a> Options<'a> {
    /// For an app of this name, and all else as it usually is.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        Options {
            name,
            prefix: "",
            source: None,
            places: true,
            marks: false,
            largest_table: 1024,
            largest_text: most::TEXT,
        }
    }
}

/// Makes a whole file of a module.
///
/// # Errors
/// If the module is not valid, or has what cannot be compiled.
pub fn compile(bytes: &[u8], options: &Options<'_>) -> Result<String, Error> {
    let mut text = head();
    text.push_str(&compile_module(bytes, options)?);
    Ok(text)
}

/// What a file begins with, whatever it has been made of.
#[must_use]
pub fn head() -> String {
    format!("/* Made by `zephyr-wasm compile`: do not edit. */\n\n{INTERFACE}\n{OPERATIONS}")
}

/// What comes behind [`head`]: several modules can be in one file, if they have different names and prefixes.
///
/// # Errors
/// If the module is not valid, or has what cannot be compiled.
pub fn compile_module(bytes: &[u8], options: &Options<'_>) -> Result<String, Error> {
    if !names::is_identifier(options.name)
        || !options.prefix.is_empty() && !names::is_identifier(options.prefix)
    {
        return Err(Error::Name(options.name.to_owned()));
    }
    written::write(&Module::read(bytes, options)?, options)
}
