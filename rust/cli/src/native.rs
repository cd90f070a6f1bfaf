//! Apps as code of this machine, for `run --compiled`: made into C as for firmware, compiled by this machine's compiler, and
//! loaded.

use crate::compile::{in_c, warn_of_limits};
use crate::lines::Lines;
use crate::machine::MARGIN;
use crate::module;
use crate::temporary::Directory;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use zephyr_wasm_compile::{Compiler, Options, with_lines};
use zephyr_wasm_platform_host::{ENTER, Loaded};

/// The largest frame of a function of the app in bytes: one that calls no other begins where the stack is left for host calls.
const FRAME: usize = MARGIN / 2;

/// The most elements that a table is made for which may grow: its room is there from the start.
const LARGEST_TABLE: usize = 65_536;

/// The level of optimisation: enough for what is compiled to be as it would be in firmware, and little enough for a debugger.
const LEVEL: &str = "-O1";

/// The files of compiled apps, which a debugger reads as they run. They go with this.
pub struct Files(Directory);

impl Files {
    /// None yet.
    ///
    /// # Errors
    /// If there is no directory to be had for them.
    pub fn new() -> Result<Self> {
        Ok(Files(Directory::new()?))
    }

    /// Compiles and loads an app: what packing has made of the file. It tells the places of its traps in the file, if that is
    /// wanted. `largest_table` is the most elements of a table, and `stack` has the bytes for its calls.
    ///
    /// # Errors
    /// What cannot be compiled, or what the compiler says; or that there is none.
    pub fn load(
        &self,
        file: &Path,
        packed: &[u8],
        largest_table: usize,
        stack: usize,
        places: bool,
    ) -> Result<Loaded> {
        let source = module::read(file)?.core;
        let name = in_c(file);
        let usual = Options::new(&name);
        let largest_table = largest_table.min(LARGEST_TABLE) as u32;
        let lines = Lines::of(&source);
        let marks = lines.has_lines();
        warn_of_limits(&file.display().to_string(), packed);
        let options = Options { source: Some(&source), places, marks, largest_table, ..usual };
        let told = || file.display().to_string();
        let text = zephyr_wasm_compile::compile(packed, &options).with_context(told)?;
        let outside = zephyr_wasm_compile::outside(packed).with_context(told)?;
        let number = fs::read_dir(self.0.path())?.count();
        let c = self.0.path().join(format!("{name}_{number}.c"));
        let line_of = |place| {
            let place = u32::try_from(place).ok()?;
            // What returns stands for a function's `end`, which may have no line: that of the instruction before it does.
            let line = lines.at(place).or_else(|| lines.at(place.checked_sub(1)?))?;
            Some((line.file, line.number))
        };
        let text = with_lines(&format!("{text}\n{ENTER}"), &c.display().to_string(), line_of);
        fs::write(&c, text).with_context(|| format!("cannot write {}", c.display()))?;
        let library = c.with_extension("so");
        compile(&c, &library, stack).with_context(told)?;
        // SAFETY: the library has just been made of that C, and the packed module is one that `compile` has validated.
        let loaded = unsafe { Loaded::open(&library, &name, outside) };
        loaded.with_context(told)
    }
}

/// Has a compiler of C make a shared library, of an app with so many bytes of stack for its calls.
fn compile(c: &Path, library: &Path, stack: usize) -> Result<()> {
    let named = std::env::var_os("CC").filter(|named| !named.is_empty());
    let compiler = named.as_deref().unwrap_or(OsStr::new("cc")).to_string_lossy();
    // It may have options.
    let mut words = compiler.split_whitespace();
    let program = words.next().unwrap_or_default();
    let own: Vec<_> = words.collect();
    let mut command = Command::new(program);
    command.args(&own).args(["-std=gnu11", "-g", LEVEL, "-shared", "-fPIC"]);
    command.args(Compiler::of(program, &own).flags(FRAME));
    // A panic of a host call goes through the app.
    command.arg("-fexceptions");
    command.arg(format!("-DCONFIG_WASM_APP_STACK_SIZE={}", stack + MARGIN));
    command.arg(format!("-DCONFIG_WASM_COMPILED_STACK_MARGIN={MARGIN}"));
    command.arg("-o").arg(library).arg(c).arg("-lm");
    let output = command.output().with_context(|| {
        format!("--compiled needs a compiler of C, and `{compiler}` cannot be run: install one, or name another in CC")
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        if ["stack-usage", "frame-larger-than"].iter().any(|refused| said.contains(refused)) {
            bail!(
                "a function has a frame of more than {FRAME} bytes, which is the most here:\n{}",
                said.trim_end()
            );
        }
        bail!("`{compiler}` cannot compile it (CC names another compiler):\n{}", said.trim_end());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use zephyr_wasm_engine::{Caller, Error, Function, HostFunction, Store};
    use zephyr_wasm_platform_host::{App, HostPlatform, Settings};
    use zephyr_wasm_runtime::abi::Interface;
    use zephyr_wasm_runtime::{App as Running, End};

    type Guest = Running<HostPlatform>;

    /// A host API whose function panics.
    struct Panics;

    impl Interface<Guest> for Panics {
        fn name(&self) -> &'static str {
            "test:panics/panics@0.1.0"
        }

        fn function(&self, _: &str, store: &mut Store<Guest>) -> Option<(Function, u32)> {
            let panics: fn(&mut Caller<'_, Guest>) -> Result<(), Error> = |_| panic!("as a test has it");
            Some((panics.into_function(store), 0))
        }
    }

    /// The panic goes through the frames of the app's code, by whichever compiler that was compiled.
    #[test]
    fn a_panic_of_a_host_call_ends_the_app_only() {
        static ADDED: &[&[&dyn Interface<Guest>]] = &[&[&Panics]];
        let files = Files::new().unwrap();
        let path = files.0.path().join("panics.wat");
        let text = r#"(module (import "test:panics/panics@0.1.0" "now" (func $now)) (func $inner (call $now))
          (func (export "run") (result i32) (call $inner) (i32.const 0)))"#;
        fs::write(&path, text).unwrap();
        let app = wat::parse_str(text).unwrap();
        for _ in 0..2 {
            let compiled = Some(files.load(&path, &app, 1, MARGIN, false).unwrap());
            let settings = Settings { added: ADDED, compiled, ..Settings::new("panics") };
            let (end, ..) = App::start(settings, app.clone()).unwrap().join();
            assert_eq!(end, End::Panicked);
        }
    }
}
