//! A compiler of C for a target: GCC, or clang with LLVM's linker.

use super::family::{ARM, Family, RISCV, words};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::{LONGEST_NAME, Target};
use zephyr_wasm_compile::Compiler;
use zephyr_wasm_signature::digest;

/// What comes before what a file says of a library.
pub const LIBRARY: &str = "; library ";

/// The options for a target that compilers have in common. Apps never use coprocessors, and pass floats as their firmware does.
fn options(target: Target) -> (&'static Family, &'static [&'static str]) {
    match target {
        Target::Thumbv6m => (&ARM, &["-mcpu=cortex-m0", "-mthumb", "-mfloat-abi=soft"]),
        Target::Thumbv7m => (&ARM, &["-mcpu=cortex-m3", "-mthumb", "-mfloat-abi=soft"]),
        Target::Thumbv7em => (&ARM, &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft"]),
        Target::Thumbv7emHf => {
            (&ARM, &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"])
        }
        Target::Thumbv8mBase => (&ARM, &["-mcpu=cortex-m23", "-mthumb", "-mfloat-abi=soft"]),
        Target::Thumbv8mMain => (&ARM, &["-mcpu=cortex-m33+nodsp", "-mthumb", "-mfloat-abi=soft"]),
        Target::Thumbv8mMainHf => {
            (&ARM, &["-mcpu=cortex-m33+nodsp", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"])
        }
        Target::Riscv32imc => (
            &RISCV,
            &["-march=rv32imc", "-mabi=ilp32", "-mcmodel=medany", "-mno-relax", "-msmall-data-limit=0"],
        ),
    }
}

/// What clang is told besides: it makes code for any processor. It chooses among its libraries by the unit for floats, too.
fn options_of_clang(target: Target) -> &'static [&'static str] {
    match target {
        Target::Riscv32imc => &["--target=riscv32-unknown-elf"],
        Target::Thumbv7emHf | Target::Thumbv8mMainHf => &["--target=arm-none-eabi"],
        _ => &["--target=arm-none-eabi", "-mfpu=none"],
    }
}

/// What changes what a compiler makes, or where it writes: none of it is of the app.
const UNWANTED: [&str; 9] = [
    "CPATH",
    "C_INCLUDE_PATH",
    "GCC_EXEC_PREFIX",
    "COMPILER_PATH",
    "GCC_COMPARE_DEBUG",
    "DEPENDENCIES_OUTPUT",
    "SUNPRO_DEPENDENCIES",
    "CCC_OVERRIDE_OPTIONS",
    "LLD_REPRODUCE",
];

/// A program that gets nothing of this one's surroundings but where to find others.
fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in UNWANTED {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C");
    command
}

/// A compiler, and what it has to be told for one target.
#[derive(Debug)]
pub struct Toolchain {
    words: Vec<String>,
    family: &'static Family,
    options: Vec<&'static str>,
    /// Its kind.
    pub compiler: Compiler,
    /// What it makes code for.
    pub target: Target,
    /// What it calls itself.
    pub name: String,
}

impl Toolchain {
    /// The compiler that is there for a target.
    ///
    /// # Errors
    /// If there is none.
    pub fn of(target: Target) -> Result<Self> {
        let (family, _) = options(target);
        Self::by(target, family.find()?)
    }

    /// A compiler for a target, by its name and options.
    ///
    /// # Errors
    /// If it cannot be run, or has no linker.
    pub fn by(target: Target, words: Vec<String>) -> Result<Self> {
        let (family, common) = options(target);
        let output = clean(&words[0]).args(&words[1..]).arg("--version").output();
        let output = output.with_context(|| format!("`{}` ({}) cannot be run", words[0], family.variable))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let name = said.lines().next().unwrap_or_default().trim().to_owned();
        if !output.status.success() || name.is_empty() {
            bail!("`{} --version` says nothing: {} names a GCC or a clang", words.join(" "), family.variable);
        }
        let own: Vec<_> = words[1..].iter().map(String::as_str).collect();
        let compiler = Compiler::of(&words[0], &own);
        let of_clang = if compiler == Compiler::Clang { options_of_clang(target) } else { &[] };
        let options = [of_clang, common].concat();
        let toolchain = Toolchain { words, family, options, compiler, target, name };
        if compiler == Compiler::Clang {
            toolchain.refuse_without_linker()?;
        }
        Ok(toolchain)
    }

    /// What a file says that made its code: this compiler and this tool, as the versions of both decide on the bytes.
    pub fn told(&self) -> String {
        const TOOL: &str = concat!("; zephyr-wasm ", env!("CARGO_PKG_VERSION"));
        let shown = |character: char| if matches!(character, ' '..='~') { character } else { '?' };
        let name = self.name.chars().map(shown).take(LONGEST_NAME - TOOL.len());
        name.collect::<String>() + TOOL
    }

    /// What it is called here.
    pub fn called(&self) -> String {
        self.words.join(" ")
    }

    /// The variable of the environment that names another one.
    pub fn variable(&self) -> &'static str {
        self.family.variable
    }

    /// It with the target's options and these.
    pub fn command<I: IntoIterator<Item = String>>(&self, arguments: I) -> Command {
        let mut command = clean(&self.words[0]);
        command.args(&self.words[1..]).args(&self.options).args(arguments);
        command
    }

    /// The options for each file of C: without a table of addresses, in pieces that a linker can leave out.
    pub fn compiles(&self) -> Vec<String> {
        let mut options =
            words("-std=gnu11 -ffreestanding -fPIC -fvisibility=hidden -ffunction-sections -fno-ident -g0");
        if self.compiler == Compiler::Clang {
            // Nothing that it does not count of a frame: what pieces of several functions, or functions that keep registers for
            // others, have on the stack. And no header of this machine.
            options.extend(words("-nostdlibinc -mno-outline"));
            if !self.target.is_arm() {
                options.push("-mno-save-restore".into());
            }
        }
        options
    }

    /// The options for a file of C that is beside an app: a loop that copies is not to become a call of itself.
    pub fn compiles_own(&self) -> Vec<String> {
        // Of clang, `-ffreestanding` is enough.
        if self.compiler == Compiler::Clang {
            Vec::new()
        } else {
            words("-fno-tree-loop-distribute-patterns")
        }
    }

    /// The options that have it link, before the files.
    pub fn links(&self) -> Vec<String> {
        words(match self.compiler {
            Compiler::Gnu => "-nostdlib -nostartfiles -static",
            Compiler::Clang => "-nostdlib -static -fuse-ld=lld",
        })
    }

    /// Its library of what processors do not do by themselves, as an argument to link.
    ///
    /// # Errors
    /// Where that would be, if there is none: an app may do without.
    pub fn library(&self) -> Result<String, PathBuf> {
        if self.compiler == Compiler::Gnu {
            return Ok("-lgcc".into());
        }
        let path = self.library_file();
        if path.is_file() { Ok(path.display().to_string()) } else { Err(path) }
    }

    /// The file of that library.
    pub fn library_file(&self) -> PathBuf {
        let of_clang: &[&str] = if self.compiler == Compiler::Clang { &["-rtlib=compiler-rt"] } else { &[] };
        PathBuf::from(self.asked(&[of_clang, &["-print-libgcc-file-name"]].concat()))
    }

    /// What a file says of that library, behind the compiler: the beginning of its SHA-256, as no library says its version.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn library_told(&self) -> Result<String> {
        let path = self.library_file();
        let read = || format!("the library that `{}` links cannot be read: {}", self.name, path.display());
        let bytes = std::fs::read(&path).with_context(read)?;
        let beginning: String = digest(&bytes)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(LIBRARY.to_owned() + &beginning)
    }

    /// What it answers; nothing, if it cannot be run.
    fn asked(&self, question: &[&str]) -> String {
        let output = self.command(question.iter().map(|word| (*word).to_owned())).output();
        let said = output.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said).trim().to_owned()
    }

    fn refuse_without_linker(&self) -> Result<()> {
        const LINKER: &str = "ld.lld";
        let path = self.asked(&[&format!("-print-prog-name={LINKER}")]);
        // It says the name again if it does not know where that is.
        if Path::new(&path).components().count() < 2 {
            bail!(
                "`{}` has no `{LINKER}` with it: install lld of its version, or have {} name another clang or a GCC",
                self.called(),
                self.variable()
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Toolchain {
        Toolchain {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            family: &ARM,
            options: Vec::new(),
            compiler: Compiler::Clang,
            target: Target::Thumbv7m,
            name: "gcc (caf\u{e9})".to_owned() + &" 12".repeat(99),
        }
    }

    #[test]
    fn a_compiler_is_told_in_print() {
        let told = of(&["gcc"]).told();
        let version = concat!("; zephyr-wasm ", env!("CARGO_PKG_VERSION"));
        assert!(told.starts_with("gcc (caf?) 12") && told.ends_with(version), "{told}");
        assert_eq!(told.len(), LONGEST_NAME);
    }

    #[test]
    fn a_clang_without_its_linker_is_told() {
        // Which says the name alone, whatever it is asked.
        let error = of(&["printf", "ld.lld"]).refuse_without_linker().unwrap_err().to_string();
        assert!(
            error.contains("`printf ld.lld` has no `ld.lld` with it: install lld")
                && error.contains("ZEPHYR_WASM_CC_ARM"),
            "{error}"
        );
    }

    #[test]
    fn a_library_that_is_not_there_is_none() {
        assert_eq!(of(&["printf", "/nowhere/library.a"]).library(), Err("/nowhere/library.a".into()));
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert_eq!(of(&["printf", here]).library(), Ok(here.into()));
    }

    #[test]
    fn nothing_around_gets_to_a_compiler() {
        let command = of(&["gcc"]).command([]);
        let all: Vec<_> = command.get_envs().collect();
        for name in UNWANTED {
            assert!(all.contains(&(name.as_ref(), None)), "{name}");
        }
        assert!(all.contains(&("LC_ALL".as_ref(), Some("C".as_ref()))));
    }
}
