//! Machine code that an app's file carries, for boards that run what arrives as compiled code.

mod blob;
mod board;
mod elf;
mod family;
mod source;
mod stand_in;
mod toolchain;

pub use board::{on_board, refuse_in_store, why_it_has_to_run};
pub use source::Source;
pub use stand_in::stand_in;

use crate::module;
use crate::temporary::Directory;
use crate::text::shown;
use anyhow::{Context, Result, anyhow, bail};
use blob::Blob;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use toolchain::{LIBRARY, Toolchain};
use zephyr_wasm_code::{
    Code, Digest, Header, Info, LONGEST_NAME, Target, Unfit, append, codes, digest, without,
};
use zephyr_wasm_compile::Options;

/// How code is made, besides its target.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// For speed and not for size.
    pub speed: bool,
    /// For processors that load words at any address, where that is a choice.
    pub unaligned: bool,
    /// The file that the app was packed of, in which traps tell their places.
    pub source: Option<&'a Source>,
    pub largest_table: u32,
}

/// An app as it is to be before code is made of it, and before it is signed: as a signature will have its sections, and with
/// what boards would compute wrongly written otherwise. Either would have another digest afterwards.
///
/// # Errors
/// If it cannot be read, or has what cannot be written otherwise.
pub fn canonical(path: &Path, app: &[u8]) -> Result<Vec<u8>> {
    let mended = module::mended(path, app)?;
    let mut canonical = Vec::new();
    let module = wasmsign2::Module::deserialize(&mut &mended[..]);
    module.and_then(|module| module.serialize(&mut canonical)).with_context(|| path.display().to_string())?;
    Ok(canonical)
}

/// An app without its WebAssembly code and data: what is left is what boards read of it, and its machine code.
///
/// # Errors
/// If it has no machine code.
pub fn stripped(app: &[u8]) -> Result<Vec<u8>> {
    let mut stripped = zephyr_wasm_compile::outside(app)?;
    let digest = digest(&stripped);
    let mut has_some = false;
    for code in codes(app) {
        let code = code.map_err(|malformed| unreadable(&malformed))?;
        append(&mut stripped, 0, &Header { digest, ..code.header }, code.bytes, code.compiler);
        has_some = true;
    }
    if !has_some {
        bail!("has no machine code, and --strip leaves nothing else: `zephyr-wasm compile --target` before");
    }
    Ok(stripped)
}

/// Puts code for targets into a packed app, in place of what it had for those.
///
/// # Errors
/// If the app cannot be compiled; for which targets it could not, of all of them.
pub fn add(app: &[u8], targets: &[Target], manner: &Manner<'_>) -> Result<Vec<u8>> {
    for code in codes(app) {
        // It would be lost.
        code.map_err(|malformed| unreadable(&malformed))?;
    }
    if let Some(source) = manner.source {
        source.refuse_other(app)?;
    }
    let c = in_c(app, manner.source, manner.largest_table)?;
    let mut compiled = without(app, |code| targets.contains(&code.header.target));
    let digest = digest(&compiled);
    let mut failed = String::new();
    for (index, target) in targets.iter().enumerate() {
        let (target, name) = (*target, target.name());
        eprintln!("compiles for {name} ({} of {})", index + 1, targets.len());
        let unaligned = manner.unaligned && !target.is_arm();
        let made = Toolchain::of(target)
            .and_then(|toolchain| Ok((made(&c, &toolchain, manner.speed, unaligned)?, toolchain.told())));
        match made {
            Ok((blob, mut compiler)) => {
                // It decides nothing, but tells why other code comes of the same compiler.
                if compiler.len() + blob.library.len() <= LONGEST_NAME {
                    compiler += &blob.library;
                }
                let header = Header {
                    target,
                    speed: manner.speed,
                    unaligned,
                    places: manner.source.is_some(),
                    frame: blob.frame,
                    largest_table: manner.largest_table,
                    digest,
                };
                append(&mut compiled, 0, &header, &blob.bytes, &compiler);
            }
            Err(error) => failed += &format!("\nfor {name}: {error:#}"),
        }
    }
    if !failed.is_empty() {
        bail!("cannot be compiled for all of these targets, and is left as it was:{failed}");
    }
    Ok(compiled)
}

