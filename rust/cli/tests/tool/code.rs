//! Machine code in an app's file: `compile --target`, and what `sign` and `check` make of it.

mod clang;

use crate::{directory, fail, skipped, succeed, tool};
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::{ALIGNMENT, Header, Target, append, codes, without};

/// An app with a data segment, a call of the host, divisions of 64 bits and of floats, which need the compiler's library.
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
  (func (export "divide") (param f32 f32 f64 f64) (result f64)
    (f64.add
      (f64.promote_f32 (f32.div (local.get 0) (local.get 1)))
      (f64.div (local.get 2) (local.get 3))))
  (func (export "pick") (param i32 f64) (result f64)
    (call_indirect (param f64) (result f64) (local.get 1) (local.get 0)))
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 5))
    (memory.copy (i32.const 200) (i32.const 64) (i32.const 5))
    (memory.fill (i32.const 300) (i32.const 7) (i32.const 50))
    (i32.const 0)))"#;

/// A section of code that has an end only.
const UNREADABLE: &[u8] = b"\0\x12\x10zephyr-wasm:code\x05";

/// A packed app, and the file that it was packed of.
fn packed(name: &str) -> (PathBuf, PathBuf) {
    packed_of(name, APP)
}

/// The same of another app.
fn packed_of(name: &str, text: &str) -> (PathBuf, PathBuf) {
    let directory = directory(name);
    let (source, packed) = (directory.join("app.wat"), directory.join("app.wasm"));
    std::fs::write(&source, text).unwrap();
    std::fs::write(
        source.with_extension("toml"),
        "name = \"app\"\nversion = \"1.0.0\"\n[imports]\nlog = true\n",
    )
    .unwrap();
    succeed(tool().arg("pack").arg(&source).arg("-o").arg(&packed));
    (packed, source)
}

/// A key, beside an app.
fn key_beside(app: &Path) -> PathBuf {
    let key = app.with_file_name("key.pem");
    succeed(tool().arg("keygen").arg("-o").arg(&key));
    key
}

fn sign(app: &Path, key: &Path) -> Command {
    let mut command = tool();
    command.arg("sign").arg(app).arg("--key").arg(key);
    command
}

/// A file with the code of an app changed, at the same place.
fn with_code(app: &Path, change: impl FnOnce(&mut Header, &mut Vec<u8>, &mut String)) -> PathBuf {
    let mut file = std::fs::read(app).unwrap();
    let code = codes(&file).next().unwrap().unwrap();
    let (mut header, mut bytes, mut compiler) = (code.header, code.bytes.to_vec(), code.compiler.to_owned());
    change(&mut header, &mut bytes, &mut compiler);
    file = without(&file, |code| code.header.target == header.target);
    append(&mut file, 0, &header, &bytes, &compiler);
    let other = app.with_file_name("other.wasm");
    std::fs::write(&other, file).unwrap();
    other
}

