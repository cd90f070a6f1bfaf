//! Each template is built as its README says, and runs.

use crate::{directory, fail, guests, succeed, tool};
use std::process::Command;

fn new(language: &str) -> std::path::PathBuf {
    let path = directory(&format!("new-{language}")).join("apps/my-app");
    succeed(tool().args(["new", "--lang", language]).arg(&path));
    let readme = std::fs::read_to_string(path.join("README.md")).unwrap();
    assert!(std::fs::read_to_string(path.join("app.toml")).unwrap().contains("name = \"my_app\""));
    assert!(readme.contains("    zephyr_wasm_app(my_app ") && readme.contains(" apps/my-app"), "{readme}");
    path
}

/// Does what the README says of this machine, letter for letter.
fn follows(path: &std::path::Path) {
    let readme = std::fs::read_to_string(path.join("README.md")).unwrap();
    let lines = readme.lines().skip_while(|line| !line.starts_with("    "));
    let script: Vec<_> = lines.map_while(|line| line.strip_prefix("    ")).collect();
    assert_eq!(script.len(), 2, "{readme}");
    let tools = std::path::Path::new(env!("CARGO_BIN_EXE_zephyr-wasm")).parent().unwrap().display();
    let mut shell = Command::new("sh");
    shell.args(["-ec", &script.join("\n")]).current_dir(path).env_remove("RUSTFLAGS");
    shell.env_remove("CARGO_TARGET_DIR");
    let text = succeed(shell.env("PATH", format!("{tools}:{}", std::env::var("PATH").unwrap())));
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
    std::os::unix::fs::symlink(&target, path.join("target")).unwrap();
    follows(&path);
    let app = target.join("wasm32v1-none/release/app.wasm");
    let source = std::fs::read_to_string(path.join("src/lib.rs")).unwrap();
    std::fs::write(path.join("src/lib.rs"), source.replace("info!(\"hello, 2\")", "panic!(\"too cold\")"))
        .unwrap();
    succeed(&mut build);
    let text = fail(tool().arg("run").arg(&app));
    assert!(text.contains("panicked: too cold"), "{text}");
    let text = fail(tool().arg("run").arg("--trace").arg(&app));
    assert!(text.contains("    run at ") && text.contains("src/lib.rs:11"), "{text}");
    // What has the lines is not of the app: a board gets none of it.
    let packed = path.join("packed.wasm");
    succeed(tool().arg("pack").arg(&app).arg("--output").arg(&packed));
    let (built, packed) = (std::fs::read(&app).unwrap(), std::fs::read(packed).unwrap());
    let has_lines = |module: &[u8]| module.windows(11).any(|name| name == b".debug_line");
    assert!(has_lines(&built) && !has_lines(&packed));
    // Cargo takes the next crate of this name for this one: zephyr_wasm_app() looks out for that among its own only.
    for entry in std::fs::read_dir(target.join("wasm32v1-none/release/.fingerprint")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("app-") {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
}

fn make(language: &str) {
    follows(&new(language));
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
