//! Modules that nobody would write, by wasm-smith. Whatever they are, they are refused or end in a way that is defined, and
//! leave nothing behind.

use arbitrary::Unstructured;
use std::fs;
use std::time::{Duration, Instant};
use wasm_smith::{Config, Module};
use zephyr_wasm_platform_desk::{App, RegionAllocator, Settings};
use zephyr_wasm_runtime::{End, Limits, select};

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

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

/// Numbers that look random, and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// How many modules, which `scripts/soak` raises.
fn count() -> usize {
    std::env::var("HOSTILE_GUESTS")
        .map_or(400, |count| count.parse::<usize>().expect("a number") / 20)
}

fn run(wasm: Vec<u8>) -> End {
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
    let app = App::start(settings, wasm.clone()).expect("there is a thread");
    let deadline = Instant::now() + Duration::from_millis(20);
    while !app.has_ended() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    app.kill();
    let (end, message, _) = app.join();
    if matches!(end, End::Panicked | End::Faulted) {
        let path = std::env::temp_dir().join("hostile.wasm");
        fs::write(&path, wasm).expect("there is a place for temporary files");
        panic!("{end:?}: {message}; the module is {}", path.display());
    }
    assert_eq!(
        zephyr_wasm_platform_desk::held(),
        0,
        "something outlives its app"
    );
    end
}

/// What wasm-smith may make: what the engine has, and a little that it has not.
fn config(numbers: &mut Numbers) -> Config {
    Config {
        exports: Some(wat::parse_str(EXPORTS).unwrap()),
        available_imports: Some(wat::parse_str(IMPORTS).unwrap()),
        max_imports: 7,
        max_funcs: 40,
        max_memory32_bytes: 65536,
        max_memories: 1,
        max_tables: 4,
        max_table_elements: 2000,
        table_max_size_required: true,
        bulk_memory_enabled: true,
        reference_types_enabled: true,
        multi_value_enabled: true,
        sign_extension_ops_enabled: true,
        saturating_float_to_int_enabled: true,
        custom_page_sizes_enabled: true,
        simd_enabled: numbers.next().is_multiple_of(16),
        tail_call_enabled: numbers.next().is_multiple_of(16),
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

#[test]
fn made_modules_end_in_defined_ways() {
    let mut numbers = Numbers(0x5eed);
    let (mut made, mut ran) = (0, 0);
    for _ in 0..count() {
        let bytes: Vec<u8> = (0..512)
            .flat_map(|_| numbers.next().to_le_bytes())
            .collect();
        let config = config(&mut numbers);
        let Ok(module) = Module::new(config, &mut Unstructured::new(&bytes)) else {
            continue;
        };
        made += 1;
        // As `zephyr-wasm pack` does; what has instructions that the engine lacks stays as it is.
        let bytes = module.to_bytes();
        let bytes = select::mended(&bytes).unwrap_or(bytes);
        ran += usize::from(!matches!(run(bytes), End::Refused(_)));
    }
    // Most of them get as far as to run.
    assert!(
        made * 2 > count() && ran * 4 > made,
        "{made} made, {ran} ran"
    );
}