/// Refuses an app that has code which is not what comes of compiling the app here and now.
///
/// # Errors
/// Which code is another, or cannot be compiled here.
pub fn check(app: &[u8], source: Option<&Source>) -> Result<()> {
    refuse_twice(app)?;
    let digest = digest(app);
    // It is the same for several targets.
    let mut all = BTreeMap::new();
    for code in codes(app) {
        let code = code.map_err(|malformed| unreadable(&malformed))?;
        let Header { target, speed, unaligned, places, largest_table, .. } = code.header;
        let name = target.name();
        if code.header.digest != digest {
            bail!("{}", Unfit::Digest(target));
        }
        let source = source.filter(|_| places);
        if places && source.is_none() {
            bail!(
                "its code for {name} tells places in the file that it was packed of: --source names that file"
            );
        }
        let toolchain = Toolchain::of(target).with_context(|| format!("for {name}"))?;
        let anew = format!("`zephyr-wasm compile --target {name}` makes it anew");
        let library = code.compiler.strip_prefix(&toolchain.told());
        let Some(library) = library.filter(|library| library.is_empty() || library.starts_with(LIBRARY))
        else {
            bail!(
                "its code for {name} says that it was made by `{}`, and here is `{}`: the versions of the compiler and of this \
                 tool decide on its bytes. {} names another compiler, or {anew}",
                shown(code.compiler),
                toolchain.told(),
                toolchain.variable()
            );
        };
        let c = match all.entry((places, largest_table)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                if let Some(source) = source {
                    source.refuse_other(app)?;
                }
                entry.insert(in_c(app, source, largest_table)?)
            }
        };
        let blob = made(c, &toolchain, speed, unaligned).with_context(|| format!("for {name}"))?;
        let is_same = blob.bytes == code.bytes && blob.frame == code.header.frame;
        if !is_same && !library.is_empty() && library != blob.library {
            let here = blob.library.strip_prefix(LIBRARY).unwrap_or("none");
            bail!(
                "its code for {name} is not what comes of the app here: the same compiler has made it, with another library (libgcc \
                 of GCC, compiler-rt's builtins of clang), of which the SHA-256 begins with {}, and here with {here} ({}). {} names \
                 a compiler with that library, or {anew}",
                shown(&library[LIBRARY.len()..]),
                toolchain.library_file().display(),
                toolchain.variable()
            );
        }
        if !is_same {
            bail!(
                "its code for {name} is not what comes of the app, although it says that the same compiler has made it. {anew}"
            );
        }
    }
    Ok(())
}

/// Refuses code of which a board would run one of two, whichever that is.
fn refuse_twice(app: &[u8]) -> Result<()> {
    let mut known = Vec::new();
    for code in codes(app).flatten() {
        let target = code.header.target;
        if known.contains(&target) {
            let name = target.name();
            bail!("has code for {name} twice: `zephyr-wasm compile --target {name}` makes it anew");
        }
        known.push(target);
    }
    Ok(())
}

fn unreadable(malformed: &zephyr_wasm_code::Malformed) -> anyhow::Error {
    anyhow!("{malformed}: pack the app again, and compile what comes of it")
}

/// An app as C, for any target.
fn in_c(app: &[u8], source: Option<&Source>, largest_table: u32) -> Result<String> {
    let options = Options {
        source: source.map(|source| &source.core[..]),
        places: source.is_some(),
        largest_table,
        ..Options::new("app")
    };
    Ok(zephyr_wasm_compile::compile(app, &options)? + &layout())
}

fn made(c: &str, toolchain: &Toolchain, speed: bool, unaligned: bool) -> Result<Blob> {
    let directory = Directory::new()?;
    blob::make(directory.path(), toolchain, c, speed, unaligned)
}

/// That what code begins with is where a board will read it, for the compiler.
fn layout() -> String {
    let structure = "struct zephyr_wasm_compiled_info";
    let mut lines = format!("\n_Static_assert(sizeof({structure}) == {}, \"layout\");\n", Info::SIZE);
    for (member, at) in Info::MEMBERS {
        lines += &format!("_Static_assert(offsetof({structure}, {member}) == {at}, \"layout\");\n");
    }
    lines
}

/// Why no board runs code where it is in this file.
fn unfit(code: &Code<'_>, of_file: &Digest) -> Option<Unfit> {
    if !code.is_aligned() {
        return Some(Unfit::Place);
    }
    (code.header.digest != *of_file).then_some(Unfit::Digest(code.header.target))
}

/// Refuses a file with code that no board runs: what `sign` has written has none.
///
/// # Errors
/// What is wrong with which code.
pub fn refuse_unfit(app: &[u8]) -> Result<()> {
    refuse_twice(app)?;
    let of_file = digest(app);
    for code in codes(app) {
        let code = code.map_err(|malformed| unreadable(&malformed))?;
        if let Some(unfit) = unfit(&code, &of_file) {
            bail!("no board runs its code for {}: it {unfit}", code.header.target.name());
        }
    }
    Ok(())
}

/// Says which code a file has, a line for each, and whether a board could run it.
#[must_use]
pub fn told(app: &[u8]) -> Vec<String> {
    let of_file = digest(app);
    let line = |code: Result<Code<'_>, zephyr_wasm_code::Malformed>| {
        let code = match code {
            Ok(code) => code,
            Err(malformed) => return format!("code that no board runs: {malformed}"),
        };
        let (header, info) = (&code.header, code.info());
        let level = if header.speed { "-O2" } else { "-Os" };
        let state = match unfit(&code, &of_file) {
            None => "its place and its digest are right".to_owned(),
            Some(unfit) => format!("no board runs it: it {unfit}"),
        };
        format!(
            "code for {}: {} bytes ({level}), ABI {}, {} bytes of globals and tables, frames of at most {} bytes; {state}; by {}",
            header.target.name(),
            code.bytes.len(),
            info.abi,
            info.instance_size,
            header.frame,
            shown(code.compiler)
        )
    };
    codes(app).map(line).collect()
}
