//! WASI: programs as the tool runs them, what a manifest says of it, and the table of functions against what others
//! know of WASI.

use crate::{directory, fail, succeed, tool};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_api::wasi::{GRANTS, Support, functions};

/// Copies the directories and files that it finds to its output, and what is more than WASI's rules allow is an error.
const LISTS: &str = include_str!("lists.wat");

fn program(directory: &Path, source: &str) -> PathBuf {
    let path = directory.join("program.wat");
    std::fs::write(&path, source).unwrap();
    path
}

#[test]
fn programs_have_arguments_and_exit_codes() {
    let directory = directory("wasi-arguments");
    // Exits with how many arguments it has.
    let counts = program(
        &directory,
        r#"(module
          (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 64 (pagesize 1))
          (func (export "_start")
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (call $exit (i32.load (i32.const 0)))))"#,
    );
    for (args, code) in [(&["--", "a", "b"][..], 3), (&["--env", "A=1"], 1)] {
        let output = tool().arg("run").arg(&counts).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(output.stdout.is_empty(), "a program's output is its own: {output:?}");
    }
}

#[test]
fn links_lead_nowhere_outside() {
    let place = directory("wasi-links");
    let card = place.join("card");
    std::fs::create_dir(&card).unwrap();
    std::fs::write(place.join("secret"), "secret").unwrap();
    std::fs::write(card.join("file"), "inside").unwrap();
    std::os::unix::fs::symlink("../secret", card.join("link")).unwrap();
    let lists = program(&place, LISTS);
    let run = |name: &str| {
        let mut command = tool();
        command.arg("run").arg(&lists).arg("--dir").arg(format!("/={}", card.display())).args(["--", name]);
        command
    };
    assert_eq!(succeed(&mut run("file")), "inside");
    for outside in ["link", "../secret", "file/../../secret", "/file"] {
        let text = fail(&mut run(outside));
        assert!(!text.contains("secret"), "{outside}: {text}");
    }
}

/// Removes what its first argument names, and exits with the error number.
const REMOVES: &str = r#"(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 512) "moved")
  (func (export "_start") (local $from i32) (local $length i32)
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $args (i32.const 16) (i32.const 64)))
    (local.set $from (i32.load (i32.const 20)))
    (local.set $length (i32.sub (i32.add (i32.const 63) (i32.load (i32.const 4))) (local.get $from)))
    (drop (call $rename (i32.const 3) (local.get $from) (local.get $length) (i32.const 3) (i32.const 512) (i32.const 5)))
    (call $exit (call $unlink (i32.const 3) (i32.const 512) (i32.const 5)))))"#;

#[test]
fn a_link_is_removed_and_not_what_it_leads_to() {
    let place = directory("wasi-remove-links");
    let card = place.join("card");
    std::fs::create_dir_all(card.join("directory/inside")).unwrap();
    std::fs::write(card.join("file"), "kept").unwrap();
    let removes = program(&place, REMOVES);
    for to in ["file", "directory", "none-such", "../outside", "/"] {
        std::os::unix::fs::symlink(to, card.join("link")).unwrap();
        let mut run = tool();
        run.arg("run").arg(&removes).arg("--dir").arg(format!("/={}", card.display())).args(["--", "link"]);
        let output = run.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{to}: {output:?}");
        assert!(card.join("link").symlink_metadata().is_err(), "{to}");
    }
    let mut left: Vec<_> = card.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["directory", "file"]);
}

#[test]
fn a_directory_may_have_an_equals_sign() {
    let place = directory("wasi-equals");
    let card = place.join("a=b");
    std::fs::create_dir(&card).unwrap();
    std::fs::write(card.join("file"), "inside").unwrap();
    let lists = program(&place, LISTS);
    for dir in ["=a=b", "/=a=b"] {
        let mut command = tool();
        command.current_dir(&place).arg("run").arg(&lists).args(["--dir", dir, "--", "file"]);
        assert_eq!(succeed(&mut command), "inside", "{dir}");
    }
    let text = fail(tool().current_dir(&place).arg("run").arg(&lists).args(["--dir", "a=b"]));
    assert!(text.contains("write =a=b"), "{text}");
}

