//! Components of stock wit-bindgen guests, and apps whose types are not the host's.

use crate::{APP_PROFILE, directory, fail, guests, succeed, tool};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The sample's app, by stock wit-bindgen, as a component.
fn greet() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let target = guests();
            let crate_ = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/greet/apps/greet");
            succeed(
                Command::new(env!("CARGO"))
                    .args(["build", "--release", "--target", "wasm32v1-none", "--target-dir"])
                    .arg(&target)
                    .env("RUSTFLAGS", "-Clink-arg=--page-size=1 -Clink-arg=-zstack-size=1024")
                    .envs(APP_PROFILE)
                    .current_dir(crate_),
            );
            let module = target.join("wasm32v1-none/release/greet.wasm");
            let component = directory("greet").join("greet.component.wasm");
            succeed(tool().arg("component").arg(module).arg("--output").arg(&component));
            component
        })
        .clone()
}

fn call(file: &Path, arguments: &[&str]) -> String {
    succeed(tool().arg("call").arg(file).args(arguments)).trim().to_owned()
}

#[test]
fn a_component_runs_and_is_called() {
    let file = greet();
    let text = succeed(tool().arg("run").arg(&file));
    assert!(text.contains("returned \"hello, whoever you are\""), "{text}");
    assert_eq!(call(&file, &["run"]), "\"hello, whoever you are\"");
    // All forms that WAVE has for an option.
    assert_eq!(call(&file, &["run", "some(\"Ada\")"]), "\"hello, Ada\"");
    assert_eq!(call(&file, &["run", "\"Ada\""]), "\"hello, Ada\"");
    assert_eq!(call(&file, &["mean", "[1, 2, 6]"]), "some(3)");
    assert_eq!(call(&file, &["mean", "[]"]), "none");
}

#[test]
fn what_cannot_be_called_is_told() {
    let file = greet();
    let fails = |arguments: &[&str]| fail(tool().arg("call").arg(&file).args(arguments));
    assert!(fails(&["walk"]).contains("does not export `walk`"));
    assert!(fails(&["run", "5"]).contains("expected option<string>"));
    assert!(fails(&["run", "none", "none"]).contains("takes 1 arguments"));
    assert!(fails(&["mean"]).contains("argument 1: expected a list"));
}

/// A component of the test that boards run.
fn roundtrip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/roundtrip").join(name)
}

#[test]
fn results_of_one_value_are_what_their_types_say() {
    let file = roundtrip("flat.wat");
    for (function, argument, value) in [
        ("to-bool", "256", "true"),
        ("to-record", "256", "{on: true}"),
        ("to-u8", "258", "2"),
        ("to-enum", "1", "y"),
        ("to-flags", "5", "{a, c}"),
    ] {
        assert_eq!(call(&file, &[function, argument]), value, "{function}");
    }
    assert!(fail(tool().arg("call").arg(&file).args(["to-enum", "256"])).contains("discriminant"));
}

#[test]
fn run_is_called_by_its_type() {
    assert!(succeed(tool().arg("run").arg(roundtrip("says.wat"))).contains("returned \"hello\""));
    assert!(fail(tool().arg("run").arg(roundtrip("fails.wat"))).contains("returned error 1"));
}

#[test]
fn a_packed_component_is_the_same_app() {
    let (file, packed) = (greet(), directory("packed").join("greet.wasm"));
    succeed(tool().arg("pack").arg(&file).arg("--output").arg(&packed));
    assert_eq!(call(&packed, &["run", "some(\"Ada\")"]), "\"hello, Ada\"");
    let again = directory("packed-again").join("greet.wasm");
    succeed(tool().arg("pack").arg(&packed).arg("--output").arg(&again));
    assert_eq!(std::fs::read(&packed).unwrap(), std::fs::read(&again).unwrap());
}

/// A guest in C of a world with the interface as `wit` has it.
fn of_other_wit(name: &str, wit: &str) -> PathBuf {
    let path = directory(name);
    let file = path.join("other.wit");
    std::fs::write(&file, wit).unwrap();
    succeed(tool().arg("bindings").arg(&file).args(["--world", "other", "--output"]).arg(&path));
    let module = path.join("other.wat");
    std::fs::write(
        &module,
        r#"(module
            (import "wasi:logging/logging@0.1.0-draft" "log" (func (param i32 i32 i32 i32 i32)))
            (memory (export "memory") 1)
            (func (export "run") (result i32) i32.const 0))"#,
    )
    .unwrap();
    // The types are in a custom section of the object that a C program links; here it is all there is.
    let object = std::fs::read(path.join("app_component_type.o")).unwrap();
    let mut bytes = wat::parse_file(&module).unwrap();
    for payload in wasmparser::Parser::new(0).parse_all(&object) {
        let Ok(wasmparser::Payload::CustomSection(section)) = payload else { continue };
        if section.name().starts_with("component-type") {
            let section =
                wasm_encoder::CustomSection { name: section.name().into(), data: section.data().into() };
            wasm_encoder::Section::append_to(&section, &mut bytes);
        }
    }
    let wasm = path.join("other.wasm");
    std::fs::write(&wasm, bytes).unwrap();
    wasm
}

const LOGGING: &str = "package wasi:logging@0.1.0-draft;
    interface logging {
        enum level { LEVELS }
        log: func(level: level, context: string, message: string);
    }
    world other { import logging; export run: func() -> s32; }";

#[test]
fn types_that_drifted_are_named_on_both_sides() {
    let file = of_other_wit("drifted", &LOGGING.replace("LEVELS", "quiet, loud"));
    let told = fail(tool().arg("check").arg(&file));
    assert!(told.contains("`log` of `wasi:logging/logging@0.1.0-draft`"), "{told}");
    assert!(told.contains("enum { quiet, loud }"), "{told}");
    assert!(told.contains("enum { trace, debug, info, warn, error, critical }"), "{told}");
    let packed = file.with_extension("packed");
    fail(tool().arg("pack").arg(&file).arg("--output").arg(&packed));
    assert!(!packed.exists());
}

#[test]
fn a_host_refuses_types_that_drifted_since_an_app_was_packed() {
    let levels = "trace, debug, info, warn, error, critical";
    let file = of_other_wit("same", &LOGGING.replace("LEVELS", levels));
    let packed = file.with_extension("packed.wasm");
    succeed(tool().arg("pack").arg(&file).arg("--output").arg(&packed));
    assert!(succeed(tool().arg("run").arg(&packed)).contains("returned"));
    // As if it had been packed for a host of other types.
    let mut bytes = std::fs::read(&packed).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&packed, bytes).unwrap();
    let told = fail(tool().arg("run").arg(&packed));
    assert!(told.contains("whose types are not the host's"), "{told}");
}
