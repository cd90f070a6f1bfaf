//! How a call that takes long lets a kill come.

use zephyr_wasm_runtime::Platform;

/// Lets a kill come inside of a call that takes as long as the app likes. Nothing is held there: what is open is in pools.
pub fn pause(platform: &impl Platform) {
    platform.end_call();
    platform.begin_call();
}
