//! The same by clang and its linker, without any GCC.

use super::{APP, compile, has_compilers, key_beside, packed, packed_of, sign};
use crate::{directory, fail, skipped, succeed};
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::{Target, codes};

/// With divisions and products of 64 bits, and pieces of memory: no library is needed for these.
const INTEGERS: &str = r#"(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "hello")
  (func (export "mean") (param i64 i64) (result i64)
    (i64.div_s (i64.mul (local.get 0) (local.get 1)) (i64.rem_u (local.get 1) (local.get 0))))
  (func (export "shift") (param i64 i64) (result i64)
    (i64.shl (i64.shr_s (local.get 0) (local.get 1)) (i64.clz (local.get 1))))
  (func (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2))
    (memory.fill (local.get 1) (i32.const 0) (local.get 2))
    (memory.fill (local.get 0) (i32.const 7) (i32.div_u (local.get 2) (i32.const 3))))
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 5))
    (i32.const 0)))"#;

/// A clang with its linker; says that there is none.
fn clang() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places: Vec<_> = std::env::split_paths(&path).collect();
    let names = ["clang", "clang-22", "clang-21", "clang-20", "clang-19"];
    let mut all = names.iter().flat_map(|name| places.iter().map(move |place| place.join(name)));
    let links = |path: &PathBuf| {
        let mut command = Command::new(path);
        let output = command.args(["--target=arm-none-eabi", "-print-prog-name=ld.lld"]).output();
        output.is_ok_and(|output| output.stdout.contains(&b'/'))
    };
    let found = all.find(links);
    if found.is_none() {
        skipped("no clang with ld.lld here");
    }
    found
}

/// A command of the tool that takes this compiler for all targets.
fn with(mut command: Command, clang: &Path) -> Command {
    command.env("ZEPHYR_WASM_CC_ARM", clang).env("ZEPHYR_WASM_CC_RISCV", clang);
    command
}

#[test]
fn an_app_has_code_for_each_target() {
    let Some(clang) = clang() else { return };
    let (app, _) = packed_of("clang-all", INTEGERS);
    let bare = std::fs::read(&app).unwrap();
    for speed in [false, true] {
        let made = || {
            std::fs::write(&app, &bare).unwrap();
            let mut command = with(compile(&app, "all"), &clang);
            let text = succeed(if speed { command.arg("--speed") } else { &mut command });
            for target in Target::ALL {
                assert!(text.contains(&format!("code for {}: ", target.name())), "{text}");
            }
            std::fs::read(&app).unwrap()
        };
        let file = made();
        let all: Vec<_> = codes(&file).map(Result::unwrap).collect();
        assert_eq!(all.iter().map(|code| code.header.target).collect::<Vec<_>>(), Target::ALL);
        for code in all {
            assert!(code.is_aligned() && code.bytes.len() < 8192, "{:?}", code.header);
            assert!(code.compiler.contains("clang version "), "{}", code.compiler);
            assert!(!code.compiler.contains("; library "), "{}", code.compiler);
            assert!((1..256).contains(&code.header.frame), "{:?}", code.header);
            let info = code.info();
            assert_eq!((info.abi, info.import_count, info.memory_min), (1, 1, 65536), "{:?}", code.header);
        }
        assert!(made() == file);
    }
    // Whoever signs it needs the same.
    let key = key_beside(&app);
    succeed(&mut with(sign(&app, &key), &clang));
}

#[test]
fn a_signature_asks_for_the_compiler_that_made_it() {
    let Some(clang) = clang() else { return };
    if !has_compilers() {
        return;
    }
    let (app, _) = packed_of("clang-signed", INTEGERS);
    let key = key_beside(&app);
    succeed(&mut with(compile(&app, "thumbv7m"), &clang));
    // As GCC is there, it is taken.
    let text = fail(&mut sign(&app, &key));
    let version = asked(Command::new(&clang).arg("--version"));
    let version = version.lines().next().unwrap();
    assert!(
        text.contains(&format!("its code for thumbv7m says that it was made by `{version}; zephyr-wasm ")),
        "{text}"
    );
    assert!(
        text.contains("and here is `") && text.contains("ZEPHYR_WASM_CC_ARM names another compiler"),
        "{text}"
    );
    succeed(&mut with(sign(&app, &key), &clang));
}

/// Where there is no GCC, nobody has to name a compiler: of clang's, the latest is taken.
#[test]
fn without_a_gcc_it_is_clang() {
    let Some(clang) = clang() else { return };
    let (app, _) = packed_of("clang-alone", INTEGERS);
    let only = directory("clang-alone-path");
    std::os::unix::fs::symlink(&clang, only.join("clang-99")).unwrap();
    std::fs::write(only.join("clang-9"), "").unwrap();
    let mut command = compile(&app, "thumbv6m,riscv32imc");
    command.env("PATH", &only).env_remove("ZEPHYR_SDK_INSTALL_DIR");
    succeed(command.env_remove("ZEPHYR_WASM_CC_ARM").env_remove("ZEPHYR_WASM_CC_RISCV"));
    let file = std::fs::read(&app).unwrap();
    assert!(codes(&file).all(|code| code.unwrap().compiler.contains("clang version ")));
}

