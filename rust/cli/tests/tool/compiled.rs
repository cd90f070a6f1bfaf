//! `run --compiled`: the same as interpreted, and what else may come of a compiler.

use crate::{directory, fail, printed, succeed, tool};
use std::path::{Path, PathBuf};
use std::process::Command;

fn app(directory: &Path, source: &str) -> PathBuf {
    let path = directory.join("my-app.wat");
    std::fs::write(&path, source).unwrap();
    path
}

fn run(app: &Path) -> Command {
    let mut command = tool();
    command.arg("run").arg(app);
    command
}

/// What a run printed and its exit code, without the times that lines of the log begin with.
fn told(command: &mut Command) -> (String, Option<i32>) {
    let output = command.output().expect("it starts");
    let text = printed(&output);
    let lines = text.lines().map(|line| match line.split_once("] <") {
        Some((_, rest)) => format!("<{rest}\n"),
        None => format!("{line}\n"),
    });
    (lines.collect(), output.status.code())
}

/// That a run compiled ends as it does interpreted, which prints this.
fn is_alike(app: &Path, arguments: &[&str], expected: &str) {
    let interpreted = told(run(app).args(arguments));
    assert!(interpreted.0.contains(expected), "{interpreted:?}");
    let compiled = told(run(app).arg("--compiled").args(arguments));
    assert_eq!(compiled, interpreted);
}

#[test]
fn an_app_does_the_same() {
    let hello = app(
        &directory("compiled-hello"),
        r#"(module
          (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
          (memory (export "memory") 1 20)
          (data (i32.const 64) "hello")
          (data (i32.const 128) "large")
          (func (export "run") (result i32)
            (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 64) (i32.const 5))
            (if (i32.ne (memory.grow (i32.const 9)) (i32.const 1)) (then (return (i32.const 1))))
            (i32.store (i32.const 655356) (i32.load8_u (i32.const 64)))
            (if (i32.ne (i32.load (i32.const 655356)) (i32.const 104)) (then (return (i32.const 2))))
            (if (i32.ne (memory.grow (i32.const 11)) (i32.const -1)) (then (return (i32.const 3))))
            (call $log (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 128) (i32.const 5))
            (i32.const 0)))"#,
    );
    is_alike(&hello, &[], "<wrn> my-app: large\n<inf> my-app: returned\n");
}

#[test]
fn a_program_does_the_same() {
    let program = app(
        &directory("compiled-program"),
        r#"(module
          (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 8) "\10\00\00\00\0c\00\00\00written out\0a")
          (func (export "_start")
            (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (call $exit (i32.load (i32.const 0)))
            unreachable))"#,
    );
    is_alike(&program, &["--", "a", "b"], "written out\n");
    assert_eq!(run(&program).args(["--compiled", "--", "a"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn what_ends_an_app_is_told_with_its_place() {
    let bad = app(
        &directory("compiled-trap"),
        "(module (memory 1) (func $reads (param i32) (result i32)\n\
        (i32.load (local.get 0)))\n\
        (func (export \"run\") (result i32) (call $reads (i32.const 65533))))",
    );
    is_alike(&bad, &[], "<err> my-app: trapped: ");
    is_alike(&bad, &["--trace"], "    reads at ");
    let core = bad.with_extension("core");
    let text = fail(run(&bad).arg("--compiled").arg("--core").arg(&core));
    assert!(text.contains("my-app.wat:2"), "{text}");
    assert!(std::fs::read(core).unwrap().starts_with(b"\0asm"));
}

#[test]
fn a_full_stack_ends_the_app_only() {
    let deep = app(
        &directory("compiled-deep"),
        r#"(module (func $deeper (param i32) (result i32)
            (i32.add (i32.const 1) (call $deeper (i32.add (local.get 0) (i32.const 1)))))
          (func (export "run") (result i32) (call $deeper (i32.const 0))))"#,
    );
    let text = fail(run(&deep).arg("--compiled"));
    assert!(text.contains("trapped: call stack exhausted: --stack"), "{text}");
}

#[test]
fn an_app_is_killed_as_it_computes() {
    let path = directory("compiled-spin");
    let spins =
        app(&path, "(module (func (export \"run\") (result i32) (loop $again (br $again)) unreachable))");
    let text = succeed(run(&spins).args(["--compiled", "--time", "100"]));
    assert!(text.contains("<err> my-app: killed"), "{text}");
}

/// Traps if it is the first to make a file.
const SECOND: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "mark")
  (func (export "_start")
    (if (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 5) (i64.const 64)
        (i64.const 0) (i32.const 0) (i32.const 8)))
      (then unreachable))))"#;

