//! Modules that nobody would write, by wasm-smith. Whatever they are, they are refused or end in a way that is defined, and
//! leave nothing behind.

use arbitrary::Unstructured;
use std::time::{Duration, Instant};
use wasm_smith::{Config, Module};
use zephyr_wasm_platform_host::{App, Settings};
use zephyr_wasm_runtime::engine::select;
use zephyr_wasm_runtime::{End, Limits};

/// What every made module exports, so that it runs.
const EXPORTS: &str =
    r#"(module (func (export "run") (result i32) unreachable) (memory (export "memory") 1))"#;

/// What a made module may import.
const IMPORTS: &str = r#"(module
    (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func (result i64)))
    (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func (param i64 i32)))
    (import "zephyr:timer/timer@0.1.0" "[method]timer.expired" (func (param i32) (result i32)))
    (import "zephyr:timer/timer@0.1.0" "[resource-drop]timer" (func (param i32)))
    (import "zephyr:lifecycle/lifecycle@0.1.0" "stopping" (func (result i32)))
    (import "wasi:logging/logging@0.1.0-draft" "log" (func (param i32 i32 i32 i32 i32)))
    (import "wasi:random/random@0.3.0" "get-random-bytes" (func (param i64 i32))))"#;

/// What wasm-smith may make for this engine (`rust/engine/src/settings.rs`): all that it has, and no more.
pub fn of_the_engine() -> Config {
    Config {
        max_memories: 1,
        table_max_size_required: true,
        bulk_memory_enabled: true,
        reference_types_enabled: true,
        multi_value_enabled: true,
        sign_extension_ops_enabled: true,
        saturating_float_to_int_enabled: true,
        custom_page_sizes_enabled: true,
        extended_const_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        compact_imports_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        relaxed_simd_enabled: false,
        wide_arithmetic_enabled: false,
        shared_everything_threads_enabled: false,
        ..Config::default()
    }
}

/// The same with our imports and exports, and a little that the engine has not.
fn config(simd: bool, tail_calls: bool, multi_value: bool) -> Config {
    Config {
        exports: Some(wat::parse_str(EXPORTS).expect("our own text")),
        available_imports: Some(wat::parse_str(IMPORTS).expect("our own text")),
        max_imports: 7,
        max_funcs: 40,
        max_memory32_bytes: 65536,
        max_tables: 4,
        max_table_elements: 2000,
        multi_value_enabled: multi_value,
        simd_enabled: simd,
        tail_call_enabled: tail_calls,
        ..of_the_engine()
    }
}

/// A module from bytes, if they are enough for one; of 16 of the first bytes, one each gives it vectors and tail calls, and of
/// four of the second ones, one gives it blocks with parameters, which boards refuse.
pub fn module(bytes: &[u8]) -> Option<Vec<u8>> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let config = config(first & 15 == 0, first >> 4 == 0, second & 3 == 0);
    Module::new(config, &mut Unstructured::new(rest))
        .ok()
        .map(|module| module.to_bytes())
}

/// As `zephyr-wasm pack` does; what has instructions that the engine lacks stays as it is.
pub fn mended(module: Vec<u8>) -> Vec<u8> {
    select::mended(&module).unwrap_or(module)
}

/// Runs a module, and returns how it ended.
///
/// # Panics
/// If it ended in no way that an app may end, or left something behind.
pub fn run(wasm: Vec<u8>) -> End {
    let limits = Limits {
        fuel: Some(20_000),
        handles: 4,
        ..Limits::default()
    };
    let settings = Settings {
        region: 512 * 1024,
        limits,
        ..Settings::new("made")
    };
    let app = App::start(settings, wasm).expect("there is a thread");
    let deadline = Instant::now() + Duration::from_millis(20);
    while !app.has_ended() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    app.kill();
    let (end, message, _) = app.join();
    if matches!(end, End::Panicked | End::Faulted) {
        panic!("{end:?}: {message}");
    }
    assert_eq!(
        zephyr_wasm_platform_host::held(),
        0,
        "something outlives its app"
    );
    end
}
