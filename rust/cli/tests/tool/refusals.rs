//! What the boards' engine would compute wrongly, and nothing mends, does not get to a board.

use crate::{directory, fail, succeed, tool};
use std::fs;
use std::path::PathBuf;

/// An app whose second own function has a block with a parameter, in its eighth line.
const APP: &str = r#"(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func (result i64)))
  (func $first)
  (func $second (export "run") (result i32) (local $x i32) (local $way i32)
    (local.set $x (i32.const 9))
    (local.get $x)
    (i32.const 1)
    (if (param i32) (local.get $way) (then (drop) (loop)) (else (drop)))))
"#;

fn app(name: &str) -> PathBuf {
    let path = directory(name).join("app.wat");
    fs::write(&path, APP).unwrap();
    fs::write(path.with_extension("toml"), "name = \"app\"\nversion = \"1.0.0\"\n").unwrap();
    path
}

/// That it says which function, where, why, and what helps.
fn is_told(text: &str) {
    for part in
        ["function 2 at 0x", "a block with parameters", "computes wrongly", "wasm-opt --enable-multivalue"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn blocks_with_parameters_are_neither_packed_nor_signed() {
    let path = app("refused_blocks");
    let packed = path.with_extension("wasm");
    let mut pack = tool();
    pack.arg("pack").arg(&path).arg("-o").arg(&packed);
    for text in [
        fail(&mut pack),
        fail(pack.arg("--trace")),
        fail(tool().arg("check").arg(&path)),
        fail(tool().arg("run").arg("--trace").arg(&path)),
    ] {
        is_told(&text);
        assert!(text.contains("second at ") && text.contains("app.wat:8"), "{text}");
    }
    assert!(!packed.exists(), "it was written nevertheless");

    // What an older version has packed, or a test.
    succeed(tool().args(["pack", "--unchecked"]).arg(&path).arg("-o").arg(&packed));
    is_told(&fail(tool().arg("pack").arg(&packed).arg("--manifest").arg(&path).arg("-o").arg(&packed)));
    let key = path.with_extension("pem");
    succeed(tool().arg("keygen").arg("--output").arg(&key));
    let before = fs::read(&packed).unwrap();
    is_told(&fail(tool().arg("sign").arg(&packed).arg("--key").arg(&key)));
    assert!(fs::read(&packed).unwrap() == before, "it was signed nevertheless");
}

#[test]
fn blocks_with_parameters_do_not_run() {
    let path = app("blocks_do_not_run");
    for command in [tool().arg("run").arg(&path), tool().arg("call").arg(&path).arg("run")] {
        is_told(&fail(command));
    }
}

#[test]
fn tables_of_branches_with_values_are_not_packed() {
    let path = app("refused_values");
    let text = "(module (func (export \"run\") (result i32) (local i32) (block (result i32 i32) \
                  (block (result i32 i32) i32.const 7 i32.const 1 i32.const 2 local.get 0 br_table 0 1)) i32.sub))";
    fs::write(&path, text).unwrap();
    let packed = path.with_extension("wasm");
    let told = fail(tool().arg("pack").arg(&path).arg("-o").arg(&packed));
    assert!(told.contains("a `br_table` with more than one value"), "{told}");
    assert!(!packed.exists(), "it was written nevertheless");
}
