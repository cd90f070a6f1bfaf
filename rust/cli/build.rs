//! Puts the files together in which Kconfig has our symbols, so that the tool can say what one depends on.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = vec![checkout.join("Kconfig")];
    find(&checkout.join("src"), &mut files)?;
    files.sort();
    let mut text = String::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        text += &fs::read_to_string(file)?;
    }
    // Where one may be added.
    println!("cargo::rerun-if-changed={}", checkout.join("src/api").display());
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it")).join("Kconfig"), text)
}

fn find(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.file_name().is_some_and(|name| name == "Kconfig") {
            files.push(path);
        }
    }
    Ok(())
}