/// Whether there is a compiler for all targets; without one, the tool says where to get one.
fn has_compilers() -> bool {
    let is_there = |name: &str| Command::new(name).arg("--version").output().is_ok();
    let has = is_there("arm-none-eabi-gcc") && is_there("riscv64-unknown-elf-gcc");
    if !has {
        skipped("no GCC for Arm and RISC-V here");
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
    for (target, number) in Target::ALL.iter().zip(1..) {
        let (name, count) = (target.name(), Target::ALL.len());
        assert!(text.contains(&format!("code for {name}: ")), "{text}");
        assert!(text.contains(&format!("compiles for {name} ({number} of {count})")), "{text}");
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
    let key = key_beside(&app);
    let sign = |file: &Path| {
        let mut command = sign(file, &key);
        command.arg("-o").arg(app.with_file_name("signed.wasm"));
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
    let other = with_code(&app, |_, bytes, _| {
        let at = bytes.len() - 20;
        bytes[at] ^= 1;
    });
    let text = fail(&mut sign(&other));
    assert!(text.contains("its code for thumbv7m is not what comes of the app"), "{text}");
    assert!(text.contains("`zephyr-wasm compile --target thumbv7m` makes it anew"), "{text}");

    // Another compiler, or this one of another version of the tool, which might make the same.
    let other = with_code(&app, |_, _, compiler| *compiler = "gcc 1; zephyr-wasm 0.0.0".into());
    let text = fail(&mut sign(&other));
    assert!(
        text.contains("its code for thumbv7m says that it was made by `gcc 1; zephyr-wasm 0.0.0`"),
        "{text}"
    );
    let version = concat!("; zephyr-wasm ", env!("CARGO_PKG_VERSION"), "`: the versions of");
    assert!(text.contains(version) && text.contains("decide on its bytes"), "{text}");

    // The same compiler with another library, which is told if the code is another, too: here it needs one.
    let with_library = |changes: bool| {
        with_code(&app, |_, bytes, compiler| {
            let (before, digest) = compiler.rsplit_once("; library ").unwrap();
            assert_eq!(digest.len(), 16);
            *compiler = format!("{before}; library 0123456789abcdef");
            let at = bytes.len() - 20;
            bytes[at] ^= u8::from(changes);
        })
    };
    succeed(&mut sign(&with_library(false)));
    let text = fail(&mut sign(&with_library(true)));
    let told = [
        "with another library (libgcc of GCC",
        "begins with 0123456789abcdef, and here with ",
        "libgcc.a). ",
    ];
    assert!(told.iter().all(|words| text.contains(words)), "{text}");

    // Two of one target.
    let mut file = std::fs::read(&app).unwrap();
    let again =
        codes(&file).next().unwrap().map(|code| (code.header, code.bytes.to_vec(), code.compiler.to_owned()));
    let (header, bytes, compiler) = again.unwrap();
    append(&mut file, 0, &header, &bytes, &compiler);
    std::fs::write(&other, &file).unwrap();
    for command in [&mut sign(&other), tool().arg("check").arg(&other)] {
        let text = fail(command);
        assert!(
            text.contains("has code for thumbv7m twice: `zephyr-wasm compile --target thumbv7m`"),
            "{text}"
        );
    }
    succeed(compile(&other, "thumbv7m").arg("--speed"));
    succeed(&mut sign(&other));

    // The code is another app's.
    let (second, _) = packed("code-swapped");
    let mut bytes = std::fs::read(&second).unwrap();
    let file = std::fs::read(&app).unwrap();
    let code = codes(&file).next().unwrap().unwrap();
    bytes.extend(b"\0\x02\x01x");
    append(&mut bytes, 0, &code.header, code.bytes, code.compiler);
    std::fs::write(&second, &bytes).unwrap();
    let text = fail(&mut sign(&second));
    assert!(
        text.contains("has code that was made of another app: `zephyr-wasm compile --target thumbv7m`"),
        "{text}"
    );

    // Places are of a file that signing needs, too.
    let (app, _) = packed("code-places");
    succeed(compile(&app, "thumbv7m").arg("--source").arg(&source));
    let text = fail(&mut sign(&app));
    assert!(text.contains("--source names that file"), "{text}");
    succeed(sign(&app).arg("--source").arg(&source));
}

/// Who gives an app and a source could have something harmless reviewed, and code of the other signed.
#[test]
fn places_are_of_what_the_app_was_packed_of() {
    if !has_compilers() {
        return;
    }
    let (app, source) = packed("code-of-another");
    let key = key_beside(&app);
    let shouts =
        APP.replace("(i32.const 2) (i32.const 0) (i32.const 0)", "(i32.const 4) (i32.const 0) (i32.const 0)");
    assert_ne!(shouts, APP);
    let (other_app, other) = packed_of("code-of-another-source", &shouts);
    let text = fail(compile(&app, "thumbv7m").arg("--source").arg(&other));
    assert!(text.contains("(--source) is not what this app was packed of"), "{text}");
    // As another tool would have done it.
    succeed(compile(&other_app, "thumbv7m").arg("--source").arg(&other));
    let file = std::fs::read(&other_app).unwrap();
    let code = codes(&file).next().unwrap().unwrap();
    let mut forged = std::fs::read(&app).unwrap();
    let header = Header { digest: zephyr_wasm_code::digest(&forged), ..code.header };
    append(&mut forged, 0, &header, code.bytes, code.compiler);
    let path = app.with_file_name("forged.wasm");
    std::fs::write(&path, forged).unwrap();
    let text = fail(sign(&path, &key).arg("--source").arg(&other));
    assert!(text.contains("(--source) is not what this app was packed of"), "{text}");
    let text = fail(sign(&path, &key).arg("--source").arg(&source));
    assert!(text.contains("its code for thumbv7m is not what comes of the app"), "{text}");

    // With the notes of a trace, it is packed of the same.
    let traced = app.with_file_name("traced.wasm");
    succeed(tool().args(["pack", "--trace"]).arg(&source).arg("-o").arg(&traced));
    succeed(compile(&traced, "thumbv7m").arg("--source").arg(&source));
    succeed(sign(&traced, &key).arg("--source").arg(&source));
}

/// A signature rewrites sizes, and `sign` mends what an older version has packed: of either, there would be another digest.
#[test]
fn what_is_checked_is_what_is_signed() {
    if !has_compilers() {
        return;
    }
    let select = r#"(func (export "chosen") (param i32) (result i32)
        (select (i32.const 0) (i32.const 4) (i32.eqz (local.get 0))))"#;
    let text = APP.replacen("(func (export \"mean\")", &format!("{select} (func (export \"mean\")"), 1);
    let (app, source) = packed_of("code-canonical", &text);
    let key = key_beside(&app);
    succeed(tool().args(["pack", "--unchecked"]).arg(&source).arg("-o").arg(&app));
    let mut file = std::fs::read(&app).unwrap();
    // The types' size, in more bytes than it takes.
    assert!(file[8] == 1 && file[9] < 0x80);
    file.splice(9..10, [file[9] | 0x80, 0x80, 0]);
    std::fs::write(&app, file).unwrap();
    succeed(&mut compile(&app, "thumbv7m"));
    succeed(&mut sign(&app, &key));
    let text = succeed(tool().arg("verify").arg(&app).arg("--key").arg(key.with_extension("pub.pem")));
    assert!(
        text.contains("code for thumbv7m: ") && text.contains("its place and its digest are right"),
        "{text}"
    );
}

#[test]
fn code_that_no_board_runs_is_told() {
    if !has_compilers() {
        return;
    }
    let (app, _) = packed("code-unfit");
    // Of what is packed, the manifest is in it.
    std::fs::remove_file(app.with_extension("toml")).unwrap();
    let key = key_beside(&app);
    let public = key.with_extension("pub.pem");
    succeed(&mut compile(&app, "thumbv7m"));
    // Signed as it is, the code is behind a signature, and where no board runs it.
    let moved = app.with_file_name("moved.wasm");
    let mut file = std::fs::read(&app).unwrap();
    file.splice(8..8, *b"\0\x02\x01y");
    std::fs::write(&moved, &file).unwrap();
    let told = "has code that is not at a multiple of 8 bytes in the file";
    let text = fail(tool().arg("check").arg(&moved));
    assert!(text.contains("no board runs its code for thumbv7m: ") && text.contains(told), "{text}");
    let mut aligned = 0;
    for shift in 1..=ALIGNMENT as u8 {
        let mut file = std::fs::read(&app).unwrap();
        file.splice(8..8, [0, shift + 1, 1].into_iter().chain((0..shift).map(|_| b'y')));
        std::fs::write(&moved, &file).unwrap();
        succeed(sign(&moved, &key).arg("--unchecked"));
        let signed = std::fs::read(&moved).unwrap();
        let code = codes(&signed).next().unwrap().unwrap();
        // With one more section, it is another app.
        let expected = if code.is_aligned() { "has code that was made of another app" } else { told };
        aligned += usize::from(code.is_aligned());
        let text = fail(tool().arg("verify").arg(&moved).arg("--key").arg(&public));
        assert!(text.contains("signed by ") && text.contains(expected), "{shift}: {text}");
    }
    assert_eq!(aligned, 1);
    // Nor does it lose what cannot be read.
    let mut file = std::fs::read(&app).unwrap();
    file.extend(UNREADABLE);
    std::fs::write(&moved, &file).unwrap();
    assert!(fail(&mut sign(&moved, &key)).contains("has a section zephyr-wasm:code that cannot be read"));
    assert!(
        fail(tool().arg("check").arg(&moved)).contains("has a section zephyr-wasm:code that cannot be read")
    );
    succeed(sign(&moved, &key).arg("--unchecked"));
    assert!(codes(&std::fs::read(&moved).unwrap()).nth(1).unwrap().is_err());
    // What `sign` makes of it is as it has to be.
    succeed(&mut sign(&app, &key));
    let text = succeed(tool().arg("check").arg(&app));
    assert!(text.contains("its place and its digest are right"), "{text}");
}

#[test]
fn what_a_firmware_makes_of_code_is_told() {
    if !has_compilers() {
        return;
    }
    let (app, _) = packed("code-on-board");
    // Of what is packed, the manifest is in it.
    std::fs::remove_file(app.with_extension("toml")).unwrap();
    succeed(&mut compile(&app, "thumbv6m,thumbv7m"));
    let config = app.with_file_name(".config");
    let check = |lines: &str| {
        let all = "CONFIG_WASM=y\nCONFIG_WASM_API_LOG=y\nCONFIG_WASM_VALIDATE=y\nCONFIG_WASM_CALL=y\n";
        std::fs::write(&config, format!("{all}{lines}")).unwrap();
        let mut command = tool();
        command.arg("check").arg(&app).arg("--board").arg(&config);
        command
    };
    let board = |target: &str, margin: u32| {
        format!(
            "CONFIG_WASM_COMPILED=y\nCONFIG_WASM_COMPILED_STORE=y\nCONFIG_WASM_COMPILED_TARGET=\"{target}\"\n\
             CONFIG_WASM_COMPILED_STACK_MARGIN={margin}\nCONFIG_CPU_CORTEX_M=y\n"
        )
    };
    const INTERPRETER: &str = "CONFIG_WASM_INTERPRETER=y\n";
    let text = succeed(&mut check(&(board("thumbv7em", 2048) + INTERPRETER)));
    assert!(text.contains("this firmware runs its code for thumbv7m"), "{text}");
    let text = succeed(&mut check(INTERPRETER));
    assert!(text.contains("CONFIG_WASM_COMPILED_STORE is not set, so it interprets the app"), "{text}");
    let text = succeed(&mut check(&(board("riscv32imc", 2048) + INTERPRETER)));
    assert!(text.contains("this firmware interprets it, as it has no code for riscv32imc"), "{text}");
    let text = fail(&mut check(&board("riscv32imc", 2048)));
    assert!(
        text.contains("is refused: this firmware interprets nothing, and it has no code for riscv32imc"),
        "{text}"
    );
    // All of it is for the way out of the app's calls.
    let text = fail(&mut check(&board("thumbv7m", 384)));
    assert!(text.contains("CONFIG_WASM_COMPILED_STACK_MARGIN"), "{text}");
}

/// What is around the tool does not decide on the bytes.
#[test]
fn a_compiler_is_told_where_it_is_and_nothing_else() {
    if !has_compilers() {
        return;
    }
    let (app, _) = packed("code-around");
    let bare = std::fs::read(&app).unwrap();
    succeed(&mut compile(&app, "thumbv7m"));
    let expected = std::fs::read(&app).unwrap();
    let around = app.with_file_name("a space");
    std::fs::create_dir(&around).unwrap();
    std::fs::write(around.join("stdint.h"), "#error not this one").unwrap();
    let link = around.join("arm-none-eabi-gcc");
    let path = std::env::var_os("PATH").unwrap();
    let found =
        std::env::split_paths(&path).map(|place| place.join("arm-none-eabi-gcc")).find(|path| path.is_file());
    std::os::unix::fs::symlink(found.unwrap(), &link).unwrap();
    for named in [link.as_path(), Path::new("a space/arm-none-eabi-gcc")] {
        std::fs::write(&app, &bare).unwrap();
        let mut command = compile(&app, "thumbv7m");
        command.current_dir(app.parent().unwrap()).env("ZEPHYR_WASM_CC_ARM", named);
        for name in ["CPATH", "C_INCLUDE_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX"] {
            command.env(name, &around);
        }
        command.env("DEPENDENCIES_OUTPUT", around.join("written"));
        succeed(&mut command);
        assert!(std::fs::read(&app).unwrap() == expected, "{named:?}");
        assert!(!around.join("written").exists());
    }
}

/// Of a release for many boards, all that is missing is told at once, and no file has half of it.
#[test]
fn all_targets_that_fail_are_told() {
    let (app, _) = packed("code-half");
    let before = std::fs::read(&app).unwrap();
    let mut command = compile(&app, "all");
    let text =
        fail(command.env("ZEPHYR_WASM_CC_ARM", "no-such-arm").env("ZEPHYR_WASM_CC_RISCV", "no-such-riscv"));
    for target in Target::ALL {
        assert!(text.contains(&format!("for {}: `no-such-", target.name())), "{text}");
    }
    assert!(text.contains("is left as it was"), "{text}");
    assert_eq!(std::fs::read(&app).unwrap(), before);
    if has_compilers() {
        let text = fail(compile(&app, "thumbv7m,riscv32imc").env("ZEPHYR_WASM_CC_ARM", "no-such-arm"));
        assert!(text.contains("for thumbv7m: ") && !text.contains("for riscv32imc: "), "{text}");
        assert_eq!(std::fs::read(&app).unwrap(), before);
    }
    // Code that cannot be read would be lost.
    let mut file = before;
    file.extend(UNREADABLE);
    std::fs::write(&app, &file).unwrap();
    let text = fail(&mut compile(&app, "thumbv7m"));
    assert!(
        text.contains("has a section zephyr-wasm:code that cannot be read: pack the app again"),
        "{text}"
    );
    assert_eq!(std::fs::read(&app).unwrap(), file);
}

#[test]
fn what_no_interpreter_reads_is_left_out() {
    if !has_compilers() {
        return;
    }
    let (app, _) = packed("strip");
    let key = key_beside(&app);
    let public = key.with_extension("pub.pem");
    assert!(fail(sign(&app, &key).arg("--strip")).contains("has no machine code"));
    succeed(&mut compile(&app, "thumbv7m"));
    let whole = app.with_file_name("whole.wasm");
    succeed(sign(&app, &key).arg("-o").arg(&whole));
    let before = std::fs::read(&whole).unwrap();
    succeed(sign(&app, &key).arg("--strip"));
    let after = std::fs::read(&app).unwrap();
    let code = |file: &[u8]| codes(file).next().unwrap().unwrap().bytes.to_vec();
    assert!(after.len() < before.len() && code(&after) == code(&before));
    assert!(codes(&after).next().unwrap().unwrap().is_aligned());
    let text = succeed(tool().arg("verify").arg(&app).arg("--key").arg(&public));
    assert!(text.contains("its place and its digest are right"), "{text}");
    // Nobody can compare it any more.
    for text in [fail(tool().arg("check").arg(&app)), fail(&mut sign(&app, &key))] {
        assert!(text.contains("has no WebAssembly code"), "{text}");
    }
}

#[test]
fn what_cannot_be_compiled_is_told() {
    let (app, source) = packed("code-refused");
    let text = fail(&mut compile(&source, "thumbv7m"));
    assert!(text.contains("is not packed, or has no manifest"), "{text}");
    let text = fail(&mut compile(&app, "avr"));
    assert!(text.contains("there are thumbv6m, ") && text.contains("riscv32imc, and all"), "{text}");
    let text = fail(compile(&app, "thumbv7m").env("ZEPHYR_WASM_CC_ARM", "no-such-compiler"));
    assert!(text.contains("`no-such-compiler` (ZEPHYR_WASM_CC_ARM) cannot be run"), "{text}");
    let text = fail(compile(&app, "riscv32imc").env("PATH", "/nowhere").env_remove("ZEPHYR_SDK_INSTALL_DIR"));
    assert!(text.contains("no compiler for RISC-V (riscv64-zephyr-elf-gcc, "), "{text}");
    assert!(text.contains("ZEPHYR_WASM_CC_RISCV names another"), "{text}");
    let key = key_beside(&app);
    succeed(&mut sign(&app, &key));
    let text = fail(&mut compile(&app, "thumbv7m"));
    assert!(text.contains("is signed, which its code has to be, too"), "{text}");
}
