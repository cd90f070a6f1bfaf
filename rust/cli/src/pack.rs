//! `zephyr-wasm pack`: makes of a build's output what a board takes.

use crate::added::Added;
use crate::contract::{Contract, append, is_packed};
use crate::entry::begun;
use crate::fits::Firmware;
use crate::input;
use crate::manifest::{self, Manifest, Packages, is_name};
use crate::text::shown;
use crate::{module, shrink::shrink, trace::traced};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zephyr_wasm_runtime::Message;
use zephyr_wasm_runtime::check::{self, custom_section};
use zephyr_wasm_runtime::manifest::{MANIFEST, Manifest as OnBoard};

/// Validates an app for exactly the features of the boards' engine, takes out what they do not need, writes otherwise what
/// their engine computes wrongly, and writes down what its functions pass and what its manifest grants it. Takes core
/// modules and components of one core module.
#[derive(Args)]
pub struct Pack {
    /// A `.wasm` or `.wat` file.
    file: PathBuf,
    /// Where to write the app.
    #[arg(short, long)]
    output: PathBuf,
    /// Where to write its bytes as the elements of an array in C, too.
    #[arg(long)]
    c: Option<PathBuf>,
    /// The app's manifest; without it, the `.toml` of the same name beside the file, if there is one.
    #[arg(long)]
    manifest: Option<PathBuf>,
    /// What the firmware calls the app, which its manifest has to call it, too.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    added: Added,
    /// The firmware that it is for: its build directory, or the `.config` in it. Warns if that would refuse the app.
    #[arg(long, value_name = "BUILD|CONFIG")]
    board: Option<PathBuf>,
    /// Do not validate it, and leave its code as it is: for a board that does, or for tests of what a board refuses.
    #[arg(long)]
    unchecked: bool,
    /// Have it write down where it is, so that a board (CONFIG_WASM_TRACE) and `run` say where it ended: see `explain`.
    /// It grows by a tenth to a quarter, and computes 6 to 33 % slower.
    #[arg(long)]
    trace: bool,
    /// Do not export the pointer of its own stack, by which an end says that this is full: a board without
    /// CONFIG_WASM_VALIDATE has no words for that.
    #[arg(long)]
    no_stack_pointer: bool,
    /// It is to be compiled: the firmware does not hold it to the limits of the interpreter.
    #[arg(long)]
    compiled: bool,
}

impl Pack {
    pub fn execute(&self) -> Result<ExitCode> {
        let options = Options {
            added: self.added.clone(),
            validate: !self.unchecked,
            as_it_is: self.unchecked,
            trace: self.trace,
            no_stack_pointer: self.no_stack_pointer,
            manifest: self.manifest.as_deref(),
            keeps_manifest: false,
        };
        let packed = match packed(&self.file, &options) {
            // What cannot be parsed is left as it is.
            Err(_) if self.unchecked => input::bytes(&self.file)?,
            packed => packed?,
        };
        if let (Some(wanted), Some(name)) = (&self.name, name_of(&packed))
            && *wanted != name
        {
            bail!("{}: its manifest calls it `{name}`, and the firmware `{wanted}`", self.file.display());
        }
        let write = |path: &Path, bytes: &[u8]| {
            std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        self.warn(&packed)?;
        if let Some(path) = &self.c {
            write(path, elements(&packed).as_bytes())?;
        }
        write(&self.output, &packed)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Says why the firmware would refuse it. The build goes on: some have apps that are to be refused.
    fn warn(&self, packed: &[u8]) -> Result<()> {
        if self.board.is_none() || self.unchecked {
            return Ok(());
        }
        let name = self.name.clone().or_else(|| name_of(packed)).unwrap_or_else(|| "app".to_owned());
        let firmware = Firmware::read(self.board.as_deref())?;
        if let Err(refused) = firmware.judge(&name, packed.to_vec(), self.compiled, &self.added) {
            eprintln!("warning: the firmware will refuse {name}: {}", shown(&format!("{refused:#}")));
        }
        Ok(())
    }
}

/// Bytes as the elements of an array in C.
pub fn elements(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte},")).collect::<String>() + "\n";
    bytes.chunks(32).map(line).collect()
}

/// The custom section that signatures are in.
pub const SIGNATURE: &str = "signature";

/// How to pack.
#[derive(Default)]
pub struct Options<'a> {
    /// Host APIs besides ours.
    pub added: Added,
    /// Refuse what no board takes.
    pub validate: bool,
    /// Leave what boards compute wrongly, for a test of what they do with it.
    pub as_it_is: bool,
    /// Have it say where it is.
    pub trace: bool,
    /// Leave out what says that its own stack is full.
    pub no_stack_pointer: bool,
    /// The manifest's file, if it is not beside the app's.
    pub manifest: Option<&'a Path>,
    /// An app that has a manifest keeps it, whatever is beside its file.
    pub keeps_manifest: bool,
}

