//! The linear memory of an app.

/// The linear memory of an app: a name for it, whose bytes its [`Store`](crate::Store) has, or a [`Context`](crate::Context).
#[derive(Clone, Copy)]
pub struct Memory(pub(crate) Inner);

#[derive(Clone, Copy)]
pub(crate) enum Inner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Memory),
    #[cfg(feature = "compiled")]
    Compiled,
}
