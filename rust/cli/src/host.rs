//! `zephyr-wasm host`: what a host API implemented in C is built from.

use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zephyr_wasm_bindings::Bindings;

/// Writes the C header of a host API, and the root of the Rust crate between it and the runtime. For zephyr_wasm_api()
/// in CMake.
#[derive(Args)]
pub struct Host {
    /// The header's name, without `.h`.
    name: String,
    /// WIT files or directories; one comes after those it uses, and the host API is the last. Ours are there.
    #[arg(long, required = true, num_args = 1..)]
    wit: Vec<PathBuf>,
    /// The crate's directory.
    #[arg(short, long)]
    output: PathBuf,
}

impl Host {
    pub fn execute(&self) -> Result<ExitCode> {
        let ours = zephyr_wasm_api::WIT.iter().fold(Bindings::new(), |all, text| all.text(text));
        let all = self.wit.iter().fold(ours, |all, path| all.file(path));
        let generated = all.c_host(&self.name)?;
        write(&self.output.join(format!("include/{}.h", self.name)), &generated.header)?;
        write(&self.output.join("src/lib.rs"), &generated.rust)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
