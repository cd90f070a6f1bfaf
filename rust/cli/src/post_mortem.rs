//! What `run` says of an app that did not end well, where it is asked to.

use crate::dump;
use crate::explain::lines_of;
use anyhow::Result;
use std::path::PathBuf;
use zephyr_wasm_platform_host::Core;

/// What to say, and where to write.
#[derive(Clone)]
pub struct PostMortem {
    /// The file that was packed.
    pub module: PathBuf,
    /// Where to write a core dump, if anywhere.
    pub dump: Option<PathBuf>,
}

impl PostMortem {
    /// Says where an app was, and writes its core dump.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn tell(&self, name: &str, core: &Core) -> Result<()> {
        if let Some(text) = lines_of(&self.module)?.described(core.place) {
            eprintln!("{text}");
        }
        if let Some(path) = &self.dump {
            dump::write(path, &self.module, name, core)?;
            eprintln!("    core dump: {}", path.display());
        }
        Ok(())
    }
}
