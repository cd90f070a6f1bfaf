//! Where an app has ended is told by its source, whatever packing has written otherwise.

use super::{directory, fail, succeed, tool};
use zephyr_wasm_engine::select;

#[test]
fn lines_stay_true_behind_what_is_mended() {
    let path = directory("traces").join("app.wat");
    let source = "(module (memory 1)\n\
        (func (export \"run\") (result i32) (local $x i32)\n\
        (drop (select (i32.const 3) (i32.const 4) (i32.eqz (local.get $x))))\n\
        (drop (select (i32.const 3) (i32.const 4) (i32.eqz (local.get $x))))\n\
        (i32.load (select (i32.const -1) (i32.const 0) (i32.eqz (local.get $x))))\n\
        (i32.load (i32.const -1)) (drop)))\n";
    std::fs::write(&path, source).unwrap();
    let text = fail(tool().arg("run").arg("--trace").arg(&path));
    // The engine would select the address 0 if the condition were not mended, and end in the line behind.
    assert!(text.contains("app.wat:5"), "{text}");
}

#[test]
fn what_runs_here_is_mended_and_what_boards_are_given_unchecked_is_not() {
    let path = directory("mended").join("app.wat");
    let source = "(module (func (export \"run\") (result i32) (local $x i32)\n\
        (drop (local.tee $x (i32.const 9)))\n\
        (select (i32.const 3) (i32.const 0) (i32.eqz (local.get $x)))))";
    std::fs::write(&path, source).unwrap();
    succeed(tool().arg("run").arg(&path));
    let packed = path.with_extension("wasm");
    succeed(tool().arg("pack").arg("--unchecked").arg(&path).arg("-o").arg(&packed));
    assert!(select::has_edits(&std::fs::read(&packed).unwrap()));
    succeed(tool().arg("pack").arg(&packed).arg("-o").arg(&packed));
    assert!(!select::has_edits(&std::fs::read(&packed).unwrap()));
}
