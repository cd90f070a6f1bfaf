//! Runs every guest in `tests/guests/`, and checks that it ends as it says in its second line. The firmware's test
//! `tests/runtime` runs the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use zephyr_wasm_platform_host::{App, RegionAllocator, Settings};
use zephyr_wasm_runtime::End;
use zephyr_wasm_runtime::engine::select;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

const REGION: usize = 64 * 1024;

/// `;; end: KIND DETAIL "part of the message"`
struct Expectation {
    kind: String,
    detail: String,
    message: String,
}

fn expectation(source: &str) -> Option<Expectation> {
    let line = source.lines().nth(1)?.strip_prefix(";; end: ")?;
    let (words, message) = line.split_once(" \"")?;
    let (kind, detail) = words.split_once(' ')?;
    Some(Expectation { kind: kind.into(), detail: detail.into(), message: message.strip_suffix('"')?.into() })
}

/// The guests' files. Large ones are made, once for all tests of this process.
fn guests() -> Vec<PathBuf> {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(found).clone()
}

fn found() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests");
    let large = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests");
    let status = Command::new("python3").arg(directory.join("large.py")).arg(&large).status();
    assert!(status.expect("there is python3").success());
    let files = [directory, large].map(|directory| fs::read_dir(directory).unwrap());
    let files = files.into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "wat")).collect();
    files.sort();
    files
}

/// An end as the guests' second lines have it.
fn words(end: End) -> (String, String) {
    let upper = |name: String| {
        let mut upper = String::new();
        for character in name.chars() {
            if character.is_uppercase() && !upper.is_empty() {
                upper.push('_');
            }
            upper.extend(character.to_uppercase());
        }
        upper
    };
    let debug = format!("{end:?}");
    let kind = upper(debug.split('(').next().unwrap().to_owned());
    match end {
        End::Refused(refusal) => (kind, upper(format!("{refusal:?}"))),
        _ => (kind, end.codes().1.to_string()),
    }
}

fn start(name: &str, wasm: Vec<u8>) -> App {
    let settings = Settings { region: REGION, ..Settings::new(name) };
    App::start(settings, wasm).expect("there is a thread")
}

#[test]
fn every_guest_ends_as_it_says() {
    let files = guests();
    assert!(files.len() > 90);
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let source = fs::read_to_string(&path).unwrap();
        let expected =
            expectation(&source).unwrap_or_else(|| panic!("{name}: its second line is not an end"));
        let mut wasm = wat::parse_str(&source).unwrap_or_else(|error| panic!("{name}: {error}"));
        if name == "selects" {
            // As `zephyr-wasm pack` does, without which it is refused.
            assert!(select::has_edits(&wasm));
            wasm = select::mended(&wasm).expect("known instructions");
        }
        let app = start(&name, wasm);
        if expected.kind == "KILLED" {
            std::thread::sleep(Duration::from_millis(30));
            assert!(!app.has_ended(), "{name} ended by itself");
            app.kill();
        }
        let (end, message, _) = app.join();
        let (kind, detail) = words(end);
        if (&kind, &detail) != (&expected.kind, &expected.detail) || !message.contains(&expected.message) {
            wrong.push(format!("{name}: {kind} {detail} \"{message}\""));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

/// The table in `docs/attacks.md` is of the guests that there are. `UPDATE_DOCS=1` writes it.
#[test]
fn the_table_of_guests_is_true() {
    const HEAD: &str = "| guest | what it does | how it ends |\n|---|---|---|\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/attacks.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, old) = text.split_once(HEAD).expect("the table is there");
    let mut files = guests();
    files.sort_by_key(|path| path.file_stem().map(ToOwned::to_owned));
    let mut table = String::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        let end = expectation(&source).expect("its second line is an end");
        let name = file.file_stem().unwrap().to_string_lossy();
        let idea = source.lines().next().unwrap().trim_start_matches(";; ");
        let kind = end.kind.to_lowercase().replace('_', " ");
        let what = if kind == end.message || kind == "out of memory" {
            kind
        } else {
            format!("{kind}: {}", end.message.trim_end_matches(": "))
        };
        table += &format!("| {name} | {idea} | {what} |\n");
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{HEAD}{table}")).unwrap();
    } else {
        assert!(old == table, "docs/attacks.md: stale, UPDATE_DOCS=1 makes it anew");
    }
}

#[test]
fn a_guest_runs_while_others_end_badly() {
    let source = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/guests/{name}.wat"));
        wat::parse_str(fs::read_to_string(path).unwrap()).unwrap()
    };
    let spinning = start("spins", source("spins"));
    for _ in 0..20 {
        for name in ["out_of_memory", "trap_recursion", "violates_pointer", "refused_invalid_simd"] {
            assert!(!start(name, source(name)).join().0.is_success());
        }
        assert_eq!(start("returns", source("returns")).join().0, End::Returned(0));
    }
    assert!(!spinning.has_ended());
    spinning.kill();
    assert_eq!(spinning.join().0, End::Killed);
}

