//! Host APIs that apps import as plain functions, without WIT: from a header of C, which is all that there is to write.
//!
//! - [`tokens`]: the header in pieces, without what the preprocessor takes
//! - [`parse`]: the functions that it declares; what it does not understand ends the build
//! - [`model`]: what a function passes
//! - [`in_rust`]: what the runtime links, over the same table as an interface of WIT
//! - [`in_c`]: what Rust calls, over the functions of the header

mod in_c;
mod in_rust;
mod model;
mod parse;
mod tokens;

pub use model::{CoreApi, Function, Kind, Parameter, Passed, Scalar};

use anyhow::{Context, Result};
use std::path::Path;

/// The longest header in bytes.
const LONGEST: u64 = 1 << 20;

impl CoreApi {
    /// Reads a header. Its name is that of the API, and of the module in imports if `module` is none.
    ///
    /// # Errors
    /// The first line that is not understood, with what has to be there.
    pub fn read(header: &Path, module: Option<&str>) -> Result<Self> {
        let shown = || header.display().to_string();
        let length = std::fs::metadata(header).with_context(shown)?.len();
        anyhow::ensure!(length <= LONGEST, "{}: {length} bytes, and a header has at most {LONGEST}", shown());
        let text = std::fs::read_to_string(header).with_context(shown)?;
        let name = header.file_stem().unwrap_or_default().to_string_lossy();
        parse::header(&shown(), &text, &name, module.unwrap_or(&name))
    }

    /// The same of `HEADER`, or `MODULE=HEADER`.
    ///
    /// # Errors
    /// Those of [`CoreApi::read`].
    pub fn of_option(option: &str) -> Result<Self> {
        match option.split_once('=') {
            Some((module, header)) => Self::read(Path::new(header), Some(module)),
            None => Self::read(Path::new(option), None),
        }
    }

    /// The root of the crate that the runtime links.
    pub fn in_rust(&self) -> String {
        in_rust::write(self)
    }

    /// The file in C behind it.
    pub fn in_c(&self) -> String {
        in_c::write(self)
    }
}
