//! A bounded run of modules by wasm-smith; `scripts/fuzz modules` makes them without end.

use hostile::made;
use zephyr_wasm_platform_host::RegionAllocator;
use zephyr_wasm_runtime::End;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

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

#[test]
fn made_modules_end_in_defined_ways() {
    let mut numbers = Numbers(0x5eed);
    let (mut made, mut ran) = (0, 0);
    for _ in 0..count() {
        let bytes: Vec<u8> = (0..512)
            .flat_map(|_| numbers.next().to_le_bytes())
            .collect();
        let Some(module) = made::module(&bytes) else {
            continue;
        };
        made += 1;
        ran += usize::from(!matches!(made::run(made::mended(module)), End::Refused(_)));
    }
    // Most of them get as far as to run.
    assert!(
        made * 2 > count() && ran * 4 > made,
        "{made} made, {ran} ran"
    );
}
