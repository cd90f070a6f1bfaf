//! `wasi:random`: random data.

use crate::bindings::wasi_random_random::Host;
use zephyr_wasm_runtime::App;

/// The most bytes that one call returns.
const MOST: usize = 64;

/// A source of random data, as good as the board has one.
pub trait Device {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl<P: Device> Host for App<P> {
    type GetRandomBytes = heapless::Vec<u8, MOST>;

    fn get_random_bytes(&mut self, max_len: u64) -> Self::GetRandomBytes {
        let length = usize::try_from(max_len).unwrap_or(MOST).min(MOST);
        let mut bytes = heapless::Vec::new();
        // Fits: `length` is at most the capacity.
        let _ = bytes.resize_default(length);
        self.platform.fill(&mut bytes);
        bytes
    }

    fn get_random_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.platform.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}
