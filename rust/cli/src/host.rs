//! `zephyr-wasm host`: what a host API implemented in C is built from.

use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zephyr_wasm_bindings::{Bindings, CoreApi};

/// Writes the C header of a host API, and the root of the Rust crate between it and the runtime; of an API that has a header and no
/// WIT, what is between both in C. For zephyr_wasm_api() in CMake.
#[derive(Args)]
pub struct Host {
    /// The header's name, without `.h`.
    name: String,
    /// WIT files or directories in any order, but that the last is of the host API. Ours are there.
    #[arg(long, required_unless_present = "core", num_args = 1..)]
    wit: Vec<PathBuf>,
    /// The API's header, in place of WIT, and the module that apps import from if that is not the header's name.
    #[arg(long, value_name = "[MODULE=]HEADER", conflicts_with = "wit")]
    core: Option<String>,
    /// The crate's directory.
    #[arg(short, long)]
    output: PathBuf,
}

impl Host {
    pub fn execute(&self) -> Result<ExitCode> {
        if let Some(header) = &self.core {
            let api = CoreApi::of_option(header)?;
            write(&self.output.join(format!("{}_core.c", self.name)), &api.in_c())?;
            write(&self.output.join("src/lib.rs"), &api.in_rust())?;
            return Ok(ExitCode::SUCCESS);
        }
        let ours = zephyr_wasm_api::WIT.iter().fold(Bindings::new(), |all, text| all.text(text));
        let all = self.wit.iter().fold(ours, |all, path| all.file(path));
        let generated = all.c_host(&self.name)?;
        write(&self.output.join(format!("include/{}.h", self.name)), &generated.header)?;
        write(&self.output.join("src/lib.rs"), &generated.rust)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes the bindings of our own host APIs, for builds of the runtime that do not generate them.
#[derive(Args)]
pub struct HostBindings {
    /// Where to write them.
    #[arg(short, long)]
    output: PathBuf,
}

impl HostBindings {
    pub fn execute(&self) -> Result<ExitCode> {
        for (name, text) in zephyr_wasm_api::GENERATED {
            let path = self.output.join(name);
            // What is as it was keeps its time, so that nothing is built again for it.
            if !std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
                write(&path, text)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
