//! The linear memory of an app.

use crate::store::Store;

/// The linear memory of an app: a name for it, whose bytes its [`Store`] has, or a [`Context`](crate::Context).
#[derive(Clone, Copy)]
pub struct Memory(pub(crate) wasmi::Memory);

impl Memory {
    /// Its bytes, to look at.
    #[inline]
    pub fn bytes<T>(self, store: &Store<T>) -> &[u8] {
        self.0.data(&store.0)
    }
}