/// An app as a board takes it, from what a toolchain made.
///
/// # Errors
/// Why no board would take it.
pub fn packed(path: &Path, options: &Options<'_>) -> Result<Vec<u8>> {
    let module = module::read(path)?;
    if options.validate {
        module::validate_built(path, &module.core)?;
    }
    let manifest = manifest_for(path, &module.core, options)?;
    packed_module(path, module, manifest.as_ref(), options)
}

/// The manifest to put into a module: none, if it is to keep its own.
///
/// # Errors
/// What is wrong with it.
pub fn manifest_for(path: &Path, module: &[u8], options: &Options<'_>) -> Result<Option<Manifest>> {
    if options.keeps_manifest && options.manifest.is_none() && is_packed(module) {
        return Ok(None);
    }
    manifest_of(path, options)
}

/// The same of a module that has been read, and validated if that is wanted.
///
/// # Errors
/// Why no board would take it.
pub fn packed_module(
    path: &Path,
    module: module::Module,
    manifest: Option<&Manifest>,
    options: &Options<'_>,
) -> Result<Vec<u8>> {
    let mut packed = if is_packed(&module.core) {
        if options.trace {
            bail!("{}: is packed already; trace what the build made", path.display());
        }
        if options.as_it_is { module.core } else { packed_before(path, module.core)? }
    } else {
        let contract = Contract::of(&module, &options.added).with_context(|| path.display().to_string())?;
        let core = if options.trace { traced(&module.core)? } else { module.core };
        // Behind the notes of a trace, whose places are of the file as it was built.
        let core = if options.as_it_is {
            core
        } else {
            begun(&module::mended(path, &core)?).with_context(|| path.display().to_string())?
        };
        let mut packed = shrink(&core, contract.reserves, !options.no_stack_pointer)?;
        contract.append_to(&mut packed);
        packed
    };
    if let Some(manifest) = manifest {
        if custom_section(&packed, MANIFEST).is_some() {
            bail!("{}: has a manifest already; pack what the build made", path.display());
        }
        append(&mut packed, MANIFEST, manifest.lines.as_bytes());
    }
    if options.validate {
        module::validate(path, &packed)
            .context("what `pack` made of it is not valid, which is a fault of `pack`")?;
    }
    Ok(packed)
}

/// What an older version has packed, mended.
fn packed_before(path: &Path, core: Vec<u8>) -> Result<Vec<u8>> {
    let mended = module::mended(path, &core)?;
    if mended != core && custom_section(&core, SIGNATURE).is_some() {
        bail!(
            "{}: has a `select` that boards compute wrongly, and a signature of it: `zephyr-wasm sign` mends both",
            path.display()
        );
    }
    Ok(mended)
}

/// The manifest to put into an app.
///
/// # Errors
/// What is wrong with it.
pub fn manifest_of(path: &Path, options: &Options<'_>) -> Result<Option<Manifest>> {
    let beside = path.with_extension("toml");
    let path = match options.manifest {
        Some(path) => path,
        None if beside.exists() => &beside,
        None => return Ok(None),
    };
    manifest::read(path, &Packages::of(&options.added)?).map(Some)
}

/// What the manifest in an app's file calls it, if that is a name: the file may be anybody's.
pub fn name_of(module: &[u8]) -> Option<String> {
    check::outside(module, usize::MAX, &mut Message::new()).ok()?;
    OnBoard::of(module).first("name").filter(|name| is_name(name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_itself_by_names_only() {
        let named = |name: &str| {
            let mut module = b"\0asm\x01\0\0\0".to_vec();
            append(&mut module, MANIFEST, format!("name {name}\n").as_bytes());
            name_of(&module)
        };
        assert_eq!(named("weather_2"), Some("weather_2".into()));
        for bad in ["..", "a/b", "\u{1b}[2J", "\u{9b}2J", "a b", ""] {
            assert_eq!(named(bad), None, "{bad:?}");
        }
    }
}
