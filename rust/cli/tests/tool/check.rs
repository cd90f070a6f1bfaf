//! What `check` says of an app is what a board says.

use crate::{directory, fail, succeed, tool};
use std::fs;
use std::path::Path;
use std::process::Command;

const APP: &str = r#"(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func (result i64)))
  (memory (export "memory") 1)
  (func (export "run") (result i32) (i32.const 0)))"#;

const LEDS: &str = r#"(module
  (import "acme:leds/leds" "set" (func (param i32)))
  (func (export "run") (result i32) (i32.const 0)))"#;

fn check(place: &Path, app: &str) -> Command {
    let path = place.join("app.wat");
    fs::write(&path, app).unwrap();
    let mut check = tool();
    check.arg("check").arg(path);
    check
}

#[test]
fn what_runs_everywhere_is_told() {
    let place = directory("check-well");
    assert!(succeed(&mut check(&place, APP)).contains("  app: can run here"));
    let wit = place.join("leds.wit");
    fs::write(&wit, "package acme:leds;\ninterface leds { set: func(on: bool); }\n").unwrap();
    assert!(fail(&mut check(&place, LEDS)).contains("which no host API of this image provides"));
    assert!(succeed(check(&place, LEDS).arg("--wit").arg(&wit)).contains("can run here"));
    let other = LEDS.replace("(param i32)", "(param i64)");
    assert!(fail(check(&place, &other).arg("--wit").arg(&wit)).contains("with another signature"));
}

#[test]
fn what_no_board_runs_is_told() {
    let place = directory("check-badly");
    let started = APP.replace("\"run\"", "\"begin\"");
    assert!(fail(&mut check(&place, &started)).contains("does not export `run`; it exports begin"));
    assert!(fail(&mut check(&place, "(module)")).contains("does not export `run`; it exports no function"));
    let other = "(module (func (export \"run\") (result i64) (i64.const 7)))";
    assert!(fail(&mut check(&place, other)).contains("its `run` is not of the type `(result i32)`"));
    fs::write(place.join("app.toml"), "name = \"other\"\n[imports]\nlog = true\n").unwrap();
    let text = fail(&mut check(&place, APP));
    assert!(
        text.contains("other is refused") && text.contains("which its manifest does not grant"),
        "{text}"
    );
    let manifest = place.join("clock.toml");
    fs::write(&manifest, "name = \"clock\"\n[imports]\n\"wasi:clocks\" = true\n").unwrap();
    assert!(succeed(check(&place, APP).arg("--manifest").arg(&manifest)).contains("clock: can run here"));
}

#[test]
fn what_one_firmware_does_not_run_is_told() {
    let place = directory("check-board");
    let config = place.join("zephyr/.config");
    fs::create_dir(place.join("zephyr")).unwrap();
    let board = |text: &str, app: &str| {
        fs::write(&config, text).unwrap();
        let mut check = check(&place, app);
        check.arg("--board").arg(&place);
        check
    };
    let whole = "CONFIG_WASM=y\nCONFIG_WASM_API_CLOCKS=y\nCONFIG_WASM_APP_HEAP_SIZE=131072\n";
    assert!(succeed(&mut board(whole, APP)).contains("can run here"));
    let text = fail(&mut board(&whole.replace("_CLOCKS=y", "_CLOCKS=n"), APP));
    assert!(text.contains("which this image leaves out: set CONFIG_WASM_API_CLOCKS=y"), "{text}");
    let text = fail(&mut board(&whole.replace("131072", "0x8000"), APP));
    assert!(text.contains("asks for 65536 bytes of memory"), "{text}");
    fs::write(place.join("app.toml"), "name = \"app\"\nheap = 200000\n[imports]\n\"wasi:clocks\" = true\n")
        .unwrap();
    assert!(fail(&mut board(whole, APP)).contains("raise CONFIG_WASM_APP_HEAP_SIZE"));
    assert!(fail(&mut board("CONFIG_LOG=y\n", APP)).contains("no .config of a firmware with CONFIG_WASM=y"));
    for wrong in ["0", "-1", "abc", "1023", "18446744073709551616"] {
        let config = format!("CONFIG_WASM=y\nCONFIG_WASM_APP_HEAP_SIZE={wrong}\n");
        assert!(fail(&mut board(&config, APP)).contains(&format!("SIZE={wrong}: expected 1024 to 16777216")));
    }
}

