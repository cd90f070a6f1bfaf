//! Host APIs of a header, without WIT: what apps of plain functions may import.

use crate::{directory, fail, succeed, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const HEADER: &str = "#include <zephyr_wasm/core.h>\n\
                      int32_t env_puts(ZEPHYR_WASM_TEXT(text));\n\
                      uint64_t env_fill(ZEPHYR_WASM_OUT(to, size), ZEPHYR_WASM_IN(from, size), uint32_t size, float by);\n\
                      void env_tick(void);\n";

const APP: &str = r#"(module
  (import "env" "puts" (func (param i32) (result i32)))
  (import "env" "fill" (func (param i32 i32 i32 f32) (result i64)))
  (memory (export "memory") 1)
  (func (export "run") (result i32) (i32.const 0)))"#;

const MANIFEST: &str = "name = \"app\"\n[imports]\nenv = true\n";

/// A place with an app, its manifest if it has one, and the header.
fn place(name: &str, app: &str, manifest: Option<&str>) -> PathBuf {
    let place = directory(name);
    fs::write(place.join("app.wat"), app).unwrap();
    fs::write(place.join("env.h"), HEADER).unwrap();
    if let Some(manifest) = manifest {
        fs::write(place.join("app.toml"), manifest).unwrap();
    }
    place
}

fn with(command: &str, place: &Path, core: &str) -> Command {
    let mut with = tool();
    with.current_dir(place).arg(command).arg("app.wat");
    if !core.is_empty() {
        with.arg(format!("--core={core}"));
    }
    with
}

#[test]
fn an_app_of_plain_functions_is_checked_against_the_header() {
    let place = place("headers-check", APP, Some(MANIFEST));
    let text = succeed(&mut with("check", &place, "env.h"));
    assert!(text.contains("app: can run here") && text.contains("imports env puts\n"), "{text}");
    // `pack` knows the grant.
    succeed(with("pack", &place, "env.h").args(["--output", "app.wasm"]));
    // Nobody knows the module without the header, nor by another name.
    assert!(fail(&mut with("check", &place, "")).contains("no host API `env`"));
    assert!(fail(&mut with("check", &place, "wiring=env.h")).contains("no host API `env`"));
    let twice = fail(with("check", &place, "env.h").arg("--core=env=env.h"));
    assert!(twice.contains("env.h and env.h are both of the module `env`"), "{twice}");
}

#[test]
fn what_the_header_does_not_have_is_refused() {
    let checked = |name: &str, from: &str, to: &str| {
        let app = APP.replace(from, to);
        assert_ne!(app, APP);
        fail(&mut with("check", &place(name, &app, Some(MANIFEST)), "env.h"))
    };
    let text = checked("headers-type", "(param i32) (result i32)", "(param i64) (result i32)");
    assert!(text.contains("imports `puts` of `env` with another signature"), "{text}");
    let text = checked("headers-name", "\"puts\"", "\"printf\"");
    assert!(text.contains("imports `printf`, which `env` does not have"), "{text}");
    let bare = place("headers-bare", APP, None);
    let text = fail(&mut with("check", &bare, "env.h"));
    assert!(text.contains("imports `env`, which its manifest does not grant: add `\"env\" = ...`"), "{text}");
    fs::write(bare.join("env.h"), "int env_puts(const char *text);\n").unwrap();
    let text = fail(&mut with("check", &bare, "env.h"));
    assert!(text.contains("env.h:1: expected a function that returns `void`, `int32_t`"), "{text}");
}

#[test]
fn a_module_may_be_called_as_one_of_ours_for_short() {
    let app = APP.replace("\"env\"", "\"gpio\"");
    let place = place("headers-gpio", &app, Some("name = \"app\"\n[imports]\n\"core:gpio\" = true\n"));
    assert!(succeed(&mut with("check", &place, "gpio=env.h")).contains("app: can run here"));
    fs::write(place.join("app.toml"), "name = \"app\"\n[imports]\ngpio = true\n").unwrap();
    let text = fail(&mut with("check", &place, "gpio=env.h"));
    assert!(text.contains("imports `gpio`, which its manifest does not grant"), "{text}");
}

#[test]
fn this_machine_has_none_of_the_functions() {
    let place = place("headers-run", APP, None);
    let text = fail(&mut with("run", &place, ""));
    assert!(text.contains("needs `env`, which no host API of this image provides"), "{text}");
}

/// Generates what is between, and compiles what of it is C.
fn between(name: &str, header: &str) -> Command {
    let place = place(name, APP, None);
    fs::write(place.join("env.h"), header).unwrap();
    succeed(tool().current_dir(&place).args(["host", "env", "--core=env.h", "--output=host"]));
    assert!(fs::read_to_string(place.join("host/src/lib.rs")).unwrap().contains("pub struct Api;"));
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include");
    let mut compiler = Command::new("cc");
    compiler.current_dir(&place).args([
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-I.",
        "-c",
        "-o",
        "between.o",
    ]);
    compiler.arg("-I").arg(include).arg("host/env_core.c");
    compiler
}

#[test]
fn what_is_between_is_c_and_compares_the_types() {
    succeed(&mut between("headers-between", HEADER));
    // The tool does not look into what a header includes.
    let place = place("headers-changed", APP, None);
    fs::write(place.join("more.h"), "#define uint32_t int32_t\n").unwrap();
    let header = HEADER
        .replace("<zephyr_wasm/core.h>\n", "<zephyr_wasm/core.h>\n#include \"../headers-changed/more.h\"\n");
    let text = fail(&mut between("headers-changing", &header));
    assert!(text.contains("the compiler takes"), "{text}");
}
