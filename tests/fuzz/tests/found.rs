//! Each target takes what it begins with, what it has found, and a little that is random.

use std::fs;
use std::path::Path;
use zephyr_wasm_platform_host::RegionAllocator;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

fn check(name: &str) {
    let target = fuzz::target(name).expect("the name of a target");
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty());
    for seed in &seeds {
        (target.run)(seed);
        (target.run)(&seed[..seed.len() / 2]);
    }
    (target.run)(&[]);
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("found")
        .join(name);
    for entry in fs::read_dir(found).into_iter().flatten() {
        let path = entry.expect("a directory of files").path();
        println!("{}", path.display());
        (target.run)(&fs::read(path).expect("a file"));
    }
}

#[test]
fn host_calls() {
    check("host_calls");
}

#[test]
fn modules() {
    check("modules");
}

#[test]
fn coap() {
    check("coap");
}

#[test]
fn manifest() {
    check("manifest");
}

#[test]
fn signature() {
    check("signature");
}

#[test]
fn wave() {
    check("wave");
}

#[test]
fn core_dump() {
    check("core_dump");
}

#[test]
fn explain() {
    check("explain");
}

#[test]
fn component() {
    check("component");
}

#[test]
fn pack() {
    check("pack");
}

#[test]
fn every_target_is_here() {
    let text = include_str!("found.rs");
    for target in fuzz::TARGETS {
        let call = format!("check(\"{}\")", target.name);
        assert!(text.contains(&call), "{} has no test here", target.name);
    }
}
