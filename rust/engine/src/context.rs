//! What a host call works with. This is where a second engine comes in beside the interpreter: as another variant.

use crate::data::Data;
use crate::function::{Function, Parameters, Results, TypedFunction};
use crate::memory::Memory;
use crate::store::Store;
use wasmi::{AsContext, AsContextMut};

/// The guest and the host's state, as long as a call lasts.
pub struct Context<'a, T: 'static>(pub(crate) Inner<'a, T>);

pub(crate) enum Inner<'a, T: 'static> {
    Interpreted(wasmi::StoreContextMut<'a, Data<T>>),
}

impl<'a, T: 'static> Context<'a, T> {
    /// The host's state.
    #[inline]
    pub fn data(&self) -> &T {
        let Inner::Interpreted(cx) = &self.0;
        &cx.data().0
    }

    /// The host's state, to change.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        let Inner::Interpreted(cx) = &mut self.0;
        &mut cx.data_mut().0
    }

    /// The same for a shorter time.
    #[inline]
    pub fn context(&mut self) -> Context<'_, T> {
        let Inner::Interpreted(cx) = &mut self.0;
        Context(Inner::Interpreted(cx.as_context_mut()))
    }

    /// The bytes of a memory, and the host's state beside them.
    #[inline]
    pub fn split(self, memory: Memory) -> (&'a mut [u8], &'a mut T) {
        let Inner::Interpreted(cx) = self.0;
        let (bytes, data) = memory.0.data_and_store_mut(cx);
        (bytes, &mut data.0)
    }

    /// The fuel that the app has left, where the engine counts it.
    pub fn fuel(&self) -> u64 {
        let Inner::Interpreted(cx) = &self.0;
        cx.get_fuel().unwrap_or_default()
    }

    /// Sets it.
    pub fn set_fuel(&mut self, fuel: u64) {
        let Inner::Interpreted(cx) = &mut self.0;
        // Fails only where it is not counted.
        let _ = cx.set_fuel(fuel);
    }
}

impl<T: 'static> Store<T> {
    /// What functions of the guest are called with.
    #[inline]
    pub fn context(&mut self) -> Context<'_, T> {
        Context(Inner::Interpreted(self.0.as_context_mut()))
    }
}

/// What a function of the host is called with: the guest that called it, and the host's state.
pub struct Caller<'a, T: 'static>(CallerInner<'a, T>);

enum CallerInner<'a, T: 'static> {
    Interpreted(wasmi::Caller<'a, Data<T>>),
}

impl<'a, T: 'static> Caller<'a, T> {
    #[inline]
    pub(crate) fn interpreted(caller: wasmi::Caller<'a, Data<T>>) -> Self {
        Caller(CallerInner::Interpreted(caller))
    }

    /// The host's state.
    #[inline]
    pub fn data(&self) -> &T {
        let CallerInner::Interpreted(cx) = &self.0;
        &cx.data().0
    }

    /// The host's state, to change.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        let CallerInner::Interpreted(cx) = &mut self.0;
        &mut cx.data_mut().0
    }

    /// What functions of the guest are called with, and its memory is had of.
    #[inline]
    pub fn context(&mut self) -> Context<'_, T> {
        let CallerInner::Interpreted(cx) = &mut self.0;
        Context(Inner::Interpreted(cx.as_context_mut()))
    }

    /// A function that the calling guest exports, if it does.
    pub fn export(&self, name: &str) -> Option<Function> {
        let CallerInner::Interpreted(cx) = &self.0;
        cx.get_export(name).and_then(wasmi::Extern::into_func).map(Function)
    }

    /// A function of the guest as one of this type; none, if it has another.
    pub fn typed<P: Parameters, R: Results>(&self, function: Function) -> Option<TypedFunction<P, R>> {
        let CallerInner::Interpreted(cx) = &self.0;
        function.0.typed(cx.as_context()).ok().map(TypedFunction)
    }
}
