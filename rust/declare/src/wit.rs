//! What the WIT of host APIs says: the names of their packages, what they grant, and what sensors measure.

use crate::model::Package;
use anyhow::{Context, Result, bail};
use heck::ToShoutySnakeCase;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use wit_bindgen_core::wit_parser::{Resolve, TypeDefKind};
use zephyr_wasm_bindings::{grants, kconfig, packages};

/// What is read.
pub struct Wit {
    /// The packages, by their files.
    pub packages: BTreeMap<String, Package>,
    /// The channels of sensors, as Zephyr writes their names.
    pub channels: Vec<String>,
}

/// Reads a directory.
///
/// # Errors
/// What is wrong with a file.
pub fn read(directory: &Path) -> Result<Wit> {
    let entries = fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wit"));
    files.sort();
    let mut resolve = Resolve::default();
    let ids = packages::push_paths(&mut resolve, &files)?;
    let (mut found, mut channels) = (BTreeMap::new(), Vec::new());
    for (path, id) in files.iter().zip(ids) {
        let package = &resolve.packages[id];
        strict(path)?;
        let kinds = grants::of_package(package).into_iter().map(|kind| kind.name).collect();
        let name = format!("{}:{}", package.name.namespace, package.name.name);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if stem == "sensor" {
            let interface = package.interfaces.get("sensor").map(|id| &resolve.interfaces[*id]);
            let channel = interface.and_then(|interface| interface.types.get("channel"));
            if let Some(TypeDefKind::Enum(all)) = channel.map(|id| &resolve.types[*id].kind) {
                channels = all.cases.iter().map(|case| case.name.to_shouty_snake_case()).collect();
            }
        }
        let interfaces = kconfig::choices("CONFIG_WASM_API_", path, &resolve, id);
        if !interfaces.is_empty() {
            found.insert(stem, Package { name, kinds, interfaces });
        }
    }
    Ok(Wit { packages: found, channels })
}

/// Ends the build where a list of grants is not written as one: an app would need no manifest for the package.
fn strict(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let (mut listed, mut items) = (None, 0);
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        let Some(said) = line.strip_prefix("///") else {
            match listed {
                Some(at) if line.starts_with("package ") && items == 0 => {
                    bail!(
                        "{}:{at}: expected a grant below it, as `/// - `kind`: what it is`; found: {line}",
                        path.display()
                    )
                }
                _ if line.starts_with("package ") => return Ok(()),
                _ => continue,
            }
        };
        let is_head = said.trim_start().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("grant"));
        let is_item =
            said.strip_prefix(" - `").and_then(|item| item.split_once('`')).is_some_and(|(kind, rest)| {
                let is_kind =
                    !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
                is_kind && rest.strip_prefix(" (number)").unwrap_or(rest).starts_with(": ")
            });
        match listed {
            None if said == " Grants:" => listed = Some(number),
            Some(_) if is_item => items += 1,
            Some(_) if said.starts_with("   ") && items > 0 => {}
            None if !is_head => {}
            _ => bail!(
                "{}:{number}: expected `/// Grants:`, and below it, up to the package, `/// - `kind`: what it is`; \
                 found: {line}",
                path.display()
            ),
        }
    }
    bail!(
        "{}:1: expected `package namespace:name@version;` at the beginning of a line; found: none",
        path.display()
    )
}
