//! Generates the bindings of every package in `wit/`.

use std::path::Path;
use std::{env, fs};
use zephyr_wasm_bindings::Bindings;
use zephyr_wasm_bindings::kconfig::wit_files;

/// The package that says what an app is. It has no functions of the host's, and uses all the others.
const WORLD: &str = "app.wit";

fn main() -> anyhow::Result<()> {
    let files = wit_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit"), WORLD)?;
    let bindings = files.iter().fold(Bindings::new().symbols(), |all, file| all.file(file));
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bindings.rs"), bindings.generate()?)?;

    let sources: String = files
        .iter()
        .map(|path| fs::canonicalize(path).map(|path| format!("    include_str!({:?}),\n", path.display())))
        .collect::<Result<_, _>>()?;
    let sources =
        format!("/// The WIT packages of our host APIs.\npub const WIT: &[&str] = &[\n{sources}];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("wit.rs"), sources)?;

    Ok(())
}
