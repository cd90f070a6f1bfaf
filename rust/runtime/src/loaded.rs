//! An app that is loaded: its code and its state beside each other.

use crate::Platform;
use crate::app::App;
use zephyr_wasm_engine::Store;

/// An app that is loaded and linked, and has not run yet. What a host needs to call its exports by typed calls.
pub struct Instance<P: Platform> {
    /// The engine's side of it.
    pub store: Store<App<P>>,
    /// Its exports.
    pub instance: zephyr_wasm_engine::Instance,
}

impl<P: Platform> Instance<P> {
    /// The value of a global that it exports.
    pub(crate) fn global(&self, name: &str) -> Option<i32> {
        self.instance.global(&self.store, name)
    }

    /// Its linear memory.
    pub(crate) fn memory(&self) -> &[u8] {
        self.store.data().guest.memory_bytes(&self.store)
    }
}
