//! The settings of Kconfig. Build scripts that need nothing else of this crate have this file.

use anyhow::Result;
use std::{env, fs};

/// The settings of the firmware that is being built, from the file that Zephyr's build names in `DOTCONFIG`.
pub struct Kconfig(Option<String>);

impl Kconfig {
    /// Reads them. Outside of a firmware's build there are none.
    ///
    /// # Errors
    /// The file's.
    pub fn from_environment() -> Result<Self> {
        println!("cargo:rerun-if-env-changed=DOTCONFIG");
        let Ok(path) = env::var("DOTCONFIG") else { return Ok(Kconfig(None)) };
        println!("cargo:rerun-if-changed={path}");
        Ok(Kconfig(Some(fs::read_to_string(path)?)))
    }

    /// Whether a symbol is set; none is outside of a firmware's build.
    pub fn is_set(&self, symbol: &str) -> Option<bool> {
        let text = self.0.as_ref()?;
        Some(text.lines().any(|line| line.strip_suffix("=y") == Some(symbol)))
    }
}
