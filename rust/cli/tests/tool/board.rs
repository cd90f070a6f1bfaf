//! What `--board` has `zephyr-wasm run` be like.

use crate::{directory, fail, succeed, tool};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const LISTS: &str = include_str!("lists.wat");

fn config(place: &Path, symbols: &[&str]) -> PathBuf {
    let path = place.join(".config");
    let lines = symbols.iter().map(|symbol| format!("CONFIG_{symbol}\n"));
    fs::write(&path, lines.collect::<String>()).unwrap();
    path
}

/// `run` of a program that copies the file `name` in place of a firmware.
fn copies(place: &Path, symbols: &[&str]) -> Command {
    let card = place.join("card");
    fs::create_dir_all(&card).unwrap();
    fs::write(card.join("file"), "inside").unwrap();
    let program = place.join("program.wat");
    fs::write(&program, LISTS).unwrap();
    let mut run = tool();
    run.arg("run").arg("--board").arg(config(place, symbols)).arg(program);
    run.arg("--dir").arg(format!("/={}", card.display())).args(["--", "file"]);
    run
}

#[test]
fn a_firmware_without_files_has_none_here() {
    let place = directory("board-files");
    let with = ["WASM=y", "WASM_WASI=y", "WASM_WASI_FILES=y", "WASM_WASI_OPEN_FILE_COUNT=1"];
    assert_eq!(succeed(&mut copies(&place, &with)), "inside");
    for without in [&with[..2], &["WASM=y", "WASM_WASI=y", "WASM_WASI_FILES=y", "WASM_WASI_FILES=n"]] {
        let text = fail(&mut copies(&place, without));
        assert!(!text.contains("inside"), "{text}");
        let mut check = tool();
        check.arg("check").arg(place.join("program.wat")).arg("--board").arg(config(&place, without));
        let text = succeed(&mut check);
        assert!(
            text.contains("path_open  (it returns `nosys` there: set CONFIG_WASM_WASI_FILES=y)"),
            "{text}"
        );
    }
    let text = fail(&mut copies(&place, &["WASM=y"]));
    assert!(text.contains("set CONFIG_WASM_WASI=y"), "{text}");
}

#[test]
fn a_program_opens_as_many_files_as_a_firmware_lets_it() {
    let place = directory("board-open-files");
    let (_, opens) = LISTS.split_once(";; With the right to read.").unwrap();
    let (opens, _) = opens.split_once(";; One piece").unwrap();
    let run = |most: usize| {
        let most = format!("WASM_WASI_OPEN_FILE_COUNT_PER_PROGRAM={most}");
        let mut run = copies(
            &place,
            &["WASM=y", "WASM_WASI=y", "WASM_WASI_FILES=y", "WASM_WASI_OPEN_FILE_COUNT=2", &most],
        );
        fs::write(place.join("program.wat"), LISTS.replace(opens, &opens.repeat(2))).unwrap();
        run.output().unwrap()
    };
    assert_eq!(run(2).stdout, b"inside");
    // EMFILE.
    assert_eq!(run(1).status.code(), Some(33));
}

#[test]
fn of_a_symbol_that_is_there_twice_the_last_counts() {
    let place = directory("board-twice");
    for last in ["CONFIG_WASM_WASI_FILES=n\n", "# CONFIG_WASM_WASI_FILES is not set\n"] {
        let mut run = copies(&place, &["WASM=y", "WASM_WASI=y", "WASM_WASI_FILES=y"]);
        let before = fs::read_to_string(place.join(".config")).unwrap();
        fs::write(place.join(".config"), before + last).unwrap();
        assert!(!fail(&mut run).contains("inside"), "{last}");
    }
}

#[test]
fn a_firmware_has_room_for_so_many_apps() {
    let place = directory("board-apps");
    let app = place.join("app.wat");
    fs::write(&app, "(module (func (export \"run\") (result i32) (i32.const 0)))").unwrap();
    let run = |apps: usize| {
        let mut run = tool();
        run.arg("run")
            .arg("--board")
            .arg(config(&place, &["WASM=y", "WASM_MAX_APPS=2"]))
            .args(vec![&app; apps]);
        run
    };
    succeed(&mut run(2));
    let text = fail(&mut run(3));
    assert!(text.contains("3 apps, and the firmware has room for CONFIG_WASM_MAX_APPS=2"), "{text}");
}

