//! Modules that wasm-smith makes, of what the engine has.

use crate::numbers::Numbers;
use arbitrary::Unstructured;
use hostile::made::of_the_engine;
use wasm_smith::{Config, Module};
use zephyr_wasm_runtime::engine::wrong::wrong;

/// How many calls and rounds of loops an instance has: then it traps, in each engine at the same place.
const STEPS: u32 = 4000;

/// How often a module is made until it has nothing that is refused; the last time, it cannot have any.
const TRIES: usize = 4;

/// A module, which may have what is refused or not.
pub fn module(numbers: &mut Numbers, refused: bool) -> Option<Vec<u8>> {
    (1..=TRIES)
        .filter_map(|number| any_module(numbers, refused || number < TRIES))
        .find(|module| refused || wrong(module).is_some_and(|wrong| wrong.block.is_none()))
}

fn any_module(numbers: &mut Numbers, multi_value: bool) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = (0..768)
        .flat_map(|_| numbers.next().to_le_bytes())
        .collect();
    let config = config(numbers, multi_value);
    let mut module = Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(STEPS).ok()?;
    Some(module.to_bytes())
}

fn config(numbers: &mut Numbers, multi_value: bool) -> Config {
    Config {
        min_funcs: 2,
        max_funcs: 8,
        max_imports: 0,
        export_everything: true,
        allow_start_export: false,
        canonicalize_nans: true,
        // Most of what is random traps at once, and says little.
        disallow_traps: !numbers.once_in(4),
        max_memory32_bytes: 4 * 65536,
        memory_max_size_required: true,
        max_tables: 3,
        max_table_elements: 50,
        max_instructions: 200,
        multi_value_enabled: multi_value,
        ..of_the_engine()
    }
}