#[test]
fn what_is_no_directory_is_told() {
    let place = directory("wasi-directories");
    let path = program(&place, "(module (func (export \"_start\")))");
    let text = fail(tool().arg("run").arg(&path).args(["--dir", "/none-such"]));
    assert!(text.contains("no such directory"), "{text}");
    let text = fail(tool().arg("run").arg(&path).args(["--mount", "lfs=."]));
    assert!(text.contains("begins with `/`"), "{text}");
}

#[test]
fn a_manifest_says_what_a_program_has() {
    let place = directory("wasi-manifest");
    let card = place.join("card");
    std::fs::create_dir(&card).unwrap();
    let lists = program(&place, LISTS);
    let manifest = |wasi: &str| {
        let text = format!("name = \"program\"\n[imports]\nwasi = {{ {wasi} }}\n");
        std::fs::write(place.join("program.toml"), text).unwrap();
    };
    let run = || {
        let mut command = tool();
        command.arg("run").arg(&lists).arg("--mount").arg(format!("/lfs={}", card.display()));
        command
    };
    std::fs::write(card.join("greeting"), "from the card\n").unwrap();
    manifest("dirs = [\"/=/lfs\"], args = [\"greeting\"], stdout = \"/lfs/copy\"");
    assert_eq!(succeed(&mut run()), "");
    assert_eq!(std::fs::read_to_string(card.join("copy")).unwrap(), "from the card\n");
    manifest("dirs = [\"/=/lfs\"], args = [\"greeting\"], stdout = \"log\"");
    assert!(succeed(&mut run()).contains("<inf> program: from the card"));
    // Its last line has no end.
    std::fs::write(card.join("greeting"), "first\n\nlast").unwrap();
    let text = succeed(&mut run());
    assert!(text.contains("<inf> program: first\n") && text.contains("<inf> program: last\n"), "{text}");
    assert!(!text.contains("program: \n"), "{text}");
    manifest("folders = [\"/\"]");
    let text = fail(&mut run());
    assert!(text.contains("`wasi` has no grant `folders`; it has: args, env, dirs"), "{text}");
    // Another one in place of that beside it.
    let other = place.join("other.toml");
    std::fs::write(
        &other,
        "name = \"other\"\n[imports]\nwasi = { dirs = [\"/=/lfs\"], args = [\"greeting\"] }\n",
    )
    .unwrap();
    assert!(succeed(run().arg("--manifest").arg(&other)).contains("last"));
    assert!(fail(run().arg("--manifest").arg(place.join("none.toml"))).contains("cannot read"));
    assert!(fail(run().arg(&lists).arg("--manifest").arg(&other)).contains("--manifest is of one app"));
}

