//! What becomes of the tool's output.

use crate::{directory, tool};
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn who_closes_our_output_has_seen_enough() {
    let app = directory("output").join("app.wat");
    std::fs::write(&app, "(module)").unwrap();
    let mut check = tool();
    let mut child = check
        .arg("check")
        .args([&app; 200])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn output_that_cannot_be_written_is_told() {
    let app = directory("output-full").join("app.wat");
    std::fs::write(&app, "(module (func (export \"run\") (result i32) (i32.const 0)))").unwrap();
    for arguments in [&["check"][..], &["call"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = tool();
        command.args(arguments).arg(&app).stdout(full).stderr(Stdio::piped());
        if arguments == ["call"] {
            command.arg("run");
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.starts_with("zephyr-wasm: cannot write to the standard output: "), "{text}");
    }
}

/// Writes to its output for ever.
const LOUD: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\00\20\00\00")
  (func (export "_start")
    (loop $again
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $again))))"#;

#[test]
fn a_program_whose_output_nobody_reads_comes_to_its_end() {
    let program = directory("output-unread").join("loud.wat");
    std::fs::write(&program, LOUD).unwrap();
    let mut run = tool();
    run.arg("run").arg(&program).args(["--time", "300"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = run.spawn().expect("it starts");
    // Its output stays open, and is full by then.
    let output = child.stdout.take();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(20), "it goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(output);
}

#[test]
fn a_file_that_never_ends_can_be_interrupted() {
    let pipe = directory("output-interrupted").join("app.wasm");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    // What is started in the background by a shell is not interrupted, nor is what that starts.
    let mut child = std::process::Command::new("env");
    let child = child.arg("--default-signal=INT").arg(tool().get_program()).arg("run").arg(&pipe);
    let mut child = child.spawn().expect("it starts");
    // Opened to be written to, it has a reader.
    let end = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let asked = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert!(!child.wait().unwrap().success());
    drop(end);
}
