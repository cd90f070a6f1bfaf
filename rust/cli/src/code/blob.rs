//! Makes code of C: position-independent, without variables, and without a reference to anything but itself.

use super::toolchain::{Toolchain, words};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use zephyr_wasm_code::Target;
use zephyr_wasm_compile::Compiler;

const SCRIPT: &str = include_str!("blob.ld");
const MEMORY: &str = include_str!("memory.c");
const DIVIDE: &str = include_str!("divide.c");

/// Where the code is linked, to be compared: what depends on its place, or refers to another, differs. Their bits differ in
/// each half, and both leave the offsets of pages as they are.
const PLACES: [u32; 2] = [0, 0x2a55_b000];

/// No frame is refused here: each board knows how much room it has.
const MOST_FRAME: usize = 1 << 20;

/// Code, and the largest stack frame of the app's functions.
pub struct Blob {
    pub bytes: Vec<u8>,
    pub frame: u32,
}

/// What is beside the app's own code for a target: files of C, and their names without `.c`.
fn beside(target: Target) -> &'static [(&'static str, &'static str)] {
    match target {
        Target::Thumbv6m | Target::Thumbv8mBase => &[("memory", MEMORY), ("divide", DIVIDE)],
        _ => &[("memory", MEMORY)],
    }
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
    let mut usual =
        words("-std=gnu11 -ffreestanding -fPIC -fvisibility=hidden -ffunction-sections -fno-ident -g0");
    usual.push(if speed { "-O2" } else { "-Os" }.into());
    let mut app = usual.clone();
    app.extend(words("-fstack-usage -DZEPHYR_WASM_COMPILED_BLOB -c app.c -o app.o"));
    app.extend(Compiler::Gnu.flags(MOST_FRAME));
    if unaligned {
        app.push("-DZEPHYR_WASM_COMPILED_UNALIGNED".into());
    }
    run(toolchain, toolchain.command(app).current_dir(directory))?;
    let mut objects = vec!["app.o".to_owned()];
    for (name, text) in beside(toolchain.target) {
        write(&format!("{name}.c"), text)?;
        let mut own = usual.clone();
        // A loop that copies is not to become a call of itself.
        own.extend(words("-fno-tree-loop-distribute-patterns"));
        own.extend(words(&format!("-c {name}.c -o {name}.o")));
        run(toolchain, toolchain.command(own).current_dir(directory))?;
        objects.push(format!("{name}.o"));
    }
    refuse_weak(&symbols(directory, toolchain, &objects)?)?;
    let [bytes, other] = PLACES.map(|place| link(directory, toolchain, &objects, place));
    let (bytes, other) = (bytes?, other?);
    if let Some(at) = differing(&bytes, &other) {
        let all = symbols(directory, toolchain, &["app.elf".to_owned()])?;
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
    Ok(Blob { bytes, frame: largest_frame(&frames)? })
}

/// The first byte that is not the same.
fn differing(left: &[u8], right: &[u8]) -> Option<usize> {
    if left.len() != right.len() {
        return Some(left.len().min(right.len()));
    }
    left.iter().zip(right).position(|(left, right)| left != right)
}

/// The symbols of files, in the order of their addresses: a line has an address, if there is one, a letter, and a name.
fn symbols(directory: &Path, toolchain: &Toolchain, files: &[String]) -> Result<String> {
    let mut nm = toolchain.program("nm")?;
    let output = run(toolchain, nm.arg("-n").args(files).current_dir(directory))?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Refuses what would be 0 if nobody has it: nobody has what is not in the code.
fn refuse_weak(symbols: &str) -> Result<()> {
    for line in symbols.lines() {
        if let Some((letter, name)) = line.trim_start().split_once(' ')
            && matches!(letter, "w" | "v")
        {
            bail!("the code refers to `{name}`, which nobody has: code in a file has to be whole");
        }
    }
    Ok(())
}

/// The symbol that an address is behind.
fn around(symbols: &str, address: u32) -> Option<&str> {
    let mut found = None;
    for line in symbols.lines() {
        let mut fields = line.split_whitespace();
        let (Some(at), Some(letter), Some(name)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let is_before = u32::from_str_radix(at, 16).is_ok_and(|at| at <= address);
        if is_before && !letter.eq_ignore_ascii_case("a") {
            found = Some(name);
        }
    }
    found
}

/// Links the code for a place.
fn link(directory: &Path, toolchain: &Toolchain, objects: &[String], place: u32) -> Result<Vec<u8>> {
    let mut arguments = words(
        "-nostdlib -nostartfiles -static -Wl,-T,blob.ld -Wl,--gc-sections -Wl,--build-id=none \
         -Wl,--no-undefined -Wl,--fatal-warnings -o app.elf",
    );
    arguments.extend_from_slice(objects);
    arguments.push("-lgcc".into());
    arguments.push(format!("-Wl,--defsym=base={place:#x}"));
    run(toolchain, toolchain.command(arguments).current_dir(directory))?;
    let mut copy = toolchain.program("objcopy")?;
    run(toolchain, copy.args(["-O", "binary", "-j", ".blob", "app.elf", "app.bin"]).current_dir(directory))?;
    fs::read(directory.join("app.bin")).context("the linker has written nothing")
}

/// The largest frame of all functions, as GCC's -fstack-usage tells them: a line has the function, its bytes and how they are
/// known.
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

/// What a program has printed.
fn run(toolchain: &Toolchain, command: &mut Command) -> Result<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("`{program}` cannot be run"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{program}` cannot make code of it ({} names another GCC):\n{}",
            toolchain.variable(),
            said.trim_end()
        );
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests;
