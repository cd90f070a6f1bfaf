//! The interpreter's one configuration: on a board, on Linux, and under the specification's tests.

use crate::settings::Settings;
use wasmi::{CompilationMode, Config, EnforcedLimits};

/// The value stack that a call starts with, in bytes; it grows up to [`Settings::value_stack`].
const FIRST_STACK: usize = 512;

/// The interpreter's configuration for one app: for tests that look into the interpreter itself.
pub fn config(settings: &Settings) -> Config {
    let mut config = Config::default();
    let first_stack = FIRST_STACK.min(settings.value_stack);
    config
        .set_min_stack_height(first_stack)
        .set_max_stack_height(settings.value_stack)
        .set_max_recursion_depth(settings.call_depth)
        .set_max_cached_stacks(1)
        .consume_fuel(settings.count_fuel)
        .ignore_custom_sections(true)
        .allow_start_fn(false)
        .enforced_limits(EnforcedLimits::default())
        .compilation_mode(CompilationMode::LazyTranslation);
    #[cfg(feature = "validate")]
    set_features(&mut config);
    // A function is translated on its first call, which cannot be interrupted: it would end the app if the rest of a
    // slice did not pay for it.
    #[cfg(feature = "slices")]
    config.fuel_cost(wasmi::CustomFuelCosts {
        bytes_copied_per_fuel: 64,
        fuel_per_bytes_translated: 0,
        fuel_per_bytes_validated: 0,
    });
    config
}

/// Exactly [`FEATURES`](crate::FEATURES). Constants that are computed (`extended-const`) are not among them: the engine
/// computes one by calling itself for each step, and so as deep on the native stack as the module likes.
#[cfg(feature = "validate")]
fn set_features(config: &mut Config) {
    config
        .wasm_mutable_global(true)
        .wasm_sign_extension(true)
        .wasm_saturating_float_to_int(true)
        .wasm_multi_value(true)
        .wasm_bulk_memory(true)
        .wasm_reference_types(true)
        .wasm_custom_page_sizes(true)
        .wasm_extended_const(false)
        .wasm_multi_memory(false)
        .wasm_tail_call(false)
        .wasm_wide_arithmetic(false);
}