/// What it grows to, and the engine besides, is all that there is: nothing is there twice.
#[test]
fn a_large_memory_grows_by_a_page() {
    let wasm = wat::parse_str(
        "(module (memory 17) (func (export \"run\") (result i32)
            (i32.ne (memory.grow (i32.const 1)) (i32.const 17))))",
    );
    let settings = Settings { region: 18 * 65536 + 128 * 1024, ..Settings::new("large") };
    let (end, message, _) = App::start(settings, wasm.unwrap()).expect("there is a thread").join();
    assert_eq!(end, End::Returned(0), "{message}");
}

/// Only a growth may fail that asks for memory: behind one that asks for none, what does not fit ends the app, and not
/// all of the host. Here, tables take what there is, and then the engine's stack grows behind growths that cannot be.
#[test]
fn what_comes_behind_a_growth_of_a_table_may_not_fail() {
    let names = ["$a", "$b", "$c", "$d", "$e", "$f"];
    let tables: String = names.map(|name| format!("(table {name} 1 funcref)")).concat();
    let take = |name| {
        format!(
            "(loop $more (br_if $more
                (i32.ne (table.grow {name} (ref.null func) (i32.const 4)) (i32.const -1))))"
        )
    };
    let wasm = wat::parse_str(format!(
        "(module (table $full 1 1 funcref) {tables}
            (func $deeper (param $left i32)
                (drop (table.grow $full (ref.null func) (i32.const 1)))
                (if (local.get $left) (then (call $deeper (i32.sub (local.get $left) (i32.const 1))))))
            (func (export \"run\") (result i32)
                (call $deeper (i32.const 0))
                {}
                (call $deeper (i32.const 50))
                i32.const 0))",
        names.map(take).concat()
    ))
    .unwrap();
    let end = |region| {
        let settings = Settings { region, ..Settings::new("tables") };
        App::start(settings, wasm.clone()).expect("there is a thread").join().0
    };
    assert_eq!(end(256 * 1024), End::Returned(0));
    let ends: Vec<End> = (8 * 1024..48 * 1024).step_by(128).map(end).collect();
    let is_known = |end: &End| matches!(end, End::OutOfMemory | End::Refused(_) | End::Returned(0));
    assert!(ends.iter().all(is_known), "{ends:?}");
    assert!(ends.iter().filter(|end| **end == End::OutOfMemory).count() > 10, "{ends:?}");
}

#[test]
fn every_shortened_module_is_refused() {
    let whole =
        wat::parse_str("(module (memory 64) (func (export \"run\") (result i32) i32.const 0))").unwrap();
    for length in 0..whole.len() {
        let (end, message, _) = start("shortened", whole[..length].to_vec()).join();
        assert!(matches!(end, End::Refused(_)), "{length} bytes: {end:?}");
        assert!(!message.is_empty());
    }
}

/// Whatever is done to a module, the host survives it.
#[test]
fn damaged_modules_end_somehow() {
    let source = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests/violates_dropped_handle.wat"),
    );
    let whole = wat::parse_str(source.unwrap()).unwrap();
    for position in 8..whole.len() {
        for value in [0, 0x7f, 0x80, 0xff, whole[position] ^ 1] {
            let mut damaged = whole.clone();
            damaged[position] = value;
            let app = start("damaged", damaged);
            std::thread::sleep(Duration::from_micros(200));
            app.kill();
            app.join();
        }
    }
}
