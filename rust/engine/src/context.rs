//! What a host call works with.

#[cfg(feature = "compiled")]
use crate::compiled;
use crate::function::{Function, TypedFunction};
#[cfg(feature = "interpreter")]
use crate::interpreted::data::Data;
#[cfg(feature = "interpreter")]
use crate::memory;
use crate::memory::Memory;
use crate::number::{Parameters, Results};
#[cfg(feature = "interpreter")]
use wasmi::{AsContext, AsContextMut};

/// The guest and the host's state, as long as a call lasts.
pub struct Context<'a, T: 'static>(pub(crate) Inner<'a, T>);

pub(crate) enum Inner<'a, T: 'static> {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::StoreContextMut<'a, Data<T>>),
    #[cfg(feature = "compiled")]
    Compiled(&'a mut compiled::Store<T>),
}

impl<'a, T: 'static> Context<'a, T> {
    /// The host's state.
    #[inline]
    pub fn data(&self) -> &T {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(cx) => &cx.data().0,
            #[cfg(feature = "compiled")]
            Inner::Compiled(store) => &store.data,
        }
    }

    /// The host's state, to change.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        match &mut self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(cx) => &mut cx.data_mut().0,
            #[cfg(feature = "compiled")]
            Inner::Compiled(store) => &mut store.data,
        }
    }

    /// The same for a shorter time.
    #[inline]
    pub fn context(&mut self) -> Context<'_, T> {
        Context(match &mut self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(cx) => Inner::Interpreted(cx.as_context_mut()),
            #[cfg(feature = "compiled")]
            Inner::Compiled(store) => Inner::Compiled(store),
        })
    }

    /// The bytes of a memory, and the host's state beside them.
    #[inline]
    pub fn split(self, memory: Memory) -> (&'a mut [u8], &'a mut T) {
        match (self.0, memory.0) {
            #[cfg(feature = "interpreter")]
            (Inner::Interpreted(cx), memory::Inner::Interpreted(memory)) => {
                let (bytes, data) = memory.data_and_store_mut(cx);
                (bytes, &mut data.0)
            }
            #[cfg(feature = "compiled")]
            (Inner::Compiled(store), _) => store.split(),
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            (Inner::Interpreted(_), memory::Inner::Compiled) => unreachable!("a memory of another engine"),
        }
    }

    /// The fuel that the app has left, where the engine counts it.
    pub fn fuel(&self) -> u64 {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(cx) => cx.get_fuel().unwrap_or_default(),
            #[cfg(feature = "compiled")]
            Inner::Compiled(_) => 0,
        }
    }

    /// Sets it.
    pub fn set_fuel(&mut self, fuel: u64) {
        match &mut self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(cx) => {
                // Fails only where it is not counted.
                let _ = cx.set_fuel(fuel);
            }
            #[cfg(feature = "compiled")]
            Inner::Compiled(_) => _ = fuel,
        }
    }
}

/// What a function of the host is called with: the guest that called it, and the host's state.
pub struct Caller<'a, T: 'static>(CallerInner<'a, T>);

enum CallerInner<'a, T: 'static> {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Caller<'a, Data<T>>),
    #[cfg(feature = "compiled")]
    Compiled(&'a mut compiled::Store<T>),
}

impl<'a, T: 'static> Caller<'a, T> {
    #[cfg(feature = "interpreter")]
    #[inline]
    pub(crate) fn interpreted(caller: wasmi::Caller<'a, Data<T>>) -> Self {
        Caller(CallerInner::Interpreted(caller))
    }

    #[cfg(feature = "compiled")]
    #[inline]
    pub(crate) fn compiled(store: &'a mut compiled::Store<T>) -> Self {
        Caller(CallerInner::Compiled(store))
    }

    /// The instance of a compiled guest; of another, null.
    #[cfg(feature = "compiled")]
    pub(crate) fn instance(&self) -> *mut compiled::abi::Instance {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            CallerInner::Interpreted(_) => core::ptr::null_mut(),
            CallerInner::Compiled(store) => store.instance(),
        }
    }

    /// The host's state.
    #[inline]
    pub fn data(&self) -> &T {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            CallerInner::Interpreted(cx) => &cx.data().0,
            #[cfg(feature = "compiled")]
            CallerInner::Compiled(store) => &store.data,
        }
    }

    /// The host's state, to change.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        match &mut self.0 {
            #[cfg(feature = "interpreter")]
            CallerInner::Interpreted(cx) => &mut cx.data_mut().0,
            #[cfg(feature = "compiled")]
            CallerInner::Compiled(store) => &mut store.data,
        }
    }

    /// What functions of the guest are called with, and its memory is had of.
    #[inline]
    pub fn context(&mut self) -> Context<'_, T> {
        Context(match &mut self.0 {
            #[cfg(feature = "interpreter")]
            CallerInner::Interpreted(cx) => Inner::Interpreted(cx.as_context_mut()),
            #[cfg(feature = "compiled")]
            CallerInner::Compiled(store) => Inner::Compiled(store),
        })
    }

    /// A function that the calling guest exports, if it does.
    pub fn export(&self, name: &str) -> Option<Function> {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            CallerInner::Interpreted(cx) => {
                cx.get_export(name).and_then(wasmi::Extern::into_func).map(Function::interpreted)
            }
            #[cfg(feature = "compiled")]
            CallerInner::Compiled(store) => store.function(name).map(Function::compiled),
        }
    }

    /// A function of the guest as one of this type; none, if it has another.
    pub fn typed<P: Parameters, R: Results>(&self, function: Function) -> Option<TypedFunction<P, R>> {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            CallerInner::Interpreted(cx) => {
                function.as_interpreted()?.typed(cx.as_context()).ok().map(TypedFunction::interpreted)
            }
            #[cfg(feature = "compiled")]
            CallerInner::Compiled(store) => store.typed(function.as_compiled()?).map(TypedFunction::compiled),
        }
    }
}
