//! A file that is read, and what is said of a line that is not understood.

use anyhow::{Context, Result};
use proc_macro2::Span;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of Rust.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
    /// Its module, as others name it: `crate::net`.
    pub module: String,
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// The file's.
    pub fn read(path: &Path, module: &str) -> Result<Source> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Ok(Source { path: path.into(), text, module: module.into() })
    }

    /// Its name without `.rs`: that of a host API, if it declares functions of one.
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Its file in Rust's terms.
    ///
    /// # Errors
    /// What is no Rust.
    pub fn parse(&self) -> Result<syn::File> {
        syn::parse_file(&self.text).map_err(|error| self.no_rust(&error))
    }

    /// That the parser did not find what it wanted.
    pub fn no_rust(&self, error: &syn::Error) -> anyhow::Error {
        let text = error.to_string();
        self.wrong(error.span(), text.strip_prefix("expected ").unwrap_or(&text))
    }

    /// That something else has to be there.
    pub fn wrong(&self, at: Span, expected: impl Display) -> anyhow::Error {
        self.wrong_at(at.start().line, expected)
    }

    /// The same of a line, from 1 on.
    pub fn wrong_at(&self, line: usize, expected: impl Display) -> anyhow::Error {
        let found = self.text.lines().nth(line - 1).map_or("the end of the file", str::trim);
        anyhow::anyhow!("{}:{line}: expected {expected}; found: {found}", self.path.display())
    }
}
