//! `zephyr-wasm check`: would a board take this app?

use crate::added::Added;
use crate::code;
use crate::contract::Contract;
use crate::fits::Firmware;
use crate::text::shown;
use crate::{module, pack};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasmparser::ValType;
use zephyr_wasm_api::wasi::{PACKAGE, UNSTABLE};

/// Says whether apps are valid for the boards' engine, what they import and export, whether they mean the same by
/// it as the host APIs, and whether a board would run them: with what their manifests grant them, or in the memory of
/// one firmware.
#[derive(Args)]
pub struct Check {
    /// `.wasm` or `.wat` files, core modules or components.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    added: Added,
    /// The app's manifest, for one app; without it, the `.toml` of the same name beside the file, if there is one.
    #[arg(long)]
    manifest: Option<PathBuf>,
    /// A firmware that is to run them: its build directory, or the `.config` in it. Without it, one with all host APIs.
    #[arg(long, value_name = "BUILD|CONFIG")]
    board: Option<PathBuf>,
}

impl Check {
    pub fn execute(&self) -> Result<ExitCode> {
        if self.manifest.is_some() && self.files.len() > 1 {
            bail!("--manifest is of one app: give each the `.toml` of its name beside it");
        }
        let firmware = Firmware::read(self.board.as_deref())?;
        let mut code = ExitCode::SUCCESS;
        for path in &self.files {
            if let Err(error) = self.check(path, &firmware) {
                say!("{}", shown(&format!("{error:#}")));
                code = ExitCode::FAILURE;
            }
        }
        Ok(code)
    }

    fn check(&self, path: &Path, firmware: &Firmware) -> Result<()> {
        let module = module::read(path)?;
        module::validate_built(path, &module.core)?;
        let contract = Contract::of(&module, &self.added).with_context(|| path.display().to_string())?;
        say!("{}: {} bytes, valid", shown(&path.display().to_string()), module.core.len());
        for import in &contract.imports {
            let shape = import.shape.as_ref().map_or(String::new(), |shape| format!(": {}", shape.text));
            let known =
                if import.known { "" } else { "  (no host API known here; --wit or --core adds one)" };
            let is_wasi = [PACKAGE, UNSTABLE].contains(&import.interface.as_str());
            let lacks = if is_wasi { firmware.lacks_of_wasi(&import.name) } else { "" };
            let import = format!("{} {}{shape}", import.interface, import.name);
            say!("  imports {}{known}{lacks}", shown(&import));
        }
        for (name, shape) in &contract.exports {
            say!("  exports {}", shown(&format!("{name}: {}", shape.text)));
        }
        for line in code::told(&module.core) {
            say!("  has {line}");
        }
        if self.board.is_none()
            && let Some(bytes) = module::memory(&module.core)
        {
            say!(
                "  has {bytes} bytes of memory as it begins, of a board's CONFIG_WASM_APP_HEAP_SIZE (--board looks for the rest)"
            );
        }
        code::refuse_unfit(&module.core).with_context(|| format!("  {} is refused", module::name(path)))?;
        // A board gets the file as it is.
        let runs = self.board.is_some().then(|| code::on_board(&module.core, firmware));
        let options = pack::Options {
            added: self.added.clone(),
            manifest: self.manifest.as_deref(),
            keeps_manifest: true,
            ..Default::default()
        };
        let manifest = pack::manifest_for(path, &module.core, &options)?;
        let run =
            contract.exports.iter().find(|(name, _)| name == "run").map(|(_, shape)| shape.text.clone());
        let packed = pack::packed_module(path, module, manifest.as_ref(), &options)?;
        let exported = module::exported_functions(&packed);
        let is_of_another_type = module::type_of(&packed, "run")
            .is_some_and(|ty| !ty.params().is_empty() || ty.results() != [ValType::I32]);

        let name = pack::name_of(&packed).unwrap_or_else(|| module::name(path));
        if let Some(line) = runs.transpose().with_context(|| format!("  {name} is refused"))?.flatten() {
            say!("  {line}");
        }
        let told = firmware.judge(&name, packed, false, &self.added);
        let told = told.with_context(|| format!("  {name} is refused"))?;
        if !exported.iter().any(|name| name == "run" || name == "_start") {
            let exported = if exported.is_empty() { "no function".into() } else { exported.join(", ") };
            bail!("  {name} is refused: does not export `run`; it exports {exported}");
        }
        let is_plain = run.as_ref().is_none_or(|run| run == "func() -> s32");
        if !is_plain && !firmware.has("CONFIG_WASM_CALL") {
            bail!("  {name} is refused: for a `run` of another type, set CONFIG_WASM_CALL=y");
        }
        if run.is_none() && is_of_another_type {
            bail!("  {name} is refused: its `run` is not of the type `(result i32)`");
        }
        say!("  {name}: {told}");
        Ok(())
    }
}
