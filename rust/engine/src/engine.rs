//! The engine that an app is run by.

#[cfg(feature = "interpreter")]
use crate::interpreted::settings::config;
#[cfg(feature = "interpreter")]
use crate::settings::Settings;

/// An engine for one app. Engines are never shared: their locks would make one app wait for another.
pub struct Engine(pub(crate) Inner);

pub(crate) enum Inner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Engine),
    #[cfg(feature = "compiled")]
    Compiled,
}

impl Engine {
    /// The interpreter for an app with these settings.
    #[cfg(feature = "interpreter")]
    pub fn new(settings: &Settings) -> Self {
        Engine(Inner::Interpreted(wasmi::Engine::new(&config(settings))))
    }

    /// What runs compiled apps: the processor.
    #[cfg(feature = "compiled")]
    pub fn compiled() -> Self {
        Engine(Inner::Compiled)
    }
}
