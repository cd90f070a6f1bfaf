//! For build scripts: which host APIs Kconfig put into an image.

use crate::names::module;
pub use crate::settings::Kconfig;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use wit_bindgen_core::wit_parser::{Package, PackageId, Resolve};

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

/// An interface that Kconfig puts into an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The interface's name within its package.
    pub interface: String,
    /// The name of its module in what is generated of it.
    pub module: String,
    /// The symbol that puts it into an image.
    pub symbol: String,
    /// Whether it is one that can be left out by itself.
    pub is_optional: bool,
}

/// The interfaces with functions in a package, of which `file` is the file.
pub fn choices(prefix: &str, file: &Path, resolve: &Resolve, package: PackageId) -> Vec<Choice> {
    let package = &resolve.packages[package];
    let optional = optional(package);
    let interfaces =
        package.interfaces.iter().filter(|(_, id)| !resolve.interfaces[**id].functions.is_empty());
    interfaces
        .map(|(name, id)| {
            let is_optional = optional.contains(&name.as_str());
            let mut symbol = symbol(prefix, file);
            if is_optional {
                symbol += &format!("_{}", name.to_uppercase().replace('-', "_"));
            }
            Choice { interface: name.clone(), module: module(resolve, *id), symbol, is_optional }
        })
        .collect()
}
