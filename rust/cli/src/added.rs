//! Host APIs besides ours, which a firmware adds: by WIT, or by headers of C.

use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;
use wit_bindgen_core::wit_parser::Resolve;
use zephyr_wasm_bindings::core_api::CoreApi;
use zephyr_wasm_bindings::packages::push_paths;

/// Which host APIs there are besides ours.
#[derive(Args, Clone, Default)]
pub struct Added {
    /// WIT files or directories of host APIs besides ours.
    #[arg(long)]
    pub wit: Vec<PathBuf>,
    /// A header of a host API without WIT, as zephyr_wasm_api() in CMake takes it, with the module that apps import from if that is
    /// not the header's name.
    #[arg(long, value_name = "[MODULE=]HEADER")]
    core: Vec<String>,
}

impl Added {
    /// Those of these files or directories of WIT.
    pub fn of_wit(wit: &[PathBuf]) -> Self {
        Added { wit: wit.to_vec(), ..Added::default() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.wit.is_empty() && self.core.is_empty()
    }

    /// Our host APIs, and those of WIT.
    pub fn with_ours(&self) -> Result<Resolve> {
        let mut resolve = Resolve::default();
        for (index, source) in zephyr_wasm_api::WIT.iter().enumerate() {
            resolve.push_str(format!("wit/{index}.wit"), source)?;
        }
        push_paths(&mut resolve, &self.wit)?;
        Ok(resolve)
    }

    /// Those of headers.
    ///
    /// # Errors
    /// What is not understood of a header, and a module that two have.
    pub fn core(&self) -> Result<Vec<CoreApi>> {
        let mut all: Vec<CoreApi> = Vec::new();
        for option in &self.core {
            let api = CoreApi::of_option(option)?;
            if let Some(other) = all.iter().find(|other| other.module == api.module) {
                bail!("{}.h and {}.h are both of the module `{}`", other.name, api.name, api.module);
            }
            all.push(api);
        }
        Ok(all)
    }
}