/// Writes a line to its output, so many times.
fn writes(times: u32) -> String {
    format!(
        r#"(module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\10\00\00\00\08\00\00\00")
          (data (i32.const 16) "0123456\0a")
          (func (export "_start") (local $left i32)
            (local.set $left (i32.const {times}))
            (loop $again
              (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
              (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#
    )
}

/// Makes an app of these files: its name, its source and what its manifest grants it of WASI.
fn app(place: &Path, name: &str, source: &str, wasi: &str) -> PathBuf {
    let path = place.join(name).with_extension("wat");
    std::fs::write(&path, source).unwrap();
    let manifest = format!("name = \"{name}\"\n[imports]\nwasi = {{ {wasi} }}\n");
    std::fs::write(path.with_extension("toml"), manifest).unwrap();
    path
}

#[test]
fn outputs_that_append_to_one_file_lose_nothing() {
    let place = directory("wasi-append");
    let card = place.join("card");
    std::fs::create_dir(&card).unwrap();
    let apps = ["one", "other"].map(|name| app(&place, name, &writes(20_000), "stdout = \">>/lfs/log\""));
    succeed(tool().arg("run").args(apps).arg("--mount").arg(format!("/lfs={}", card.display())));
    assert!(std::fs::read_to_string(card.join("log")).unwrap() == "0123456\n".repeat(40_000));
}

/// Makes a file and removes it, again and again.
const COMES_AND_GOES: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "file")
  (func (export "_start") (local $left i32)
    (local.set $left (i32.const 10000))
    (loop $again
      (drop (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 1) (i64.const 64)
        (i64.const 0) (i32.const 0) (i32.const 0)))
      (drop (call $close (i32.load (i32.const 0))))
      (drop (call $unlink (i32.const 3) (i32.const 16) (i32.const 4)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#;

/// Lists its directory, again and again, and exits with the first error.
const LISTS_ON: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_readdir" (func $list (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $left i32) (local $errno i32)
    (local.set $left (i32.const 10000))
    (loop $again
      (local.set $errno
        (call $list (i32.const 3) (i32.const 16) (i32.const 4096) (i64.const 0) (i32.const 0)))
      (if (local.get $errno) (then (call $exit (local.get $errno))))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#;

#[test]
fn a_directory_is_listed_while_others_change_it() {
    let place = directory("wasi-list-changes");
    let card = place.join("card");
    std::fs::create_dir(&card).unwrap();
    let granted = "dirs = [\"/=/lfs\"]";
    let apps = [("goes", COMES_AND_GOES), ("lists", LISTS_ON)];
    let apps = apps.map(|(name, source)| app(&place, name, source, granted));
    succeed(tool().arg("run").args(apps).arg("--mount").arg(format!("/lfs={}", card.display())));
}

/// Makes files that nobody has made yet, each by a number of five digits, and writes the names of those that it made.
const MAKES: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\20\00\00\00\06\00\00\00")
  (data (i32.const 32) "00000\0a")
  (func (export "_start") (local $number i32) (local $rest i32) (local $digit i32)
    (loop $again
      (local.set $rest (local.get $number))
      (local.set $digit (i32.const 36))
      (loop $digits
        (i32.store8 (local.get $digit)
          (i32.add (i32.const 48) (i32.rem_u (local.get $rest) (i32.const 10))))
        (local.set $rest (i32.div_u (local.get $rest) (i32.const 10)))
        (br_if $digits
          (i32.ge_u (local.tee $digit (i32.sub (local.get $digit) (i32.const 1))) (i32.const 32))))
      ;; CREATE | EXCLUSIVE, to write.
      (if (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 5) (i32.const 5)
            (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0)))
        (then
          (drop (call $close (i32.load (i32.const 0))))
          (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
      (br_if $again
        (i32.lt_u (local.tee $number (i32.add (local.get $number) (i32.const 1))) (i32.const 5000))))))"#;

#[test]
fn of_two_that_make_a_file_exclusively_one_does() {
    let place = directory("wasi-exclusive");
    let card = place.join("card");
    std::fs::create_dir(&card).unwrap();
    std::os::unix::fs::symlink("nowhere", card.join("00007")).unwrap();
    let granted = "dirs = [\"/=/lfs\"]";
    let apps = ["one", "other"].map(|name| app(&place, name, MAKES, granted));
    let made = succeed(tool().arg("run").args(apps).arg("--mount").arg(format!("/lfs={}", card.display())));
    let mut made: Vec<&str> = made.lines().collect();
    made.sort_unstable();
    let all: Vec<String> =
        (0..5000).filter(|number| *number != 7).map(|number| format!("{number:05}")).collect();
    assert_eq!(made, all);
    assert!(!card.join("nowhere").exists(), "made behind a link");
}

/// Copies its input to its output, after a while of doing nothing.
const COPIES_LATER: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\20\00\00\00\40\00\00\00")
  (func (export "_start") (local $waited i32)
    (loop $waits
      (br_if $waits
        (i32.lt_u (local.tee $waited (i32.add (local.get $waited) (i32.const 1))) (i32.const 20000000))))
    (loop $again
      (i32.store (i32.const 4) (i32.const 64))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
      (if (i32.load (i32.const 4))
        (then
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (br $again))))))"#;

#[test]
fn a_pipe_has_what_was_left_in_it() {
    let place = directory("wasi-left");
    let writes = app(&place, "writes", &writes(3), "stdout = \"pipe:line\"");
    let copies = app(&place, "copies", COPIES_LATER, "stdin = \"pipe:line\"");
    let output = tool().arg("run").args([&writes, &copies]).args(["--time", "60000"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0123456\n".repeat(3), "{output:?}");
}

#[test]
fn a_program_that_writes_nothing_has_an_output() {
    const SAYS_NOTHING: &str = r#"(module
      (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start") (drop (call $prestat (i32.const 3) (i32.const 0)))))"#;
    let place = directory("wasi-nothing");
    let card = place.join("card");
    std::fs::create_dir(&card).unwrap();
    std::fs::write(card.join("out"), "of before").unwrap();
    let mount = format!("/lfs={}", card.display());
    let says = app(&place, "says", SAYS_NOTHING, "stdout = \"/lfs/out\"");
    succeed(tool().arg("run").arg(&says).args(["--mount", &mount]));
    assert_eq!(std::fs::read(card.join("out")).unwrap(), b"");
    // Who reads what it says comes to an end.
    let says = app(&place, "says", SAYS_NOTHING, "stdout = \"pipe:line\"");
    let copies = app(&place, "copies", COPIES_LATER, "stdin = \"pipe:line\"");
    assert_eq!(succeed(tool().arg("run").args([copies, says]).args(["--time", "60000"])), "");
}

#[test]
fn an_output_that_cannot_be_opened_is_told_once() {
    let place = directory("wasi-unopened");
    for to in ["/none/file", "pipe:as-long-as-none-is", "pipe:"] {
        let writes = app(&place, "writes", &writes(3), &format!("stdout = \"{to}\""));
        let text = succeed(tool().arg("run").arg(writes));
        assert_eq!(
            text.matches(&format!("writes: its stdout cannot be opened: {to}: ")).count(),
            1,
            "{text}"
        );
    }
}

/// A program of snapshot 0, which firmware runs, too: what preview 1 has otherwise is as it was.
#[test]
fn programs_of_snapshot_0_run() {
    let place = directory("wasi-unstable");
    let unstable = program(&place, include_str!("../../../../tests/wasi/programs/unstable.wat"));
    let dir = format!("/={}", place.display());
    for options in [&[][..], &["--compiled"]] {
        assert_eq!(
            succeed(tool().arg("run").arg(&unstable).args(["--dir", &dir]).args(options)),
            "of snapshot 0\n"
        );
    }
    // A manifest grants it as it grants preview 1.
    let manifest = place.join("program.toml");
    std::fs::write(&manifest, "name = \"old\"\n[imports]\nlog = true\n").unwrap();
    let text = fail(tool().arg("check").arg(&unstable));
    assert!(
        text.contains(
            "`wasi_unstable`, which its manifest does not grant: add `\"wasi_snapshot_preview1\" = "
        ),
        "{text}"
    );
    std::fs::write(&manifest, "name = \"old\"\n[imports]\nwasi = { dirs = [\"/=/lfs\"] }\n").unwrap();
    assert!(succeed(tool().arg("check").arg(&unstable)).contains("old: can run here"));
    let config = place.join(".config");
    std::fs::write(&config, "CONFIG_WASM=y\nCONFIG_WASM_WASI=y\nCONFIG_WASM_APP_HEAP_SIZE=131072\n").unwrap();
    let text = fail(tool().arg("check").arg(&unstable).arg("--board").arg(&config));
    assert!(
        text.contains("needs `wasi_unstable`, which this image leaves out: set CONFIG_WASM_WASI_UNSTABLE=y"),
        "{text}"
    );
    // It has no more than snapshot 0 had.
    let later = program(
        &place,
        r#"(module (import "wasi_unstable" "sock_accept" (func (param i32 i32 i32) (result i32))) (func (export "_start")))"#,
    );
    assert!(
        fail(tool().arg("run").arg(&later))
            .contains("imports `sock_accept`, which `wasi_unstable` does not have")
    );
}

/// The types of WASI's functions as the `wasi` crate has them: `i` for 32 bits, `l` for 64.
fn types_of_the_crate() -> BTreeMap<String, String> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        // What is for other systems may not be here.
        .arg(format!("--filter-platform={}-unknown-linux-gnu", std::env::consts::ARCH))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let wasi = packages.iter().find(|package| package["name"] == "wasi").expect("the crate `wasi`");
    let manifest = Path::new(wasi["manifest_path"].as_str().unwrap());
    let source = std::fs::read_to_string(manifest.with_file_name("src/lib_generated.rs")).unwrap();
    let imports = source.split("pub mod wasi_snapshot_preview1").nth(1).unwrap();
    let mut types = BTreeMap::new();
    for function in imports.split("pub fn ").skip(1) {
        let (name, rest) = function.split_once('(').unwrap();
        let (params, result) = rest.split_once(')').unwrap();
        let mut letters: String = params
            .split(',')
            .filter_map(|param| param.split_once(": "))
            .map(|(_, ty)| if ty.trim() == "i64" { 'l' } else { 'i' })
            .collect();
        if result.trim_start().starts_with("-> !") {
            letters = "exit".into();
        } else if letters.is_empty() {
            letters = "none".into();
        }
        types.insert(name.to_owned(), letters);
    }
    types
}

#[test]
fn the_table_is_wasi() {
    let ours: BTreeMap<String, String> =
        functions().map(|(name, _, ty)| (name.to_owned(), ty.to_lowercase())).collect();
    assert_eq!(ours, types_of_the_crate());
}

/// The tables in `docs/wasi.md` are of what there is. `UPDATE_DOCS=1` writes them.
#[test]
fn the_documentation_is_true() {
    const BEGIN: &str =
        "<!-- Generated from rust/api/src/wasi. UPDATE_DOCS=1 cargo test makes it anew. -->\n";
    const END: &str = "<!-- The end of what is generated. -->\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/wasi.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the beginning");
    let (_, after) = rest.split_once(END).expect("the end");
    let names = |wanted: Support| {
        let names = functions().filter(|(_, support, _)| *support == wanted);
        names.map(|(name, ..)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let mut made = format!("{BEGIN}\n| | functions |\n|---|---|\n");
    made += &format!("| `CONFIG_WASM_WASI` | {} |\n", names(Support::Always));
    made += &format!("| `CONFIG_WASM_WASI_FILES` | {} |\n", names(Support::Files));
    made += &format!("| not supported: `ENOSYS` | {} |\n", names(Support::No));
    made += "\n| key under `wasi` | what it grants |\n|---|---|\n";
    for (name, is_number, docs) in GRANTS {
        made += &format!("| `{name}`, {} | {docs} |\n", if *is_number { "a number" } else { "texts" });
    }
    let new = format!("{before}{made}\n{END}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, new).unwrap();
    } else {
        assert!(text == new, "docs/wasi.md: stale, UPDATE_DOCS=1 makes it anew");
    }
}

/// So is that of what POSIX says, which the program of those cases runs on each file system (`tests/wasi`).
#[test]
fn the_table_of_posix_is_true() {
    const BEGIN: &str =
        "<!-- Generated from tests/wasi/programs/posix.c. UPDATE_DOCS=1 cargo test makes it anew. -->\n";
    const HEAD: &str = "\n| | POSIX | LittleFS | FAT | this machine |\n|---|---|---|---|---|\n";
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = std::fs::read_to_string(here.join("../../tests/wasi/programs/posix.c")).unwrap();
    let mut table = String::from(HEAD);
    let (cases, _) = cases.split_once("cases[] = {").and_then(|(_, rest)| rest.split_once("\n};")).unwrap();
    let texts: Vec<&str> = cases.split('"').skip(1).step_by(2).collect();
    for texts in texts.chunks(5) {
        // What is as POSIX has it is not what a reader looks for.
        let row: Vec<&str> =
            texts[2..].iter().map(|text| if *text == texts[1] { "" } else { *text }).collect();
        table += &format!("| {} | {} | {} |\n", texts[0], texts[1], row.join(" | "));
    }
    let path = here.join("../../docs/wasi.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the beginning");
    let (_, after) = rest.trim_start().split_once("\n\n").expect("the end of the table");
    let new = format!("{before}{BEGIN}{table}\n{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, new).unwrap();
    } else {
        assert!(text == new, "docs/wasi.md: stale, UPDATE_DOCS=1 makes it anew");
    }
}
