//! The command line tool, as its user has it: templates, components, calls, signatures, traces, refusals, compiled apps, images of
//! flash, and types that drifted apart.

mod beginnings;
mod beside;
mod board;
mod check;
mod code;
mod compiled;
mod components;
mod headers;
mod image;
mod limits;
mod output;
mod refusals;
mod signatures;
mod templates;
mod traces;
mod wasi;

use std::io::Write;
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

/// The profile of zephyr_wasm_app() and of the template. Cargo builds what runs on this machine, the generator of bindings,
/// anew for another.
const APP_PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z"),
    ("CARGO_PROFILE_RELEASE_LTO", "true"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
];

/// Where apps are built: scripts/test names a directory that those of other tests and of firmware share.
fn guests() -> PathBuf {
    std::env::var_os("ZEPHYR_WASM_GUESTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guests"), PathBuf::from)
}

/// Says that a test does not run here, and why: scripts/test reads that line, and counts the test as skipped. The harness has no
/// word for it, and keeps what a test prints that does not fail.
fn skipped(why: &str) {
    let test = std::thread::current();
    let _ = writeln!(std::io::stderr(), "skipped: {}: {why}", test.name().unwrap_or_default());
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
