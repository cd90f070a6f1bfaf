//! Each template is built as its README says, and runs.

use crate::{directory, fail, guests, succeed, tool};
use std::process::Command;

fn new(language: &str) -> std::path::PathBuf {
    let path = directory(&format!("new-{language}")).join("app");
    succeed(tool().args(["new", "--lang", language]).arg(&path));
    path
}

fn greets(app: &std::path::Path) {
    let text = succeed(tool().arg("run").arg(app));
    for line in ["hello, 1", "hello, 2", "hello, 3", "app: returned"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn rust() {
    let path = new("rust");
    let target = guests();
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--release"])
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(&path);
    succeed(&mut build);
    let app = target.join("wasm32v1-none/release/app.wasm");
    greets(&app);
    let source = std::fs::read_to_string(path.join("src/lib.rs")).unwrap();
    std::fs::write(path.join("src/lib.rs"), source.replace("info!(\"hello, 2\")", "panic!(\"too cold\")"))
        .unwrap();
    succeed(&mut build);
    let text = fail(tool().arg("run").arg(&app));
    assert!(text.contains("panicked: too cold"), "{text}");
    // Cargo takes the next crate of this name for this one: zephyr_wasm_app() looks out for that among its own only.
    for entry in std::fs::read_dir(target.join("wasm32v1-none/release/.fingerprint")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("app-") {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
}

fn make(language: &str) {
    let path = new(language);
    let tool = format!("TOOL={}", env!("CARGO_BIN_EXE_zephyr-wasm"));
    succeed(Command::new("make").arg(tool).current_dir(&path));
    greets(&path.join("build/app.wasm"));
}

#[test]
fn c() {
    make("c");
}

#[test]
fn cpp() {
    make("cpp");
}

#[test]
fn what_is_there_is_left_alone() {
    let text = fail(tool().arg("new").arg(directory("new-there")));
    assert!(text.contains("there already"), "{text}");
}
