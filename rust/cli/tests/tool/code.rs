//! Machine code in an app's file: `compile --target`, and what `sign` and `check` make of it.

use crate::{directory, fail, succeed, tool};
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::{ALIGNMENT, Target, codes};

/// An app with a data segment, a call of the host, divisions of 64 bits and floats, which need the compiler's library.
const APP: &str = r#"(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1 2)
  (data (i32.const 64) "hello")
  (table 2 funcref)
  (elem (i32.const 0) $half $double)
  (func $half (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
  (func $double (param f64) (result f64) (f64.mul (local.get 0) (f64.const 2)))
  (func (export "mean") (param i64 i64) (result i64)
    (i64.div_s (i64.add (local.get 0) (local.get 1)) (i64.const 2)))
  (func (export "pick") (param i32 f64) (result f64)
    (call_indirect (param f64) (result f64) (local.get 1) (local.get 0)))
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 5))
    (memory.copy (i32.const 200) (i32.const 64) (i32.const 5))
    (memory.fill (i32.const 300) (i32.const 7) (i32.const 50))
    (i32.const 0)))"#;

/// A packed app, and the file that it was packed of.
fn packed(name: &str) -> (PathBuf, PathBuf) {
    let directory = directory(name);
    let (source, packed) = (directory.join("app.wat"), directory.join("app.wasm"));
    std::fs::write(&source, APP).unwrap();
    std::fs::write(
        source.with_extension("toml"),
        "name = \"app\"\nversion = \"1.0.0\"\n[imports]\nlog = true\n",
    )
    .unwrap();
    succeed(tool().arg("pack").arg(&source).arg("-o").arg(&packed));
    (packed, source)
}

/// Whether there is a compiler for all targets; without one, the tool says where to get one.
fn has_compilers() -> bool {
    let is_there = |name: &str| Command::new(name).arg("--version").output().is_ok();
    let has = is_there("arm-none-eabi-gcc") && is_there("riscv64-unknown-elf-gcc");
    if !has {
        eprintln!("skipped: no GCC for Arm and RISC-V here");
    }
    has
}

fn compile(app: &Path, targets: &str) -> Command {
    let mut command = tool();
    command.arg("compile").arg(app).args(["--target", targets]);
    command
}

#[test]
fn an_app_has_code_for_each_target() {
    if !has_compilers() {
        return;
    }
    let (app, _) = packed("code-all");
    let bare = std::fs::read(&app).unwrap();
    let text = succeed(&mut compile(&app, "all"));
    for target in Target::ALL {
        assert!(text.contains(&format!("code for {}: ", target.name())), "{text}");
    }
    let file = std::fs::read(&app).unwrap();
    let all: Vec<_> = codes(&file).map(Result::unwrap).collect();
    assert_eq!(all.iter().map(|code| code.header.target).collect::<Vec<_>>(), Target::ALL);
    for code in &all {
        let info = code.info();
        assert!(code.is_aligned() && code.bytes.len() < 8192, "{code:?}");
        assert_eq!((info.abi, info.import_count, info.grows), (1, 1, false), "{:?}", code.header);
        assert_eq!((info.memory_min, info.element_count), (65536, 2), "{:?}", code.header);
    }
    // Again, and one after another, it is the same.
    let again = app.with_file_name("again.wasm");
    std::fs::write(&again, bare).unwrap();
    succeed(&mut compile(&again, "thumbv6m"));
    succeed(&mut compile(&again, "thumbv6m,thumbv7m"));
    let of = |file: &[u8]| codes(file).map(|code| code.unwrap().bytes.to_vec()).collect::<Vec<_>>();
    assert_eq!(of(&std::fs::read(&again).unwrap()), of(&file)[..2]);
    let text = succeed(tool().arg("check").arg(&again));
    assert!(text.contains("has code for thumbv7m: "), "{text}");
}

#[test]
fn what_is_signed_is_what_comes_of_the_app() {
    if !has_compilers() {
        return;
    }
    let (app, source) = packed("code-signed");
    let key = app.with_file_name("key.pem");
    succeed(tool().arg("keygen").arg("-o").arg(&key));
    let sign = |file: &Path| {
        let mut command = tool();
        command.arg("sign").arg(file).arg("--key").arg(&key).arg("-o").arg(app.with_file_name("signed.wasm"));
        command
    };
    succeed(compile(&app, "thumbv7m,riscv32imc").arg("--speed"));
    succeed(&mut sign(&app));
    let signed = std::fs::read(app.with_file_name("signed.wasm")).unwrap();
    assert!(codes(&signed).all(|code| code.unwrap().offset.is_multiple_of(ALIGNMENT)));
    assert_eq!(codes(&signed).count(), 2);
    succeed(
        tool()
            .arg("verify")
            .arg(app.with_file_name("signed.wasm"))
            .arg("--key")
            .arg(key.with_extension("pub.pem")),
    );

    // One instruction is another.
    let mut file = std::fs::read(&app).unwrap();
    let end = codes(&file).next().unwrap().map(|code| code.offset + code.bytes.len()).unwrap();
    file[end - 20] ^= 1;
    let other = app.with_file_name("other.wasm");
    std::fs::write(&other, &file).unwrap();
    let text = fail(&mut sign(&other));
    assert!(
        text.contains("its code for thumbv7m is not what `") && text.contains("--target thumbv7m"),
        "{text}"
    );

    // The code is another app's.
    let (second, _) = packed("code-swapped");
    let mut bytes = std::fs::read(&second).unwrap();
    let file = std::fs::read(&app).unwrap();
    let code = codes(&file).next().unwrap().unwrap();
    bytes.extend(b"\0\x02\x01x");
    zephyr_wasm_code::append(&mut bytes, 0, &code.header, code.bytes, code.compiler);
    std::fs::write(&second, &bytes).unwrap();
    let text = fail(&mut sign(&second));
    assert!(text.contains("its code for thumbv7m was made of another app"), "{text}");

    // Places are of a file that signing needs, too.
    let (app, _) = packed("code-places");
    succeed(compile(&app, "thumbv7m").arg("--source").arg(&source));
    let text = fail(&mut sign(&app));
    assert!(text.contains("--source names that file"), "{text}");
    succeed(sign(&app).arg("--source").arg(&source));
}

#[test]
fn what_cannot_be_compiled_is_told() {
    let (app, source) = packed("code-refused");
    let text = fail(&mut compile(&source, "thumbv7m"));
    assert!(text.contains("is not packed; `zephyr-wasm pack` first"), "{text}");
    let text = fail(&mut compile(&app, "avr"));
    assert!(text.contains("there are thumbv6m, ") && text.contains("riscv32imc, and all"), "{text}");
    let text = fail(compile(&app, "thumbv7m").env("ZEPHYR_WASM_CC_ARM", "no-such-compiler"));
    assert!(text.contains("`no-such-compiler` (ZEPHYR_WASM_CC_ARM) cannot be run"), "{text}");
    let text = fail(compile(&app, "riscv32imc").env("PATH", "/nowhere").env_remove("ZEPHYR_SDK_INSTALL_DIR"));
    assert!(text.contains("no compiler for RISC-V (riscv64-zephyr-elf-gcc, "), "{text}");
    assert!(text.contains("ZEPHYR_WASM_CC_RISCV names another"), "{text}");
    let key = app.with_file_name("key.pem");
    succeed(tool().arg("keygen").arg("-o").arg(&key));
    succeed(tool().arg("sign").arg(&app).arg("--key").arg(&key));
    let text = fail(&mut compile(&app, "thumbv7m"));
    assert!(text.contains("is signed, which its code has to be, too"), "{text}");
}
