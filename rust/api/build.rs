//! The bindings of every package in `wit/`: generates them, or takes what was generated. And the modules of the host APIs.

#[path = "../bindings/src/apis.rs"]
mod apis;

use std::path::Path;
use std::{env, fs};

/// The bindings, and the texts of the packages.
const FILES: [&str; 2] = ["bindings.rs", "wit.rs"];

/// The package that says what an app is. It has no functions of the host's, and uses all the others.
#[cfg(feature = "generate")]
const WORLD: &str = "app.wit";

#[cfg(feature = "generate")]
fn texts() -> anyhow::Result<[String; 2]> {
    use zephyr_wasm_bindings::Bindings;
    use zephyr_wasm_bindings::kconfig::wit_files;

    let files = wit_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit"), WORLD)?;
    let bindings = files.iter().fold(Bindings::new().symbols(), |all, file| all.file(file));
    let sources: String = files
        .iter()
        .map(|path| fs::canonicalize(path).map(|path| format!("    include_str!({:?}),\n", path.display())))
        .collect::<Result<_, _>>()?;
    let sources =
        format!("/// The WIT packages of our host APIs.\npub const WIT: &[&str] = &[\n{sources}];\n");
    Ok([bindings.generate()?, sources])
}

#[cfg(not(feature = "generate"))]
fn texts() -> anyhow::Result<[String; 2]> {
    use anyhow::Context;

    const GENERATED: &str = "ZEPHYR_WASM_BINDINGS";
    println!("cargo:rerun-if-env-changed={GENERATED}");
    let directory =
        env::var(GENERATED).context("without the feature `generate`, ZEPHYR_WASM_BINDINGS has to be set")?;
    let read = |name: &str| {
        let path = Path::new(&directory).join(name);
        println!("cargo:rerun-if-changed={}", path.display());
        fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}: `zephyr-wasm host-bindings`", path.display()))
    };
    Ok([read(FILES[0])?, read(FILES[1])?])
}

/// The devices behind all of the APIs.
fn devices(apis: &[String]) -> String {
    let all: String = apis.iter().map(|api| format!(" + {api}::Device")).collect();
    format!(
        "\n/// The devices behind the APIs, and what programs of WASI have.\n\
         pub trait Devices: Platform{all} + wasi::Wasi {{}}\n\
         impl<P: Platform{all} + wasi::Wasi> Devices for P {{}}\n"
    )
}

fn main() -> anyhow::Result<()> {
    let output = env::var("OUT_DIR")?;
    for (name, text) in FILES.iter().zip(texts()?) {
        fs::write(Path::new(&output).join(name), text)?;
    }
    apis::declare("pub ", devices)?;
    Ok(())
}
