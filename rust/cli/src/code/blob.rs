//! Makes code of C: position-independent, without variables, and without a reference to anything but itself.

use super::elf::{Elf, Symbol};
use super::family::words;
use super::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use zephyr_wasm_code::Target;
use zephyr_wasm_compile::Compiler;

const SCRIPT: &str = include_str!("blob.ld");
const MEMORY: &str = include_str!("memory.c");
const DIVIDE: &str = include_str!("divide.c");
const INTEGER: &str = include_str!("integer.c");

/// Where the code is linked, to be compared: what depends on its place, or refers to another, differs. Their bits differ in
/// each half, and both leave the offsets of pages as they are.
const PLACES: [u32; 2] = [0, 0x2a55_b000];

/// No frame is refused here: each board knows how much room it has.
const MOST_FRAME: usize = 1 << 20;

/// Code, and the largest stack frame of the app's functions.
pub struct Blob {
    pub bytes: Vec<u8>,
    pub frame: u32,
    /// What is told of the library that was linked with it, if one was.
    pub library: String,
}

/// What is beside the app's own code: files of C, and their names without `.c`. GCC brings a library for the rest. What clang
/// has for integers is ours, so that it is the same whether that has a library or not.
fn beside(toolchain: &Toolchain) -> Vec<(&'static str, &'static str)> {
    let mut files = vec![("memory", MEMORY)];
    if matches!(toolchain.target, Target::Thumbv6m | Target::Thumbv8mBase) {
        files.push(("divide", DIVIDE));
    }
    if toolchain.compiler == Compiler::Clang {
        files.push(("integer", INTEGER));
    }
    files
}

/// Compiles and links C in a directory, where this leaves its files.
///
/// # Errors
/// What the compiler or the linker says, or what is not as it has to be.
pub fn make(directory: &Path, toolchain: &Toolchain, c: &str, speed: bool, unaligned: bool) -> Result<Blob> {
    let write = |name: &str, text: &str| {
        let path = directory.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    write("app.c", c)?;
    write("blob.ld", SCRIPT)?;
    let mut usual = toolchain.compiles();
    usual.push(if speed { "-O2" } else { "-Os" }.into());
    let mut app = usual.clone();
    app.extend(words("-fstack-usage -DZEPHYR_WASM_COMPILED_BLOB -c app.c -o app.o"));
    app.extend(toolchain.compiler.flags(MOST_FRAME));
    if unaligned {
        app.push("-DZEPHYR_WASM_COMPILED_UNALIGNED".into());
    }
    run(toolchain, toolchain.command(app).current_dir(directory))?;
    let mut objects = vec!["app.o".to_owned()];
    for (name, text) in beside(toolchain) {
        write(&format!("{name}.c"), text)?;
        let mut own = usual.clone();
        own.extend(toolchain.compiles_own());
        own.extend(words(&format!("-c {name}.c -o {name}.o")));
        run(toolchain, toolchain.command(own).current_dir(directory))?;
        objects.push(format!("{name}.o"));
    }
    let library = library(directory, toolchain, &objects)?;
    let [bytes, other] = PLACES.map(|place| link(directory, toolchain, &objects, library.as_deref(), place));
    let (bytes, other) = (bytes?, other?);
    if let Some(at) = differing(&bytes, &other) {
        let linked = read(directory, "app.elf")?;
        let all = Elf::of(&linked)?.symbols()?;
        bail!(
            "the code that `{}` makes depends on its address, which is known on a board only: byte {at}, in or behind `{}`. \
             The app cannot help it: another compiler (`{}`) may not do that",
            toolchain.name,
            around(&all, PLACES[1] + at as u32).unwrap_or("its beginning"),
            toolchain.variable()
        );
    }
    let frames =
        fs::read_to_string(directory.join("app.su")).context("the compiler has not told its frames")?;
    let library = library.map_or_else(|| Ok(String::new()), |_| toolchain.library_told())?;
    Ok(Blob { bytes, frame: largest_frame(&frames)?, library })
}

fn read(directory: &Path, name: &str) -> Result<Vec<u8>> {
    fs::read(directory.join(name)).with_context(|| format!("the compiler has not written {name}"))
}

/// The library that is linked with files, if there is one and they need one.
///
/// # Errors
/// What they need that nobody has.
fn library(directory: &Path, toolchain: &Toolchain, objects: &[String]) -> Result<Option<String>> {
    let files: Vec<_> = objects.iter().map(|name| read(directory, name)).collect::<Result<_>>()?;
    let mut symbols = Vec::new();
    for file in &files {
        symbols.extend(Elf::of(file)?.symbols()?);
    }
    refuse_weak(&symbols)?;
    let wanted = wanted(&symbols);
    match toolchain.library() {
        Ok(library) => Ok((!wanted.is_empty()).then_some(library)),
        // What has another name is no compiler's: a linker says what it lacks.
        Err(place) if wanted.iter().any(|name| name.starts_with("__")) => bail!(
            "the code calls {}, and `{}` (`{}`) has no library of these for this target: {} is not there. Zephyr's SDK (1.0 and \
             later, its LLVM part) and Arm Toolchain for Embedded have a clang with such a library (compiler-rt's builtins), and \
             each GCC has one. {} names another compiler",
            listed(&wanted),
            toolchain.called(),
            toolchain.name,
            place.display(),
            toolchain.variable()
        ),
        Err(_) => Ok(None),
    }
}

/// The names that files refer to and do not have.
fn wanted<'a>(symbols: &[Symbol<'a>]) -> BTreeSet<&'a str> {
    let names = |is_undefined: bool| {
        let found = symbols.iter().filter(move |symbol| symbol.is_undefined == is_undefined);
        found.map(|symbol| symbol.name)
    };
    let mut wanted: BTreeSet<_> = names(true).collect();
    for name in names(false) {
        wanted.remove(name);
    }
    wanted
}

