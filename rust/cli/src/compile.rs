//! `zephyr-wasm compile`: makes C of an app, for firmware that has it as code of its own.

use crate::code::{self, Manner, Source};
use crate::contract::is_packed;
use crate::module;
use crate::pack::{SIGNATURE, elements, name_of};
use crate::replace::replace;
use crate::text::shown;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zephyr_wasm_code::Target;
use zephyr_wasm_compile::Options;
use zephyr_wasm_engine::FEATURES;
use zephyr_wasm_runtime::check::custom_section;
use zephyr_wasm_runtime::{Limits, Manifest};

/// Makes C of an app: a file that a firmware's compiler takes, and what else the firmware needs of it. Takes what `pack` has
/// made; or core modules and components of one core module as they are. With --target, it puts machine code into a packed
/// app instead, for boards that run apps as compiled code which arrive later.
#[derive(Args)]
pub struct Compile {
    /// A `.wasm` or `.wat` file.
    file: PathBuf,
    /// Where to write the C; with --target, the app with its code, or else in place.
    #[arg(short, long, required_unless_present = "target")]
    output: Option<PathBuf>,
    /// For which processors to put machine code into the app: `all`, or names that commas are between.
    #[arg(long, value_delimiter = ',', value_name = "TARGET", value_parser = targets, conflicts_with_all = ["name", "outside", "elements"])]
    target: Vec<Vec<Target>>,
    /// Have the code of --target made for speed (-O2) and not for size (-Os).
    #[arg(long, requires = "target")]
    speed: bool,
    /// Have the code of --target load and store words at any address: for a RISC-V that can. It is nothing to Arm's.
    #[arg(long, requires = "target")]
    unaligned: bool,
    /// What the firmware calls the app; without it, what its manifest or its file is called.
    #[arg(long)]
    name: Option<String>,
    /// Where to write the module without its code and data: what a board reads of it.
    #[arg(long, value_name = "FILE")]
    outside: Option<PathBuf>,
    /// Where to write that as the elements of an array in C.
    #[arg(long, value_name = "FILE")]
    elements: Option<PathBuf>,
    /// The file that the app was packed of: functions are called as they are there, and places are those that `explain`
    /// finds in it.
    #[arg(long, value_name = "FILE")]
    source: Option<PathBuf>,
    /// Do not tell where a trap was: the code is up to a tenth smaller.
    #[arg(long)]
    no_places: bool,
    /// The most elements that a table has room for which grows, where it does not say fewer itself; a board takes at most
    /// its CONFIG_WASM_APP_TABLE_SIZE.
    #[arg(long, value_name = "COUNT", default_value_t = Options::new("").largest_table)]
    largest_table: u32,
}

impl Compile {
    pub fn execute(&self) -> Result<ExitCode> {
        let core = read(&self.file)?;
        if !self.target.is_empty() {
            return self.add_code(&core);
        }
        let source = self.source.as_deref().map(read).transpose()?;
        let name = self.name.clone().or_else(|| name_of(&core)).unwrap_or_else(|| in_c(&self.file));
        warn_of_limits(&name, &core);
        let options = Options {
            source: source.as_deref(),
            places: !self.no_places,
            largest_table: self.largest_table,
            ..Options::new(&name)
        };
        let compiled = zephyr_wasm_compile::compile(&core, &options);
        let output = self.output.as_deref().context("--output says where to write the C")?;
        write(output, compiled.with_context(|| self.file.display().to_string())?.as_bytes())?;
        let outside = zephyr_wasm_compile::outside(&core)?;
        if let Some(path) = &self.outside {
            write(path, &outside)?;
        }
        if let Some(path) = &self.elements {
            write(path, elements(&outside).as_bytes())?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Puts code for each target into a packed app.
    fn add_code(&self, app: &[u8]) -> Result<ExitCode> {
        if !is_packed(app) {
            bail!(
                "{}: is not packed, or has no manifest: `zephyr-wasm pack --manifest app.toml` first",
                self.file.display()
            );
        }
        if custom_section(app, SIGNATURE).is_some() {
            bail!(
                "{}: is signed, which its code has to be, too: compile what `pack` made, and sign that",
                self.file.display()
            );
        }
        let source = self.source.as_deref().filter(|_| !self.no_places).map(Source::read).transpose()?;
        let manner = Manner {
            speed: self.speed,
            unaligned: self.unaligned,
            source: source.as_ref(),
            largest_table: self.largest_table,
        };
        let mut targets = Vec::new();
        for target in self.target.iter().flatten() {
            if !targets.contains(target) {
                targets.push(*target);
            }
        }
        let app = code::canonical(&self.file, app)?;
        let app = code::add(&app, &targets, &manner).with_context(|| self.file.display().to_string())?;
        replace(self.output.as_deref().unwrap_or(&self.file), &app)?;
        for line in code::told(&app) {
            say!("{line}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The targets of one word of --target.
fn targets(word: &str) -> Result<Vec<Target>, String> {
    if word == "all" {
        return Ok(Target::ALL.to_vec());
    }
    Target::of_name(word).map(|target| vec![target]).ok_or_else(|| {
        let names: Vec<_> = Target::ALL.iter().map(|target| target.name()).collect();
        format!("there are {}, and all", names.join(", "))
    })
}

/// Says of each limit in an app's manifest that is of the interpreter alone that it does nothing here, and what does. The app
/// is compiled all the same: its file may be for both kinds.
pub fn warn_of_limits(name: &str, app: &[u8]) {
    let manifest = Manifest::of(app);
    for key in Limits::OF_INTERPRETER.into_iter().filter(|key| manifest.number(key).is_some()) {
        eprintln!(
            "warning: {}: `{key}` in its manifest is for the interpreter only. What limits a compiled app's calls is its thread's \
             stack: CONFIG_WASM_APP_STACK_SIZE, less CONFIG_WASM_COMPILED_STACK_MARGIN. `stack` in the manifest says how \
             much it counts on",
            shown(name)
        );
    }
}

/// A module that has nothing but what the boards' engine would take as well. What that computes wrongly is computed rightly
/// in C.
fn read(path: &Path) -> Result<Vec<u8>> {
    let core = module::read(path)?.core;
    if let Err(error) = zephyr_wasm_engine::validate(&core) {
        let features = FEATURES.join(", ");
        bail!("{}: {error} (an app may use WebAssembly 1.0 and: {features})", path.display());
    }
    Ok(core)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// A file's name as a name in C.
pub fn in_c(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' });
    let name: String = name.collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("app_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_names_in_c() {
        assert_eq!(in_c(Path::new("a/my-app.wasm")), "my_app");
        assert_eq!(in_c(Path::new("3d.wat")), "app_3d");
    }
}
