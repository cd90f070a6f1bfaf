//! The compilers of C for boards' processors.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::{LONGEST_NAME, Target};

/// Names a compiler for Arm, and one for RISC-V, with options if need be.
const ARM: Family = Family {
    name: "Arm",
    variable: "ZEPHYR_WASM_CC_ARM",
    compilers: &["arm-zephyr-eabi-gcc", "arm-none-eabi-gcc"],
    package: "gcc-arm-none-eabi",
};
const RISCV: Family = Family {
    name: "RISC-V",
    variable: "ZEPHYR_WASM_CC_RISCV",
    compilers: &["riscv64-zephyr-elf-gcc", "riscv64-unknown-elf-gcc", "riscv-none-elf-gcc"],
    package: "gcc-riscv64-unknown-elf",
};

/// Processors that one compiler makes code for.
#[derive(Debug)]
struct Family {
    name: &'static str,
    /// The variable of the environment that names the compiler.
    variable: &'static str,
    /// What it may be called, GCC of Zephyr's SDK first.
    compilers: &'static [&'static str],
    /// A distribution's package with one.
    package: &'static str,
}

/// The options for a target. Apps never use coprocessors, and pass floats as their firmware does.
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

/// What changes what a compiler makes, or where it writes: none of it is of the app.
const UNWANTED: [&str; 7] = [
    "CPATH",
    "C_INCLUDE_PATH",
    "GCC_EXEC_PREFIX",
    "COMPILER_PATH",
    "GCC_COMPARE_DEBUG",
    "DEPENDENCIES_OUTPUT",
    "SUNPRO_DEPENDENCIES",
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
    options: &'static [&'static str],
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
        let (family, options) = options(target);
        let words = family.find()?;
        let output = clean(&words[0]).args(&words[1..]).arg("--version").output();
        let output = output.with_context(|| format!("`{}` ({}) cannot be run", words[0], family.variable))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let name = said.lines().next().unwrap_or_default().trim().to_owned();
        if !output.status.success() || name.is_empty() {
            bail!("`{} --version` says nothing: {} names a GCC", words.join(" "), family.variable);
        }
        Ok(Toolchain { words, family, options, target, name })
    }

    /// What a file says that made its code: this compiler and this tool, as the versions of both decide on the bytes.
    pub fn told(&self) -> String {
        const TOOL: &str = concat!("; zephyr-wasm ", env!("CARGO_PKG_VERSION"));
        let shown = |character: char| if matches!(character, ' '..='~') { character } else { '?' };
        let name = self.name.chars().map(shown).take(LONGEST_NAME - TOOL.len());
        name.collect::<String>() + TOOL
    }

    /// The variable of the environment that names another one.
    pub fn variable(&self) -> &'static str {
        self.family.variable
    }

    /// It with the target's options and these.
    pub fn command<I: IntoIterator<Item = String>>(&self, arguments: I) -> Command {
        let mut command = clean(&self.words[0]);
        command.args(&self.words[1..]).args(self.options).args(arguments);
        command
    }

    /// A program that comes with it.
    ///
    /// # Errors
    /// If it has none of that name.
    pub fn program(&self, name: &str) -> Result<Command> {
        let output = self.command([format!("-print-prog-name={name}")]).output();
        let called = self.words.join(" ");
        let output = output.with_context(|| format!("`{called}` cannot be run"))?;
        let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        // It says the name again if it does not know where that is; this machine's own would not know its files.
        if Path::new(&path).components().count() < 2 {
            bail!(
                "`{called}` has no `{name}` with it: install its binutils, or have {} name a GCC that has them",
                self.family.variable
            );
        }
        Ok(clean(&path))
    }
}

impl Family {
    fn find(&self) -> Result<Vec<String>> {
        if let Ok(named) = std::env::var(self.variable)
            && !named.trim().is_empty()
        {
            return named_by(named.trim());
        }
        let places = std::env::var_os("PATH").unwrap_or_default();
        let mut places: Vec<PathBuf> = std::env::split_paths(&places).collect();
        if let Some(sdk) = std::env::var_os("ZEPHYR_SDK_INSTALL_DIR") {
            let of_sdk = self.compilers[0].trim_end_matches("-gcc");
            // Before and since SDK 1.0.
            places.push(Path::new(&sdk).join(of_sdk).join("bin"));
            places.push(Path::new(&sdk).join("gnu").join(of_sdk).join("bin"));
        }
        let all = self.compilers.iter().flat_map(|name| places.iter().map(move |place| place.join(name)));
        match all.into_iter().find(|path| path.is_file()) {
            Some(path) => Ok(vec![whole(&path)?]),
            None => bail!(
                "no compiler for {} ({}): Zephyr's SDK has one (ZEPHYR_SDK_INSTALL_DIR), or a distribution ({}); {} names \
                 another GCC",
                self.name,
                self.compilers.join(", "),
                self.package,
                self.variable
            ),
        }
    }
}

/// A compiler and its options, of one line; or of the name of a file, which may have spaces.
fn named_by(line: &str) -> Result<Vec<String>> {
    if Path::new(line).is_file() {
        return Ok(vec![whole(Path::new(line))?]);
    }
    let mut words = words(line);
    if Path::new(&words[0]).components().count() > 1 {
        words[0] = whole(Path::new(&words[0]))?;
    }
    Ok(words)
}

/// A path that is the same from any directory: compilers run in one of their own. What a link is called stays, as some go by
/// that.
fn whole(path: &Path) -> Result<String> {
    let path = std::path::absolute(path).with_context(|| format!("cannot find {}", path.display()))?;
    Ok(path.display().to_string())
}

/// The words of a line.
pub fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Toolchain {
        Toolchain {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            family: &ARM,
            options: &[],
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
    fn a_compiler_without_its_programs_is_told() {
        // Which says the name alone, whatever it is asked.
        let error = of(&["printf", "objcopy"]).program("objcopy").unwrap_err().to_string();
        assert!(
            error.contains("has no `objcopy` with it") && error.contains("ZEPHYR_WASM_CC_ARM"),
            "{error}"
        );
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

    #[test]
    fn a_compiler_may_have_a_space_and_be_beside() {
        let directory = crate::temporary::Directory::new().unwrap();
        let path = directory.path().join("my gcc");
        std::fs::write(&path, "").unwrap();
        let path = path.display().to_string();
        assert_eq!(named_by(&path).unwrap(), [path]);
        let words = named_by("./bin/gcc -mcpu=cortex-m3").unwrap();
        let here = std::env::current_dir().unwrap().join("bin/gcc");
        assert_eq!(words, [here.display().to_string(), "-mcpu=cortex-m3".to_owned()]);
        assert_eq!(named_by("ccache arm-none-eabi-gcc").unwrap(), ["ccache", "arm-none-eabi-gcc"]);
    }
}
