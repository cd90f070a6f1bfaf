//! What a module may use: on a board, on Linux, and under the specification's tests.

/// The proposals that apps may use, by their names in `wasm-tools`. `zephyr-wasm check` validates for exactly these.
pub const FEATURES: &[&str] = &[
    "mutable-global",
    "sign-extension",
    "saturating-float-to-int",
    "multi-value",
    "bulk-memory",
    "reference-types",
    "custom-page-sizes",
];

/// What differs from app to app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The value stack in bytes: locals and operands of all active calls.
    pub value_stack: usize,
    /// How many calls may be active at once.
    pub call_depth: usize,
    /// Whether fuel is counted.
    pub count_fuel: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { value_stack: 4096, call_depth: 64, count_fuel: false }
    }
}
