//! Where an app lives: its memory and tables, and the host's state beside them.

#[cfg(feature = "compiled")]
use crate::compiled;
use crate::context::{self, Context};
use crate::engine::{self, Engine};
#[cfg(feature = "interpreter")]
use crate::error::Error;
use crate::growth::Growth;
#[cfg(feature = "interpreter")]
use crate::interpreted::data::Data;
#[cfg(feature = "interpreter")]
use crate::memory;
use crate::memory::Memory;
#[cfg(feature = "interpreter")]
use wasmi::AsContextMut;

/// Where an app lives, and the host's state beside it.
pub struct Store<T: 'static>(pub(crate) Inner<T>);

// An app has one, and the larger one where the image has both kinds.
#[cfg_attr(all(feature = "interpreter", feature = "compiled"), allow(clippy::large_enum_variant))]
pub(crate) enum Inner<T: 'static> {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Store<Data<T>>),
    #[cfg(feature = "compiled")]
    Compiled(compiled::Store<T>),
}

impl<T: 'static> Store<T> {
    /// With nothing in it but the host's state, which is asked before anything grows.
    pub fn new(engine: &Engine, data: T) -> Self
    where
        T: Growth,
    {
        match &engine.0 {
            #[cfg(feature = "interpreter")]
            engine::Inner::Interpreted(engine) => {
                let mut store = wasmi::Store::new(engine, Data(data));
                store.limiter(|data| data);
                Store(Inner::Interpreted(store))
            }
            #[cfg(feature = "compiled")]
            engine::Inner::Compiled => Store(Inner::Compiled(compiled::Store::new(data))),
        }
    }

    /// The host's state.
    #[inline]
    pub fn data(&self) -> &T {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(store) => &store.data().0,
            #[cfg(feature = "compiled")]
            Inner::Compiled(store) => &store.data,
        }
    }

    /// The host's state, to change.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        match &mut self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(store) => &mut store.data_mut().0,
            #[cfg(feature = "compiled")]
            Inner::Compiled(store) => &mut store.data,
        }
    }

    /// The bytes of a memory, to look at.
    #[inline]
    pub fn bytes(&self, memory: Memory) -> &[u8] {
        match (&self.0, memory.0) {
            #[cfg(feature = "interpreter")]
            (Inner::Interpreted(store), memory::Inner::Interpreted(memory)) => memory.data(store),
            #[cfg(feature = "compiled")]
            (Inner::Compiled(store), _) => store.memory(),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            (Inner::Interpreted(_), memory::Inner::Compiled) => &[],
        }
    }

    /// What functions of the guest are called with.
    #[inline]
    pub fn context(&mut self) -> Context<'_, T> {
        Context(match &mut self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(store) => context::Inner::Interpreted(store.as_context_mut()),
            #[cfg(feature = "compiled")]
            Inner::Compiled(store) => context::Inner::Compiled(store),
        })
    }

    /// Sets the fuel that the app has left, where the engine counts it.
    pub fn set_fuel(&mut self, fuel: u64) {
        self.context().set_fuel(fuel);
    }

    /// Whether what lives here is a compiled app.
    pub fn is_compiled(&self) -> bool {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(_) => false,
            #[cfg(feature = "compiled")]
            Inner::Compiled(_) => true,
        }
    }

    /// As the interpreter has it.
    #[cfg(feature = "interpreter")]
    pub(crate) fn as_interpreted(&mut self) -> Result<&mut wasmi::Store<Data<T>>, Error> {
        match &mut self.0 {
            Inner::Interpreted(store) => Ok(store),
            #[cfg(feature = "compiled")]
            Inner::Compiled(_) => Err(Error::INVALID),
        }
    }
}
