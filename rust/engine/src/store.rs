//! Where an app lives: its memory and tables, and the host's state beside them.

use crate::data::{Data, Growth};
use crate::settings::Engine;

/// Where an app lives, and the host's state beside it.
pub struct Store<T: 'static>(pub(crate) wasmi::Store<Data<T>>);

impl<T: 'static> Store<T> {
    /// With nothing in it but the host's state, which is asked before anything grows.
    pub fn new(engine: &Engine, data: T) -> Self
    where
        T: Growth,
    {
        let mut store = wasmi::Store::new(&engine.0, Data(data));
        store.limiter(|data| data);
        Store(store)
    }

    /// The host's state.
    #[inline]
    pub fn data(&self) -> &T {
        &self.0.data().0
    }

    /// The host's state, to change.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data_mut().0
    }

    /// Sets the fuel that the app has left, where the engine counts it.
    pub fn set_fuel(&mut self, fuel: u64) {
        // Fails only where it does not.
        let _ = self.0.set_fuel(fuel);
    }
}