#[test]
fn an_app_is_started_again() {
    let path = directory("compiled-again");
    let second = app(&path, SECOND);
    let manifest = "name = \"second\"\nrestart = \"on-failure\"\n[imports]\nwasi = { dirs = [\"/=/lfs\"] }\n";
    std::fs::write(second.with_extension("toml"), manifest).unwrap();
    let card = path.join("card");
    std::fs::create_dir(&card).unwrap();
    let text = succeed(run(&second).arg("--compiled").arg("--mount").arg(format!("/lfs={}", card.display())));
    assert_eq!(text.matches("second: trapped: ").count(), 1, "{text}");
    assert!(text.contains("started again in ") && card.join("mark").exists(), "{text}");
}

#[test]
fn apps_of_one_name_run_side_by_side() {
    let path = directory("compiled-two");
    let mut apps = Vec::new();
    for code in ["1", "7"] {
        let place = path.join(code);
        std::fs::create_dir(&place).unwrap();
        apps.push(app(&place, &format!("(module (func (export \"run\") (result i32) (i32.const {code})))")));
    }
    let text = fail(tool().arg("run").arg("--compiled").args(apps));
    assert!(text.contains("my-app: returned error 1") && text.contains("my-app: returned error 7"), "{text}");
}

#[test]
fn a_compiler_that_is_not_there_or_fails_is_told() {
    let path = directory("compiled-compiler");
    let any = app(&path, "(module (func (export \"run\") (result i32) (i32.const 0)))");
    let compiled = |compiler: &str| {
        let mut command = run(&any);
        // What it leaves behind would be seen here.
        command.arg("--compiled").env("CC", compiler).env("TMPDIR", &path);
        command
    };
    let text = fail(&mut compiled("/none/cc -O2"));
    assert!(text.contains("`/none/cc -O2` cannot be run: install one, or name another in CC"), "{text}");
    let text = fail(&mut compiled("cc --no-such-option"));
    assert!(text.contains("my-app.wat: `cc --no-such-option` cannot compile it (CC names another"), "{text}");
    assert_eq!(text.matches("no-such-option").count(), 2, "the compiler's own words: {text}");
    succeed(&mut compiled(""));
    assert_eq!(path.read_dir().unwrap().count(), 1);
}

#[test]
fn a_debugger_sees_the_source() {
    let path = directory("compiled-source");
    let sums = app(
        &path,
        "(module (memory 1) (func $sums (param i32) (result i32)\n\
        (i32.store (i32.const 4) (local.get 0))\n\
        (i32.add (i32.load (i32.const 8)) (i32.load (i32.const 4))))\n\
        (func (export \"run\") (result i32) (call $sums (i32.const 0))))",
    );
    // Shows what the compiler is given.
    let compiler = path.join("compiler");
    let script = "for argument; do case $argument in *.c) cat \"$argument\" >\"$SEEN\" ;; esac; done\nexec cc \"$@\"\n";
    std::fs::write(&compiler, script).unwrap();
    let seen = path.join("seen.c");
    let mut command = run(&sums);
    succeed(command.arg("--compiled").env("CC", format!("sh {}", compiler.display())).env("SEEN", &seen));
    let seen = std::fs::read_to_string(seen).unwrap();
    for line in 2..=4 {
        assert!(seen.contains(&format!("#line {line} \"{}\"\n", sums.display())), "{line}: {seen}");
    }
    // What is of no source has its own lines.
    let own = seen
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with("#line ") && line.ends_with("my_app_0.c\""));
    let own: Vec<_> = own.collect();
    assert!(!own.is_empty());
    assert!(own.iter().all(|(index, line)| line.starts_with(&format!("#line {} ", index + 2))), "{own:?}");
}

/// A compiler that is here, besides that which `cc` is.
fn clang() -> Option<&'static str> {
    let is_here = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    ["clang-22", "clang"].into_iter().find(is_here)
}