/// What a command prints, as one line.
fn asked(command: &mut Command) -> String {
    let output = command.output().unwrap().stdout;
    String::from_utf8(output).unwrap().trim().to_owned()
}

/// A clang that has the libraries of a directory, and no others.
fn with_libraries_of(clang: &Path, place: &Path) -> String {
    let (name, place) = (clang.display(), place.display());
    let include = asked(Command::new(clang).arg("-print-file-name=include"));
    format!("{name} --sysroot={place} -resource-dir={place} -isystem {include}")
}

/// Where a clang has a library for boards, floats are taken. As such a library, Rust's is: it has the same functions.
#[test]
fn a_library_that_is_there_is_taken() {
    let Some(clang) = clang() else { return };
    let rust = PathBuf::from(asked(Command::new("rustc").args(["--print", "sysroot"]))).join("lib/rustlib");
    let place = directory("clang-library-there");
    let named = with_libraries_of(&clang, &place);
    let mut targets = Vec::new();
    for (target, of_rust, options) in [
        (
            "thumbv6m",
            "thumbv6m-none-eabi",
            "--target=arm-none-eabi -mcpu=cortex-m0 -mfloat-abi=soft -mfpu=none",
        ),
        (
            "thumbv7m",
            "thumbv7m-none-eabi",
            "--target=arm-none-eabi -mcpu=cortex-m3 -mfloat-abi=soft -mfpu=none",
        ),
        (
            "riscv32imc",
            "riscv32imac-unknown-none-elf",
            "--target=riscv32-unknown-elf -march=rv32imc -mabi=ilp32",
        ),
    ] {
        let files = std::fs::read_dir(rust.join(of_rust).join("lib")).into_iter().flatten().flatten();
        let is_library = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("libcompiler_builtins-") && name.ends_with(".rlib")
        };
        let Some(library) = files.map(|file| file.path()).find(is_library) else { continue };
        let mut words = named.split(' ');
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(options.split(' ')).args(["-rtlib=compiler-rt", "-print-libgcc-file-name"]);
        let path = PathBuf::from(asked(&mut command));
        assert!(path.starts_with(&place), "{path:?}");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(library, path).unwrap();
        targets.push(target);
    }
    if targets.is_empty() {
        return skipped("no library of Rust's for boards here");
    }
    let (app, _) = packed("clang-with-library");
    succeed(&mut with(compile(&app, &targets.join(",")), Path::new(&named)));
    let file = std::fs::read(&app).unwrap();
    assert_eq!(codes(&file).count(), targets.len());
    assert!(codes(&file).all(|code| code.unwrap().compiler.contains("; library ")));
}

/// An app with floats for a processor without registers for them needs a library, which clang has for few boards.
#[test]
fn a_library_that_is_missing_is_told() {
    let Some(clang) = clang() else { return };
    let (app, _) = packed("clang-library");
    let before = std::fs::read(&app).unwrap();
    // None, whichever this clang has.
    let named = with_libraries_of(&clang, &directory("clang-library-none"));
    let text = fail(&mut with(compile(&app, "all"), Path::new(&named)));
    for target in Target::ALL {
        assert!(text.contains(&format!("for {}: the code calls `__", target.name())), "{text}");
    }
    assert!(text.contains("`__aeabi_dmul`") && text.contains("`__muldf3`"), "{text}");
    assert!(text.contains("compiler-rt's builtins") && text.contains("clang version "), "{text}");
    assert!(text.contains("ZEPHYR_WASM_CC_RISCV names another compiler"), "{text}");
    assert!(text.contains("is left as it was"), "{text}");
    assert_eq!(std::fs::read(&app).unwrap(), before);
    // What has no floats needs none, nor have floats of 32 bits where there are registers for them.
    let floats = APP.replace("f64", "f32").replace("(f32.promote_f32 ", "(f32.abs ");
    let (app, _) = packed_of("clang-hf", &floats);
    succeed(&mut with(compile(&app, "thumbv7em-hf,thumbv8m.main-hf"), Path::new(&named)));
}

#[test]
fn a_clang_without_its_linker_is_told() {
    if clang().is_none() {
        return;
    }
    let (app, _) = packed_of("clang-no-linker", INTEGERS);
    // One that says what it is, and no more.
    let place = directory("clang-no-linker-path");
    let stub = place.join("clang");
    let script = "#!/bin/sh\ncase \"$*\" in\n*--version) echo stub clang version 1 ;;\n*-dM*) echo '#define __clang__ 1' ;;\n\
                  *-print-prog-name=*) echo ld.lld ;;\n*) exit 1 ;;\nesac\n";
    std::fs::write(&stub, script).unwrap();
    succeed(Command::new("chmod").arg("+x").arg(&stub));
    let text = fail(&mut with(compile(&app, "thumbv7m"), &stub));
    assert!(text.contains("has no `ld.lld` with it: install lld of its version"), "{text}");
}
