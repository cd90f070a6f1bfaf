//! Random modules compute the same, compiled as interpreted: those of the example `differential`, which is compared with
//! wasmtime, too.

#[path = "../examples/differential/bulk.rs"]
mod bulk;
#[path = "../examples/differential/code.rs"]
mod code;
#[path = "../examples/differential/compiled.rs"]
mod compiled;
#[path = "../examples/differential/execute.rs"]
mod execute;
#[allow(dead_code, reason = "the example has the engine compute wrongly, too")]
#[path = "../examples/differential/known.rs"]
mod known;
#[path = "../examples/differential/numbers.rs"]
mod numbers;
#[path = "../examples/differential/own.rs"]
mod own;
#[path = "../examples/differential/smith.rs"]
mod smith;
#[rustfmt::skip] // It has the style of rust/.
#[path = "../../../rust/compile/tests/support/mod.rs"]
mod support;
#[path = "../examples/differential/values.rs"]
mod values;

use compiled::Batch;
use numbers::Numbers;
use std::collections::BTreeSet;
use zephyr_wasm_runtime::engine::{select, wrong::wrong};

/// How many modules there are in all, and in a file of C.
const MODULES: u64 = 200;
const BATCH: u64 = 50;

/// A module, and what the interpreter computes with it; none, if it is known to compute that wrongly.
fn module(seed: u64) -> Option<(Vec<u8>, Vec<String>)> {
    let mut numbers = Numbers::new(seed);
    let bytes = match seed % 4 {
        3 => smith::module(&mut numbers, false)?,
        _ => own::module(&mut numbers, &BTreeSet::new(), None).0,
    };
    let is_wrong = wrong(&bytes).is_none_or(|wrong| wrong.block.is_some());
    let mended = select::mended(&bytes).expect("known instructions");
    (!is_wrong).then(|| {
        let lines = execute::lines(&mended, &mut numbers);
        (bytes, lines)
    })
}

#[test]
fn random_modules_compute_the_same() {
    let mut calls = 0;
    for first in (0..MODULES).step_by(BATCH as usize) {
        let mut batch = Batch::default();
        let (mut seeds, mut all) = (Vec::new(), Vec::new());
        for seed in first..first + BATCH {
            let Some((bytes, lines)) = module(seed) else {
                continue;
            };
            batch.add(&bytes);
            seeds.push(seed);
            calls += lines.iter().filter(|line| line.starts_with("call")).count();
            all.push(lines);
        }
        let found: Vec<String> = seeds
            .iter()
            .zip(batch.differences(all.iter()))
            .filter_map(|(seed, difference)| Some(format!("module {seed}: {}", difference?)))
            .collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    assert!(calls > 2000, "only {calls} calls");
}
