//! The linear memory of an app.

use crate::store::{self, Store};

/// The linear memory of an app: a name for it, whose bytes its [`Store`] has, or a [`Context`](crate::Context).
#[derive(Clone, Copy)]
pub struct Memory(pub(crate) Inner);

#[derive(Clone, Copy)]
pub(crate) enum Inner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Memory),
    #[cfg(feature = "compiled")]
    Compiled,
}

impl Memory {
    /// Its bytes, to look at.
    #[inline]
    pub fn bytes<T>(self, store: &Store<T>) -> &[u8] {
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(memory)) => memory.data(store),
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), _) => store.memory(),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            (store::Inner::Interpreted(_), Inner::Compiled) => &[],
        }
    }
}
