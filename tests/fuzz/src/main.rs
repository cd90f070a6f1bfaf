//! One of the targets under libFuzzer: that of the environment's FUZZ_TARGET. Where FUZZ_SEEDS is a directory, it gets what
//! the target begins with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use zephyr_wasm_platform_host::RegionAllocator;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

static TARGET: OnceLock<&fuzz::Target> = OnceLock::new();

fn begin() {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    let target = fuzz::target(&name).expect("FUZZ_TARGET is the name of a target");
    if let Ok(directory) = std::env::var("FUZZ_SEEDS") {
        for (number, seed) in (target.seeds)().iter().enumerate() {
            let path = format!("{directory}/seed-{number}");
            std::fs::write(path, seed).expect("FUZZ_SEEDS is a directory");
        }
    }
    assert!(TARGET.set(target).is_ok());
}

fuzz_target!(init: begin(), |data: &[u8]| {
    if let Some(target) = TARGET.get() {
        (target.run)(data);
    }
});
