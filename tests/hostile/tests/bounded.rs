//! A bounded run of what `scripts/fuzz host_calls` does without end.

use proptest::prelude::*;
use std::sync::Mutex;
use zephyr_wasm_platform_host::RegionAllocator;
use zephyr_wasm_runtime::End;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

/// How often guests ended in each way.
static ENDS: Mutex<[u32; 10]> = Mutex::new([0; 10]);

fn count(end: End) {
    ENDS.lock().unwrap()[usize::from(end.codes().0)] += 1;
}

fn host_calls(cases: u32) {
    proptest!(ProptestConfig::with_cases(cases), |(bytes in proptest::collection::vec(any::<u8>(), 0..300))| {
        count(hostile::run(&bytes));
    });
}

/// How many guests, which `scripts/soak` raises.
fn guests() -> u32 {
    std::env::var("HOSTILE_GUESTS").map_or(6000, |count| count.parse().expect("a number of guests"))
}

#[test]
fn hostile_guests_end_in_defined_ways() {
    host_calls(guests());
    let ends = ENDS.lock().unwrap();
    // The guests get somewhere: some calls succeed, some are violations, some trap.
    assert!(ends[1] > 50 && ends[2] > 5 && ends[3] > 500, "{ends:?}");
}
