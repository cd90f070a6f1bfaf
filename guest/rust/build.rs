//! Has bindings generated of all packages in `wit/`, and gives each interface the name by which apps know it.

#[path = "../../rust/bindings/src/packages.rs"]
mod packages;

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::{env, fs};
use wit_bindgen_core::wit_parser::{PackageId, Resolve};

/// The file with the world of apps, which uses all others.
const WORLD: &str = "app.wit";

fn main() -> Result<()> {
    let of_crate = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").context("Cargo sets it")?);
    let output = PathBuf::from(env::var_os("OUT_DIR").context("Cargo sets it")?);
    let wit = of_crate.join("../../wit");
    println!("cargo:rerun-if-changed={}", wit.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(&wit)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wit"));
    files.sort_by_key(|path| (path.ends_with(WORLD), path.clone()));

    let mut resolve = Resolve::default();
    let ids = packages::push_paths(&mut resolve, &files)?;
    let mut names = String::new();
    for (file, id) in files.iter().zip(ids) {
        names += &of_package(&of_crate, &resolve, file, id);
    }
    let paths: String = files.iter().map(|path| format!("{:?}, ", path.display().to_string())).collect();
    let options = "generate_all, sync: true, pub_export_macro: true";
    let bindings =
        format!("wit_bindgen::generate!({{ path: [{paths}], world: \"zephyr:app/app\", {options} }});\n");
    fs::write(output.join("bindings.rs"), bindings)?;
    fs::write(output.join("names.rs"), names)?;
    Ok(())
}

/// The interfaces with functions of a package: that of the package's name, or the only one, is called as its file is, and others by their own
/// names. What a module of this crate stands for, as that of the log does, is not named again.
fn of_package(of_crate: &Path, resolve: &Resolve, file: &Path, id: PackageId) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if of_crate.join(format!("src/{stem}.rs")).exists() {
        return String::new();
    }
    let package = &resolve.packages[id];
    let in_rust = |name: &str| name.replace('-', "_");
    let with_functions =
        || package.interfaces.iter().filter(|(_, id)| !resolve.interfaces[**id].functions.is_empty());
    let is_one = with_functions().count() == 1;
    let used = |(interface, _): (&String, _)| {
        let path = [&package.name.namespace, &package.name.name, interface].map(|name| in_rust(name));
        let is_main = is_one || *interface == package.name.name;
        let name = in_rust(if is_main { &stem } else { interface });
        format!("pub use bindings::{} as {name};\n", path.join("::"))
    };
    with_functions().map(used).collect()
}
