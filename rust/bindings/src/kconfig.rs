//! For build scripts: which host APIs Kconfig put into an image.

use anyhow::Result;
use std::path::{Path, PathBuf};
use std::{env, fs};
use wit_bindgen_core::wit_parser::{Package, Resolve};

/// The WIT files in a directory, with the one named `last` behind those it uses.
///
/// # Errors
/// The directory's.
pub fn wit_files(directory: &Path, last: &str) -> Result<Vec<PathBuf>> {
    println!("cargo:rerun-if-changed={}", directory.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wit"));
    files.sort_by_key(|path| (path.ends_with(last), path.clone()));
    Ok(files)
}

/// The Kconfig symbol of a WIT file's package.
pub fn symbol(prefix: &str, file: &Path) -> String {
    format!(
        "{prefix}{}",
        file.file_stem().unwrap_or_default().to_string_lossy().to_uppercase().replace('-', "_")
    )
}

/// The interfaces that Kconfig can leave out of a package by themselves: those besides the one of the package's name.
pub fn optional(package: &Package) -> Vec<&str> {
    let main = package.name.name.as_str();
    if !package.interfaces.contains_key(main) {
        return Vec::new();
    }
    package.interfaces.keys().map(String::as_str).filter(|name| *name != main).collect()
}

/// The symbols of packages, and of the interfaces that are optional in them.
///
/// # Errors
/// The files'.
pub fn symbols(prefix: &str, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut resolve = Resolve::default();
    let mut symbols = Vec::new();
    for file in files {
        let (package, _) = resolve.push_path(file)?;
        let symbol = symbol(prefix, file);
        for interface in optional(&resolve.packages[package]) {
            symbols.push(format!("{symbol}_{}", interface.to_uppercase().replace('-', "_")));
        }
        symbols.push(symbol);
    }
    Ok(symbols)
}

/// The settings of the firmware that is being built, from the file that Zephyr's build names in `DOTCONFIG`.
pub struct Kconfig(Option<String>);

impl Kconfig {
    /// Reads them. On the desk there are none.
    ///
    /// # Errors
    /// The file's.
    pub fn from_environment() -> Result<Self> {
        println!("cargo:rerun-if-env-changed=DOTCONFIG");
        let Ok(path) = env::var("DOTCONFIG") else { return Ok(Kconfig(None)) };
        println!("cargo:rerun-if-changed={path}");
        Ok(Kconfig(Some(fs::read_to_string(path)?)))
    }

    /// Whether a symbol is set; none on the desk.
    pub fn is_set(&self, symbol: &str) -> Option<bool> {
        let text = self.0.as_ref()?;
        Some(text.lines().any(|line| line.strip_suffix("=y") == Some(symbol)))
    }

    /// Makes `cfg(SYMBOL)` true for each of these that is set. On the desk, everything is.
    pub fn export<'a>(&self, symbols: impl IntoIterator<Item = &'a str>) {
        for symbol in symbols {
            println!("cargo:rustc-check-cfg=cfg({symbol})");
            if self.is_set(symbol).unwrap_or(true) {
                println!("cargo:rustc-cfg={symbol}");
            }
        }
    }
}
