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
