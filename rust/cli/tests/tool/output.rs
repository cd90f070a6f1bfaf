//! What becomes of the tool's output.

use crate::{directory, tool};
use std::process::Stdio;

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

#[test]
fn a_file_that_never_ends_can_be_interrupted() {
    let pipe = directory("output-interrupted").join("app.wasm");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let mut child = tool().arg("run").arg(&pipe).spawn().expect("it starts");
    // Opened to be written to, it has a reader.
    let end = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let asked = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert!(!child.wait().unwrap().success());
    drop(end);
}
