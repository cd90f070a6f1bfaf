//! Makes code of C: position-independent, without variables, and without a reference to anything but itself.

use super::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;
use zephyr_wasm_compile::Compiler;

const SCRIPT: &str = include_str!("blob.ld");
const MEMORY: &str = include_str!("memory.c");

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
    write("memory.c", MEMORY)?;
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
    // A loop that copies is not to become a call of itself.
    usual.extend(words("-fno-tree-loop-distribute-patterns -c memory.c -o memory.o"));
    run(toolchain, toolchain.command(app).current_dir(directory))?;
    run(toolchain, toolchain.command(usual).current_dir(directory))?;
    let [bytes, other] = PLACES.map(|place| link(directory, toolchain, place));
    let (bytes, other) = (bytes?, other?);
    if bytes != other {
        bail!(
            "the code that `{}` makes depends on its address, which is known on a board only",
            toolchain.name
        );
    }
    let frames =
        fs::read_to_string(directory.join("app.su")).context("the compiler has not told its frames")?;
    Ok(Blob { bytes, frame: largest_frame(&frames)? })
}

/// Links the code for a place.
fn link(directory: &Path, toolchain: &Toolchain, place: u32) -> Result<Vec<u8>> {
    let mut arguments = words(
        "-nostdlib -nostartfiles -static -Wl,-T,blob.ld -Wl,--gc-sections -Wl,--build-id=none \
         -Wl,--no-undefined -Wl,--fatal-warnings -o app.elf app.o memory.o -lgcc",
    );
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
            _ => bail!("the compiler does not know the frame of a function: {line}"),
        }
    }
    Ok(largest)
}

fn run(toolchain: &Toolchain, command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("`{}` cannot be run", toolchain.called()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` cannot make code of it:\n{}", toolchain.called(), said.trim_end());
    }
    Ok(())
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::Directory;
    use zephyr_wasm_code::Target;

    /// What comes of some C, if there is a compiler.
    fn made(target: Target, c: &str) -> Option<Result<Blob, String>> {
        let toolchain = Toolchain::of(target).ok()?;
        let directory = Directory::new().unwrap();
        let c = format!("{c}\nint zephyr_wasm_compiled_app_app(int argument) {{ return f(argument); }}\n");
        Some(make(directory.path(), &toolchain, &c, false, false).map_err(|error| format!("{error:#}")))
    }

    /// That C is refused for each target, with one of these words.
    fn is_refused(c: &str, words: &[&str]) {
        for target in Target::ALL {
            let Some(made) = made(*target, c) else { continue };
            let error = made.err().unwrap_or_else(|| panic!("{} is taken: {c}", target.name()));
            assert!(words.iter().any(|word| error.contains(word)), "{}: {error}", target.name());
        }
    }

    #[test]
    fn code_and_constants_are_taken() {
        for target in Target::ALL {
            let c = "static const int table[] = {3, 1, 4};\nstatic int f(int x) { return table[x & 1] / x; }";
            let Some(made) = made(*target, c) else { continue };
            let made = made.unwrap();
            assert!(made.bytes.len().is_multiple_of(8) && made.frame < 64, "{}", target.name());
        }
    }

    #[test]
    fn what_is_not_in_itself_is_refused() {
        let variables = ["the code has variables of its own", "the code has variables"];
        is_refused("static volatile int count;\nstatic int f(int x) { return count += x; }", &variables);
        is_refused("static volatile int count = 7;\nstatic int f(int x) { return count += x; }", &variables);
        // An address that is known when it is linked.
        let pointers =
            "static const char a[] = \"a\";\nstatic const char *const volatile all[] = {a, a + 1};\n";
        let addresses = ["depends on its address", "variables of its own", "relocation"];
        is_refused(&format!("{pointers}static int f(int x) {{ return *all[x & 1]; }}"), &addresses);
        let own = "int zephyr_wasm_compiled_app_app(int);\nstatic int f(int x) { return *(volatile int *)0x20000000 + x; }";
        assert!(
            made(Target::Thumbv7m, own).is_none_or(|made| made.is_ok()),
            "an address that C has is no reference"
        );
        is_refused(
            "int others(int);\nstatic int f(int x) { return others(x); }",
            &["undefined reference", "others"],
        );
    }

    #[test]
    fn frames_are_known() {
        let line = |rest: &str| format!("app.c:1:1:f\t{rest}\n");
        assert_eq!(
            largest_frame(&(line("16\tstatic") + &line("240\tstatic") + &line("8\tstatic"))).unwrap(),
            240
        );
        assert!(largest_frame(&line("16\tdynamic")).is_err());
        assert!(largest_frame("app.c:1:1:f\n").is_err());
    }
}
