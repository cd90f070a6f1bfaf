//! The real files, and what becomes of them with a change.
#![allow(dead_code)]

use anyhow::Result;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use zephyr_wasm_declare::model::Declared;
use zephyr_wasm_declare::source::Source;
use zephyr_wasm_declare::{declared, read, sources};

/// The repository.
pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The platform's files.
pub fn files() -> &'static [Source] {
    static FILES: OnceLock<Vec<Source>> = OnceLock::new();
    FILES.get_or_init(|| sources(&checkout()).expect("the files are there"))
}

/// All that is declared.
pub fn real() -> &'static Declared {
    static DECLARED: OnceLock<Declared> = OnceLock::new();
    DECLARED.get_or_init(|| declared(&checkout(), files()).expect("the declarations are good"))
}

/// One of the files.
pub fn file(name: &str) -> &'static Source {
    files().iter().find(|file| file.name() == name).expect("there is such a file")
}

/// The files that declare functions of a host API.
pub fn apis() -> impl Iterator<Item = &'static Source> {
    files().iter().filter(|file| file.text.contains("\nin_c! {\n"))
}

/// What `in_c!` of a file has, from where on and up to where.
pub fn macro_of(text: &str) -> (usize, usize) {
    let start = text.find("\nin_c! {\n").expect("it has in_c!") + 1;
    (start, start + text[start..].find("\n}\n").expect("it ends") + 3)
}

/// What is read of a file with another text, beside those that it uses.
pub fn with(name: &str, text: &str) -> Result<Declared> {
    let mut all: Vec<Source> = ["in_c", "net", "sys"]
        .iter()
        .filter(|other| **other != name)
        .map(|name| file(name).clone())
        .collect();
    all.push(Source { text: text.into(), ..file(name).clone() });
    let also =
        Source::read(&checkout().join("rust/api/src/coap/shared.rs"), "zephyr_wasm_api::coap::shared")?;
    let mut base = Declared { packages: real().packages.clone(), ..Declared::default() };
    read::files(&mut base, &all, &[also])?;
    Ok(base)
}

/// That a file with another text ends the build, and says this of the line that has `at`.
pub fn refused(name: &str, text: &str, expected: &str, line: Option<usize>) {
    let error = match with(name, text) {
        Err(error) => format!("{error:#}"),
        Ok(_) => panic!("{name}.rs was accepted, and not refused for `{expected}`:\n{text}"),
    };
    assert!(error.contains(expected), "{name}.rs: expected `{expected}`; found: {error}");
    assert!(error.contains(&format!("{name}.rs:")) && error.contains("; found: "), "{error}");
    if let Some(line) = line {
        assert!(error.contains(&format!("{name}.rs:{line}: expected ")), "not line {line}: {error}");
    }
}

/// The number of the line of a place.
pub fn line(text: &str, place: usize) -> usize {
    text[..place].matches('\n').count() + 1
}

/// All places of a word in a text, from `from` up to `to`.
pub fn places<'a>(text: &'a str, from: usize, to: usize, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text[from..to].match_indices(word).map(move |(at, _)| from + at)
}

/// A text with another in place of a part.
pub fn replaced(text: &str, from: usize, to: usize, other: &str) -> String {
    format!("{}{other}{}", &text[..from], &text[to..])
}
