//! The compilers of C for boards' processors.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::Target;

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

/// A compiler, and what it has to be told for one target.
pub struct Toolchain {
    words: Vec<String>,
    options: &'static [&'static str],
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
        let output = Command::new(&words[0]).args(&words[1..]).arg("--version").output();
        let output = output.with_context(|| format!("`{}` ({}) cannot be run", words[0], family.variable))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let name = said.lines().next().unwrap_or_default().trim().to_owned();
        if !output.status.success() || name.is_empty() {
            bail!("`{} --version` says nothing: {} names a compiler", words.join(" "), family.variable);
        }
        Ok(Toolchain { words, options, name })
    }

    /// It with the target's options and these.
    pub fn command<I: IntoIterator<Item = String>>(&self, arguments: I) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).args(self.options).args(arguments);
        command
    }

    /// A program that comes with it.
    ///
    /// # Errors
    /// If it knows none of that name.
    pub fn program(&self, name: &str) -> Result<Command> {
        let output = self.command([format!("-print-prog-name={name}")]).output();
        let output = output.with_context(|| format!("`{}` cannot be run", self.called()))?;
        let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if path.is_empty() {
            bail!("`{}` has no {name}", self.called());
        }
        Ok(Command::new(path))
    }

    /// What it is called on the command line.
    pub fn called(&self) -> String {
        self.words.join(" ")
    }
}

impl Family {
    fn find(&self) -> Result<Vec<String>> {
        if let Ok(named) = std::env::var(self.variable)
            && !named.trim().is_empty()
        {
            return Ok(named.split_whitespace().map(str::to_owned).collect());
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
            Some(path) => Ok(vec![path.display().to_string()]),
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