#[test]
fn apps_have_the_memory_and_the_fuel_of_a_firmware() {
    let place = directory("board-limits");
    let app = place.join("app.wat");
    let run = |symbols: &[&str], command: &str| {
        let mut tool = tool();
        tool.arg(command).arg(&app).arg("--board").arg(config(&place, symbols));
        tool
    };
    // 100 pages are more than there is besides what a firmware has.
    let large =
        "(module (memory (export \"memory\") 100) (func (export \"run\") (result i32) (i32.const 0)))";
    fs::write(&app, large).unwrap();
    for command in ["check", "run"] {
        succeed(&mut run(&["WASM=y", "WASM_APP_HEAP_SIZE=16777216"], command));
        let text = fail(&mut run(&["WASM=y", "WASM_APP_HEAP_SIZE=65536"], command));
        assert!(text.contains("CONFIG_WASM_APP_HEAP_SIZE"), "{text}");
    }
    let spins = "(module (func (export \"run\") (result i32) (local $left i32) \
                 (local.set $left (i32.const 100000)) (loop $again \
                 (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))) (i32.const 0)))";
    fs::write(&app, spins).unwrap();
    succeed(&mut run(&["WASM=y", "WASM_APP_FUEL=0"], "run"));
    let text = fail(&mut run(&["WASM=y", "WASM_APP_FUEL=1000"], "run"));
    assert!(text.contains("fuel"), "{text}");
}

/// Accepts connections at a port of this machine where there is room for one: the second has to wait until the first is gone.
const ACCEPTS: &str = r#"(module
  (import "zephyr:sockets/sockets@0.1.0" "[static]tcp-socket.create" (func $create (param i32 i32)))
  (import "zephyr:sockets/sockets@0.1.0" "[method]tcp-socket.bind"
    (func $bind (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "zephyr:sockets/sockets@0.1.0" "[method]tcp-socket.listen" (func $listen (param i32 i32 i32)))
  (import "zephyr:sockets/sockets@0.1.0" "[method]tcp-socket.accept" (func $accept (param i32 i64 i32)))
  (import "zephyr:sockets/sockets@0.1.0" "[resource-drop]tcp-socket" (func $drop (param i32)))
  (memory (export "memory") 1)
  (func $accepts (param i32) (result i32)
    (call $accept (local.get 0) (i64.const 20000000000) (i32.const 16))
    (i32.eqz (i32.load8_u (i32.const 16))))
  (func (export "run") (result i32) (local $listener i32) (local $first i32)
    (call $create (i32.const 0) (i32.const 16))
    (local.set $listener (i32.load (i32.const 20)))
    (call $bind (local.get $listener) (i32.const 0) (i32.const 127) (i32.const 0) (i32.const 0) (i32.const 1)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const PORT) (i32.const 16))
    (call $listen (local.get $listener) (i32.const 4) (i32.const 16))
    (if (i32.eqz (call $accepts (local.get $listener))) (then (return (i32.const 1))))
    (local.set $first (i32.load (i32.const 20)))
    (if (call $accepts (local.get $listener)) (then (return (i32.const 2))))
    (call $drop (local.get $first))
    (if (i32.eqz (call $accepts (local.get $listener))) (then (return (i32.const 3))))
    (i32.const 0)))"#;

#[test]
fn who_connects_waits_for_room() {
    let place = directory("board-sockets");
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let app = place.join("accepts.wat");
    fs::write(&app, ACCEPTS.replace("PORT", &address.port().to_string())).unwrap();
    let manifest = "name = \"accepts\"\n[imports]\nsockets = { bind = [\"tcp:*\"] }\n";
    fs::write(place.join("accepts.toml"), manifest).unwrap();
    let mut run = tool();
    run.arg("run")
        .arg("--board")
        .arg(config(&place, &["WASM=y", "WASM_API_SOCKETS=y", "WASM_SOCKET_COUNT=2"]));
    let mut running = run.arg(&app).spawn().expect("it starts");
    let began = Instant::now();
    let connect = || loop {
        if let Ok(connection) = TcpStream::connect(address) {
            return connection;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "nobody listens");
        std::thread::sleep(Duration::from_millis(20));
    };
    let connections = [connect(), connect()];
    assert!(running.wait().unwrap().success());
    drop(connections);
}

#[test]
fn a_firmware_without_a_supervisor_starts_nothing_again() {
    let place = directory("board-supervisor");
    let app = place.join("app.wat");
    fs::write(&app, "(module (func (export \"run\") (result i32) (i32.const 0)))").unwrap();
    // A heartbeat of 0 is none.
    fs::write(place.join("app.toml"), "name = \"app\"\nrestart = \"always\"\nheartbeat = 0\n").unwrap();
    for (symbols, again) in [(&["WASM=y"][..], false), (&["WASM=y", "WASM_SUPERVISOR=y"], true)] {
        let mut run = tool();
        run.arg("run").arg("--board").arg(config(&place, symbols)).arg(&app).args(["--time", "500"]);
        let text = succeed(&mut run);
        assert!(text.contains("app: returned"), "{text}");
        assert_eq!(text.contains("started again in"), again, "{text}");
    }
}