/// Some of these names, and how many more there are.
fn listed(names: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len() - shown.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more functions") };
    shown.join(", ") + &more
}

/// The first byte that is not the same.
fn differing(left: &[u8], right: &[u8]) -> Option<usize> {
    if left.len() != right.len() {
        return Some(left.len().min(right.len()));
    }
    left.iter().zip(right).position(|(left, right)| left != right)
}

/// Refuses what would be 0 if nobody has it: nobody has what is not in the code.
fn refuse_weak(symbols: &[Symbol<'_>]) -> Result<()> {
    match symbols.iter().find(|symbol| symbol.is_weak && symbol.is_undefined) {
        Some(Symbol { name, .. }) => {
            bail!("the code refers to `{name}`, which nobody has: code in a file has to be whole")
        }
        None => Ok(()),
    }
}

/// The symbol that an address is behind.
fn around<'a>(symbols: &[Symbol<'a>], address: u32) -> Option<&'a str> {
    let placed = symbols.iter().filter_map(|symbol| Some((symbol.address?, symbol.name)));
    // Of functions in Thumb, the last bit says that.
    let before = placed.filter(|(at, _)| at & !1 <= address);
    before.max_by_key(|(at, _)| *at).map(|(_, name)| name)
}

/// Links the code for a place.
fn link(
    directory: &Path,
    toolchain: &Toolchain,
    objects: &[String],
    library: Option<&str>,
    place: u32,
) -> Result<Vec<u8>> {
    let mut arguments = toolchain.links();
    arguments.extend(words(
        "-Wl,-T,blob.ld -Wl,--gc-sections -Wl,--build-id=none -Wl,--no-undefined -Wl,--fatal-warnings -o app.elf",
    ));
    arguments.extend_from_slice(objects);
    arguments.extend(library.map(str::to_owned));
    arguments.push(format!("-Wl,--defsym=base={place:#x}"));
    run(toolchain, toolchain.command(arguments).current_dir(directory))?;
    let linked = read(directory, "app.elf")?;
    Ok(Elf::of(&linked)?.section(".blob")?.to_vec())
}

/// The largest frame of all functions, as -fstack-usage tells them: a line has the function, its bytes and how they are known.
/// GCC counts what a function hands to others, and so does clang, of what the C that is compiled here may hand over
/// (`MOST_PARAMETERS` of `rust/compile`).
fn largest_frame(told: &str) -> Result<u32> {
    let mut largest = 0;
    for line in told.lines() {
        let mut fields = line.split('\t').skip(1);
        match (fields.next().and_then(|bytes| bytes.parse::<u32>().ok()), fields.next()) {
            (Some(bytes), Some("static")) => largest = largest.max(bytes),
            _ => bail!(
                "the compiler does not know how large the frame of a function is, so no board could: {line}"
            ),
        }
    }
    Ok(largest)
}

/// Runs a program to its end.
fn run(toolchain: &Toolchain, command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("`{program}` cannot be run"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{program}` cannot make code of it ({} names another GCC or clang):\n{}",
            toolchain.variable(),
            said.trim_end()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
