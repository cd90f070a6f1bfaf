//! The command line tool, as its user has it: templates, components, calls, signatures, and types that drifted apart.

mod components;
mod signatures;
mod templates;
mod wasi;

use std::path::PathBuf;
use std::process::{Command, Output};

/// The tool.
fn tool() -> Command {
    Command::new(env!("CARGO_BIN_EXE_zephyr-wasm"))
}

/// An empty directory for a test.
fn directory(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// What a command printed, on both streams; it has to succeed.
fn succeed(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = printed(&output);
    assert!(output.status.success(), "{command:?} failed:\n{text}");
    text
}

/// What a command printed; it has to fail.
fn fail(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = printed(&output);
    assert!(!output.status.success(), "{command:?} succeeded:\n{text}");
    text
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