#[test]
fn another_compiler_may_be_named() {
    let Some(clang) = clang() else { return };
    let path = directory("compiled-clang");
    let reads = app(
        &path,
        "(module (memory 1) (func $reads (param i32) (result i32)\n\
        (i32.load (local.get 0)))\n\
        (func (export \"run\") (result i32) (call $reads (i32.const 65533))))",
    );
    // With options, and with nothing to say but what the app ends by.
    for compiler in [clang.to_owned(), format!("{clang} -O2")] {
        let text = fail(run(&reads).args(["--compiled", "--trace"]).env("CC", &compiler));
        assert!(text.contains("my-app: trapped: ") && text.contains("my-app.wat:2"), "{text}");
        assert!(!text.contains("warning"), "{text}");
    }
}

#[test]
fn a_frame_that_is_too_large_is_told() {
    let path = directory("compiled-frame");
    let large = app(
        &path,
        "(module (func $fib (export \"fib\") (param i32) (result i32)
          (if (i32.lt_u (local.get 0) (i32.const 2)) (then (return (local.get 0))))
          (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))",
    );
    // No compiler takes one of hundreds of kilobytes in the time of a test: this one takes even less than that.
    let compiler = path.join("compiler");
    std::fs::write(&compiler, "exec cc \"$@\" -Werror=stack-usage=16\n").unwrap();
    let text = fail(run(&large).arg("--compiled").env("CC", format!("sh {}", compiler.display())));
    assert!(text.contains("my-app.wat: a function has a frame of more than 262144 bytes"), "{text}");
    assert!(text.contains("stack usage is "), "{text}");
}

/// A product with one is the other factor, but for a signalling NaN, which becomes a quiet one.
#[test]
fn another_compiler_computes_the_same() {
    let Some(clang) = clang() else { return };
    let nan = app(
        &directory("compiled-nan"),
        r#"(module (func $product (param f32) (result f32) (f32.mul (local.get 0) (f32.const 1)))
          (func (export "run") (result i32)
            (i32.reinterpret_f32 (call $product (f32.reinterpret_i32 (i32.const 0x7fa00000))))))"#,
    );
    let text = fail(run(&nan).arg("--compiled").env("CC", clang));
    assert!(text.contains(&format!("my-app: returned error {}", 0x7fe0_0000)), "{text}");
}

/// A file may be for both kinds of apps.
#[test]
fn a_manifest_with_limits_of_the_interpreter_is_told_of_them() {
    let path = directory("compiled-limits");
    let deep = app(
        &path,
        r#"(module (func $deeper (param i32) (result i32)
            (if (result i32) (local.get 0) (then (call $deeper (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))
          (func (export "run") (result i32) (call $deeper (i32.const 100))))"#,
    );
    let with = |keys: &str| {
        std::fs::write(deep.with_extension("toml"), format!("name = \"deep\"\n{keys}\n")).unwrap();
        (told(&mut run(&deep)), told(run(&deep).arg("--compiled")))
    };
    let ended = |told: &(String, Option<i32>), end: &str| assert!(told.0.contains(end), "{told:?}");
    let (interpreted, compiled) = with("call-depth = 60");
    ended(&interpreted, "<err> deep: trapped: call stack exhausted: `call-depth` or `value-stack`");
    ended(&compiled, "<inf> deep: returned\n");
    ended(&compiled, "my-app.wat: `call-depth` in its manifest is for the interpreter only");
    // Of an interpreted app, it is more than the image has.
    let (interpreted, compiled) = with("call-depth = 200000\nvalue-stack = 8192");
    ended(&interpreted, "its manifest has call-depth = 200000, and an app of this image has 131072");
    ended(&compiled, "<inf> deep: returned\n");
    ended(&compiled, "my-app.wat: `value-stack` in its manifest is for the interpreter only");
    let (_, compiled) = with("handles = 2");
    assert!(!compiled.0.contains("warning"), "{compiled:?}");
}

#[test]
fn limits_of_the_interpreter_are_refused() {
    for option in ["--fuel", "--value-stack", "--call-depth"] {
        let text = fail(tool().args(["run", "--compiled", option, "100", "app.wasm"]));
        assert!(text.contains(&format!("cannot be used with '{option} ")), "{text}");
    }
}
