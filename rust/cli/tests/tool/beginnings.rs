//! Where apps of other toolchains begin, interpreted and compiled.

use crate::{directory, succeed, tool};

/// A module, and what it returns.
const BEGINNINGS: &[(&str, i32)] = &[
    (
        r#"(module (global $ready (mut i32) (i32.const 0)) (start $start)
            (func $start (global.set $ready (i32.const 7)))
            (func (export "run") (result i32) (global.get $ready)))"#,
        7,
    ),
    (
        r#"(module (global $ready (mut i32) (i32.const 0))
            (func (export "_initialize") (global.set $ready (i32.const 8)))
            (func (export "main") (param i32 i32) (result i32) (i32.add (global.get $ready) (local.get 0))))"#,
        8,
    ),
    // What the loop does when it has been called often enough ends the app.
    (
        r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (global $count (mut i32) (i32.const 0)) (memory (export "memory") 1)
            (func (export "setup") (global.set $count (i32.const 3)))
            (func (export "loop")
                (global.set $count (i32.add (global.get $count) (i32.const 1)))
                (if (i32.eq (global.get $count) (i32.const 9)) (then (call $exit (global.get $count))))))"#,
        9,
    ),
    // A program that is nothing but a start function.
    (
        r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
            (start $start) (func $start (call $exit (i32.const 10))))"#,
        10,
    ),
];

fn returned(arguments: &[&str]) -> Vec<Option<i32>> {
    let directory = directory(&format!("beginnings{}", arguments.concat()));
    let run = |(number, (source, _)): (usize, &(&str, i32))| {
        let path = directory.join(format!("app{number}.wat"));
        std::fs::write(&path, source).unwrap();
        tool().arg("run").args(arguments).arg(&path).output().expect("it starts").status.code()
    };
    BEGINNINGS.iter().enumerate().map(run).collect()
}

fn expected() -> Vec<Option<i32>> {
    BEGINNINGS.iter().map(|(_, code)| Some(*code)).collect()
}

#[test]
fn they_run() {
    assert_eq!(returned(&[]), expected());
}

#[test]
fn they_run_with_their_places_written_down() {
    assert_eq!(returned(&["--trace"]), expected());
}

#[test]
fn they_run_compiled() {
    assert_eq!(returned(&["--compiled"]), expected());
}

#[test]
fn check_takes_them() {
    let path = directory("beginnings-checked").join("app.wat");
    for (source, _) in BEGINNINGS {
        std::fs::write(&path, source).unwrap();
        assert!(succeed(tool().arg("check").arg(&path)).contains("valid"));
    }
}

/// A function that is called by its name finds the module prepared, and the next one does not prepare it again.
#[test]
fn calls_find_them_prepared() {
    let path = directory("beginnings-called").join("app.wat");
    let source = r#"(module (global $ready (mut i32) (i32.const 0)) (start $start)
        (func $start (global.set $ready (i32.add (global.get $ready) (i32.const 7))))
        (func $get (export "get") (result i32) (global.get $ready)))"#;
    std::fs::write(&path, source).unwrap();
    assert_eq!(succeed(tool().arg("call").arg(&path).arg("get")).trim(), "7");
}
