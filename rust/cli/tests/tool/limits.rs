//! What an app may use on this machine: as much as programs are used to, or as much as a board has; and what it is told that
//! wants more.

use crate::{directory, fail, succeed, tool};
use std::path::{Path, PathBuf};
use std::process::Command;

/// More memory than any board has, a table, and calls as deep as those of programs that are not made for boards.
const LARGE: &str = r#"(module
  (memory (export "memory") 257)
  (table 5000 funcref)
  (func $deeper (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $deeper (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))
  (func (export "run") (result i32)
    (if (i32.ne (table.size 0) (i32.const 5000)) (then (return (i32.const 2))))
    (if (i32.ne (call $deeper (i32.const 20000)) (i32.const 20000)) (then (return (i32.const 1))))
    (i32.ne (memory.grow (i32.const 2000)) (i32.const 257))))"#;

fn app(place: &Path, source: &str) -> PathBuf {
    let path = place.join("app.wat");
    std::fs::write(&path, source).unwrap();
    path
}

fn with(app: &Path, command: &str, options: &[&str]) -> Command {
    let mut with = tool();
    with.arg(command).arg(app).args(options);
    with
}

#[test]
fn without_a_board_an_app_has_what_programs_are_used_to() {
    let place = directory("limits-large");
    let large = app(&place, LARGE);
    assert!(succeed(&mut with(&large, "run", &[])).contains("app: returned"));
    assert!(succeed(&mut with(&large, "run", &["--compiled"])).contains("app: returned"));
    assert_eq!(succeed(&mut with(&large, "call", &["run"])), "0\n");
    let told = succeed(&mut with(&large, "check", &[]));
    assert!(
        told.contains("  has 16842752 bytes of memory as it begins, of a board's CONFIG_WASM_APP_HEAP_SIZE"),
        "{told}"
    );
    assert!(told.contains("app: can run here"), "{told}");
    let config = place.join(".config");
    std::fs::write(&config, "CONFIG_WASM=y\nCONFIG_WASM_APP_HEAP_SIZE=131072\n").unwrap();
    for command in ["run", "check"] {
        fail(with(&large, command, &["--board"]).arg(&config));
    }
}

#[test]
fn an_option_comes_before_a_board() {
    let place = directory("limits-options");
    let large = app(&place, LARGE);
    let config = place.join(".config");
    std::fs::write(&config, "CONFIG_WASM=y\nCONFIG_WASM_APP_HEAP_SIZE=131072\n").unwrap();
    let more = ["--heap", "200000000", "--memory", "160000000", "--table", "5000", "--call-depth", "30000"];
    succeed(with(&large, "run", &more).args(["--value-stack", "4000000", "--board"]).arg(&config));
}

#[test]
fn what_an_app_is_told_names_an_option_here_and_a_symbol_on_a_board() {
    let place = directory("limits-told");
    let config = place.join(".config");
    let run = |body: &str| format!("(module {body})");
    let deep = run("(func $f (param i32) (result i32) (i32.add (i32.const 1) (call $f (local.get 0))))
        (func (export \"run\") (result i32) (call $f (i32.const 0)))");
    let large = run("(memory 3) (func (export \"run\") (result i32) (i32.const 0))");
    let grows = run(
        "(memory 1) (func (export \"run\") (result i32) (drop (memory.grow (i32.const 50))) unreachable)",
    );
    let table = run("(table 2000 funcref) (func (export \"run\") (result i32) (table.size 0))");
    let spins = run("(func (export \"run\") (result i32) (loop $again (br $again)) (i32.const 0))");
    let full =
        run(&format!("(func (export \"run\") (result i32) (local {}) (i32.const 0))", "i64 ".repeat(20_000)));
    let cases: [(&str, &[&str], &str, &str); 7] = [
        (
            &grows,
            &["--memory", "200000"],
            "HEAP_SIZE=200000",
            "could not grow to 3342336 bytes (heap, memory, {--memory, --heap|CONFIG_WASM_APP_HEAP_SIZE})",
        ),
        (
            &large,
            &["--heap", "100000"],
            "HEAP_SIZE=100000",
            "asks for 196608 bytes of memory or tables, more than its manifest or {--heap|CONFIG_WASM_APP_HEAP_SIZE} has",
        ),
        (
            &grows,
            &["--heap", "200000"],
            "HEAP_SIZE=200000",
            "could not grow to 3342336 bytes (heap, memory, {--heap|CONFIG_WASM_APP_HEAP_SIZE})",
        ),
        (
            &table,
            &["--table", "1000"],
            "TABLE_SIZE=1000",
            "asks for 16000 bytes of memory or tables: `table` in its manifest, {--table|CONFIG_WASM_APP_TABLE_SIZE}",
        ),
        (
            &spins,
            &["--fuel", "1000"],
            "FUEL=1000",
            "all fuel consumed by WebAssembly: {--fuel|CONFIG_WASM_APP_FUEL}",
        ),
        (
            &deep,
            &["--call-depth", "10"],
            "CALL_DEPTH=10",
            "in its manifest, {--call-depth|CONFIG_WASM_APP_CALL_DEPTH} or {--value-stack|CONFIG_WASM_APP_VALUE_STACK_SIZE}",
        ),
        (
            &deep,
            &["--compiled"],
            "STACK_SIZE=20000",
            "call stack exhausted: {--stack|CONFIG_WASM_APP_STACK_SIZE}",
        ),
    ];
    for (source, options, symbol, told) in cases {
        let path = app(&place, source);
        std::fs::write(&config, format!("CONFIG_WASM=y\nCONFIG_WASM_APP_{symbol}\n")).unwrap();
        let named = |which: usize| {
            let parts = told.split(['{', '}']).enumerate();
            let parts =
                parts.map(|(at, part)| if at % 2 == 1 { part.split('|').nth(which).unwrap() } else { part });
            parts.collect::<String>()
        };
        let here = fail(&mut with(&path, "run", options));
        assert!(here.contains(&named(0)), "{here}");
        let compiled = options.iter().filter(|option| **option == "--compiled");
        let on_board = fail(with(&path, "run", &["--board"]).arg(&config).args(compiled));
        assert!(on_board.contains(&named(1)), "{on_board}");
    }
    // A board has as much beside that for the engine's data.
    let path = app(&place, &full);
    let told = fail(&mut with(&path, "run", &["--heap", "50000"]));
    assert!(told.contains(" bytes more do not fit its 50000 (heap, --heap)"), "{told}");
    succeed(&mut with(&path, "run", &[]));
}

#[test]
fn a_manifest_may_have_less() {
    let place = directory("limits-manifest");
    let path = app(&place, LARGE);
    let manifest = place.join("app.toml");
    std::fs::write(&manifest, "name = \"app\"\ncall-depth = 1000\n").unwrap();
    assert!(fail(&mut with(&path, "run", &[])).contains("call stack exhausted"));
    std::fs::write(&manifest, "name = \"app\"\nheap = 2000000000\n").unwrap();
    let told = fail(&mut with(&path, "run", &[]));
    assert!(
        told.contains("has heap = 2000000000, and an app of this image has 1073741824: raise --heap"),
        "{told}"
    );
    succeed(&mut with(&path, "run", &["--heap", "2000000000"]));
}
