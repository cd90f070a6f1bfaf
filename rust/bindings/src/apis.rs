//! The host APIs there are: each is a file of `wit/`, and one of the same name in each layer. Build scripts that need nothing
//! else of this crate have this file.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The package that says what an app is, and is no host API.
const WORLD: &str = "app";

/// The names of the host APIs, sorted.
///
/// # Errors
/// Those of the directory.
pub fn names(wit: &Path) -> io::Result<Vec<String>> {
    println!("cargo:rerun-if-changed={}", wit.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(wit)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "wit") && name != WORLD {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// For a crate of `rust/`: writes `apis.rs` to `OUT_DIR`, which declares the module of each host API, in `src/<name>.rs` or
/// `src/<name>/mod.rs` of the crate, and returns their names.
///
/// # Errors
/// Those of the directories, and a host API that has no such file.
#[allow(dead_code)]
pub fn declare(visibility: &str, more: impl Fn(&[String]) -> String) -> io::Result<()> {
    let of_crate = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it"));
    let output = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let names = names(&of_crate.join("../../wit"))?;
    let mut text = String::new();
    for name in &names {
        let places = [format!("src/{name}.rs"), format!("src/{name}/mod.rs")];
        let Some(file) = places.iter().map(|place| of_crate.join(place)).find(|file| file.exists()) else {
            let text = format!(
                "wit/{name}.wit is a host API, and there is no {} in {}",
                places.join(" or "),
                of_crate.display()
            );
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        };
        text += &format!("#[path = {:?}]\n{visibility}mod {name};\n", file.display().to_string());
    }
    fs::write(output.join("apis.rs"), text + &more(&names))
}
