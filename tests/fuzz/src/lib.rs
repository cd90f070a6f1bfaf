//! What fuzzers feed with bytes: what an app, its file, its console or its author can say. Each target panics where something
//! is not as it has to be, and is run by `scripts/fuzz` under libFuzzer, and by `cargo test` with what it begins with and what
//! it has found, which is in `found/<target>`.
//!
//! - [`changes`]: bytes that are nearly what they should be
//! - [`signature`], [`manifest`], [`wave`], [`coap`], [`tool`]: the targets; those of guests are in `tests/hostile`
//! - [`seeds`]: what they begin with

mod changes;
mod coap;
mod manifest;
mod seeds;
mod signature;
mod tool;
mod wave;

/// Something that takes any bytes.
pub struct Target {
    /// What `scripts/fuzz` calls it.
    pub name: &'static str,
    /// Takes the bytes.
    pub run: fn(&[u8]),
    /// What a fuzzer begins with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

const fn new(name: &'static str, run: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, run, seeds }
}

/// All of them, a line each, which `scripts/fuzz` reads.
#[rustfmt::skip]
pub static TARGETS: &[Target] = &[
    new("host_calls", host_calls, seeds::random),
    new("modules", modules, seeds::random),
    new("manifest", manifest::manifest, seeds::manifests),
    new("signature", signature::signature, seeds::random),
    new("wave", wave::wave, seeds::calls),
    new("coap", coap::coap, coap::seeds),
    new("core_dump", tool::core_dump, seeds::dumps),
    new("explain", tool::explain, seeds::consoles),
    new("component", tool::component, seeds::components),
    new("pack", tool::pack, seeds::guests),
];

/// The target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Hostile guests of every interface.
fn host_calls(bytes: &[u8]) {
    hostile::run(bytes);
}

/// Modules of wasm-smith.
fn modules(bytes: &[u8]) {
    if let Some(module) = hostile::made::module(bytes) {
        hostile::made::run(hostile::made::mended(module));
    }
}
