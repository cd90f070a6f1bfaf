//! `zephyr-wasm bindings`: what a guest in C includes.

use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::Resolve;
use zephyr_wasm_bindings::packages::push_paths;

/// Writes the C header, source and component type of a world, by the stock wit-bindgen.
#[derive(Args)]
pub struct Bindings {
    /// WIT files and directories; the world is in the package of the last.
    #[arg(required = true)]
    wit: Vec<PathBuf>,
    /// The world.
    #[arg(short, long, default_value = "app")]
    world: String,
    /// Where to write them.
    #[arg(short, long)]
    output: PathBuf,
}

impl Bindings {
    pub fn execute(&self) -> Result<ExitCode> {
        let mut resolve = Resolve::default();
        let packages = push_paths(&mut resolve, &self.wit)?;
        let world = resolve.select_world(packages.last().copied().as_slice(), Some(&self.world))?;
        let mut options = wit_bindgen_c::Opts::default();
        options.async_.push("all");
        // One name for whatever world, which the guest's runtime includes.
        options.rename_world = Some("app".into());
        let mut files = Files::default();
        options.build().generate(&mut resolve, world, &mut files)?;
        std::fs::create_dir_all(&self.output)?;
        for (name, contents) in files.iter() {
            let path = self.output.join(name);
            // Unchanged files keep their time, so that nothing is built again for them.
            if std::fs::read(&path).is_ok_and(|old| old == contents) {
                continue;
            }
            std::fs::write(&path, contents).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
