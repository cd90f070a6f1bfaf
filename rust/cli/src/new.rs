//! `zephyr-wasm new`: a first app, in several languages.

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// Where this project is, for what an app is built with.
const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The manifest of every template.
const MANIFEST: &str = include_str!("../templates/app.toml");

/// A file of a template, with the text in it that stands for the way to the project.
struct File {
    name: &'static str,
    text: &'static str,
    way: &'static str,
}

macro_rules! files {
    ($language:literal, $($name:literal ($way:literal)),*) => {
        &[$(File {
            name: $name,
            text: include_str!(concat!("../templates/", $language, "/", $name)),
            way: $way,
        }),*]
    };
}

const RUST: &[File] =
    files!("rust", "Cargo.toml"("../../.."), ".cargo/config.toml"(""), "src/lib.rs"(""), "README.md"(""));
const C: &[File] = files!("c", "app.c"(""), "Makefile"("../../../.."), "README.md"(""));
const CPP: &[File] = files!("cpp", "app.cpp"(""), "Makefile"("../../../.."), "README.md"(""));
const CORE_C: &[File] = files!("core-c", "app.c"(""), "README.md"(""));
const ZIG: &[File] = files!("zig", "app.zig"(""), "README.md"(""));
const ASSEMBLYSCRIPT: &[File] = files!("assemblyscript", "app.ts"(""), "README.md"(""));

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Rust,
    C,
    Cpp,
    /// Without generated bindings, and without anything of this project
    CoreC,
    Zig,
    #[value(name = "assemblyscript")]
    AssemblyScript,
}

/// Makes a directory with an app to start from, which runs on this machine and in firmware as it is.
#[derive(Args)]
pub struct New {
    /// The directory, which must not be there.
    directory: PathBuf,
    /// The app's language.
    #[arg(long, value_enum, default_value = "rust")]
    lang: Language,
}

impl New {
    pub fn execute(&self) -> Result<ExitCode> {
        if self.directory.exists() {
            bail!("{} is there already", self.directory.display());
        }
        let files = match self.lang {
            Language::Rust => RUST,
            Language::C => C,
            Language::Cpp => CPP,
            Language::CoreC => CORE_C,
            Language::Zig => ZIG,
            Language::AssemblyScript => ASSEMBLYSCRIPT,
        };
        let project = Path::new(PROJECT).canonicalize().context("the sources of this tool are gone")?;
        std::fs::create_dir_all(&self.directory)
            .with_context(|| format!("cannot make {}", self.directory.display()))?;
        let project = relative(&project, &self.directory.canonicalize()?);
        let directory = self.directory.file_name().unwrap_or_default().to_string_lossy();
        let name = name_of(&directory);
        for file in files {
            let path = self.directory.join(file.name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            // From the template's place, the crates are one step nearer than the project's root.
            let way = match file.way {
                "../../.." => project.join("rust"),
                _ => project.clone(),
            };
            let text = match file.way {
                "" => filled(file.text, &name, &directory),
                placeholder => file.text.replace(placeholder, &way.display().to_string()),
            };
            std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        std::fs::write(self.directory.join("app.toml"), MANIFEST.replace("\"app\"", &format!("{name:?}")))?;
        say!("{}: see README.md there", self.directory.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// The name of an app in a directory, whose name may have characters that an app's in firmware may not.
fn name_of(directory: &str) -> String {
    let name = directory.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    let start = if directory.starts_with(|c: char| c.is_ascii_alphabetic()) { "" } else { "app_" };
    start.chars().chain(name).take(31).collect()
}

/// A text with the names in it. Each may have the other's placeholder in it.
fn filled(text: &str, name: &str, directory: &str) -> String {
    let parts: Vec<String> = text.split("DIRECTORY").map(|part| part.replace("NAME", name)).collect();
    parts.join(&in_cmake(directory))
}

/// A name as a part of an argument in CMake, where spaces and signs have a meaning.
fn in_cmake(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.+".contains(c) || !c.is_ascii();
    name.chars().flat_map(|c| (!is_plain(c)).then_some('\\').into_iter().chain([c])).collect()
}

/// The way to a place from another, both from the root: it is the same on other machines that have both where they are
/// here, as in a workspace of west.
fn relative(to: &Path, from: &Path) -> PathBuf {
    let shared = to.components().zip(from.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_good_for_firmware() {
        for (directory, name) in
            [("blink", "blink"), ("my-app.2", "my_app_2"), ("2nd", "app_2nd"), ("", "app_")]
        {
            assert_eq!(name_of(directory), name);
        }
        assert_eq!(name_of(&"x".repeat(40)).len(), 31);
    }

    #[test]
    fn texts_have_names_as_they_are() {
        let text = "zephyr_wasm_app(NAME CRATE apps/DIRECTORY)";
        assert_eq!(
            filled(text, "MY_DIRECTORY", "MY-DIRECTORY"),
            "zephyr_wasm_app(MY_DIRECTORY CRATE apps/MY-DIRECTORY)"
        );
        assert_eq!(filled(text, "NAME_2", "NAME 2"), "zephyr_wasm_app(NAME_2 CRATE apps/NAME\\ 2)");
        assert_eq!(in_cmake("größe.2 \"$(x)\""), "größe.2\\ \\\"\\$\\(x\\)\\\"");
    }

    #[test]
    fn ways_go_up_and_down() {
        let way = |to: &str, from: &str| relative(Path::new(to), Path::new(from)).display().to_string();
        assert_eq!(way("/w/modules/lib/ours", "/w/app/apps/blink"), "../../../modules/lib/ours");
        assert_eq!(way("/w/ours", "/w/ours/blink"), "..");
    }
}