#[test]
fn packages_of_several_files_are_one_or_said_to_clash() {
    let place = directory("check-wit");
    let wit = |name: &str, interface: &str| {
        fs::write(
            place.join(name),
            format!("package acme:leds@1.0.0;\ninterface {interface} {{ f: func(); }}\n"),
        )
        .unwrap();
    };
    wit("one.wit", "one");
    wit("other.wit", "other");
    wit("twice.wit", "one");
    let with = |names: &[&str]| {
        let mut check = check(&place, APP);
        for name in names {
            check.arg("--wit").arg(place.join(name));
        }
        check
    };
    assert!(succeed(&mut with(&["one.wit", "other.wit", "one.wit"])).contains("can run here"));
    let text = fail(&mut with(&["one.wit", "twice.wit"]));
    assert!(text.contains("one.wit") && text.contains("twice.wit"), "{text}");
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/timer.wit");
    assert!(fail(&mut with(&[ours])).contains("package `zephyr:timer@0.1.0` is there already"));
}

#[test]
fn what_is_packed_for_a_firmware_that_refuses_it_is_warned_of() {
    let place = directory("pack-board");
    let app = place.join("app.wat");
    fs::write(
        &app,
        r#"(module
          (import "wasi:random/random@0.3.0" "get-random-u64" (func (result i64)))
          (func (export "run") (result i32) i32.const 0))"#,
    )
    .unwrap();
    let config = place.join(".config");
    let pack = |text: &str| {
        fs::write(&config, text).unwrap();
        let output = tool()
            .args(["pack", "--name", "dice"])
            .arg(&app)
            .arg("--output")
            .arg(place.join("app.wasm"))
            .arg("--board")
            .arg(&config)
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(pack("CONFIG_WASM=y\nCONFIG_WASM_VALIDATE=y\nCONFIG_WASM_API_RANDOM=y\n"), "");
    let told = pack("CONFIG_WASM=y\nCONFIG_WASM_VALIDATE=y\n");
    assert!(told.starts_with("warning: the firmware will refuse dice: "), "{told}");
    assert!(told.contains("CONFIG_WASM_API_RANDOM"), "{told}");
    assert!(
        told.contains(
            "depends on ENTROPY_HAS_DRIVER || TEST_RANDOM_GENERATOR, and CONFIG_ENTROPY_HAS_DRIVER"
        ),
        "{told}"
    );
    let told = pack("CONFIG_WASM=y\nCONFIG_WASM_API_RANDOM=y\nCONFIG_TEST_RANDOM_GENERATOR=y\n");
    assert!(!told.contains("depends on"), "{told}");
}

/// What has been packed keeps its manifest, whatever is beside the file.
#[test]
fn what_is_packed_is_taken_beside_its_manifest() {
    let place = directory("check-packed");
    let (built, packed) = (place.join("built.wat"), place.join("app.wasm"));
    fs::write(&built, r#"(module (func (export "run") (result i32) (i32.const 0)))"#).unwrap();
    fs::write(place.join("app.toml"), "name = \"app\"\nversion = \"1.0.0\"\n").unwrap();
    let manifest = place.join("app.toml");
    succeed(tool().arg("pack").arg(&built).arg("--manifest").arg(manifest).arg("-o").arg(&packed));
    assert!(succeed(tool().arg("check").arg(&packed)).contains("  app: can run here"));
    assert!(!succeed(tool().arg("run").arg(&packed)).contains("cannot be packed"));
}

/// A store whose firmware interprets nothing refuses an app without machine code; that firmware's build compiles one.
#[test]
fn what_a_store_has_nothing_for_is_told() {
    let place = directory("check-no-code");
    let (app, board) = (place.join("app.wat"), place.join(".config"));
    fs::write(&app, r#"(module (func (export "run") (result i32) (i32.const 0)))"#).unwrap();
    fs::write(&board, "CONFIG_WASM=y\nCONFIG_WASM_STORE=y\nCONFIG_WASM_COMPILED_STORE=y\n").unwrap();
    let check = |file: &Path| {
        let mut check = tool();
        check.arg("check").arg(file).arg("--board").arg(&board);
        check
    };
    assert!(succeed(&mut check(&app)).contains("build compiles it; for its store, it has no machine code"));
    fs::write(place.join("app.toml"), "name = \"app\"\nversion = \"1.0.0\"\n").unwrap();
    let (key, packed) = (place.join("key.pem"), place.join("packed.wasm"));
    succeed(tool().arg("keygen").arg("-o").arg(&key));
    succeed(tool().arg("pack").arg(&app).arg("-o").arg(&packed));
    succeed(tool().arg("sign").arg(&packed).arg("--key").arg(&key));
    assert!(
        fail(&mut check(&packed)).contains("this firmware interprets nothing, and it has no machine code")
    );
}
