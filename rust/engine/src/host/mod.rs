//! How an engine calls what the host provides. Here, once for every function of the host, a kill is held off until the
//! call is done: what the host takes, and holds, is never left behind.

#[cfg(feature = "compiled")]
mod compiled;
#[cfg(feature = "interpreter")]
mod interpreted;

#[cfg(feature = "compiled")]
use crate::compiled::Type;
use crate::context::Caller;
use crate::error::Error;
use crate::function::{Function, FunctionType, Inner, TypeInner};
#[cfg(feature = "interpreter")]
use crate::interpreted::data::Data;
use crate::number::{Number, Results};
use crate::store::{self, Store};

#[cfg(feature = "compiled")]
use self::compiled::IntoImport;
#[cfg(feature = "interpreter")]
use self::interpreted::IntoFunc;

/// What a host's state does around each call of a function of the host.
pub trait Hold {
    /// A kill waits from here on: each call of the host begins with this, as what it takes and holds is nobody's
    /// yet. What waits in it lets a kill come.
    fn hold(&mut self);

    /// A kill waits no longer, and comes now if it had to.
    fn release(&mut self);
}

/// A core function of the host's.
pub trait HostFunction<T: 'static> {
    /// The engine's function of it.
    fn into_function(self, store: &mut Store<T>) -> Function;
}

macro_rules! host_function {
    ($($name:ident)*) => {
        impl<T: Hold + 'static, R: Results, $($name: Number,)*> HostFunction<T>
            for fn(&mut Caller<'_, T>, $($name),*) -> Result<R, Error>
        {
            fn into_function(self, store: &mut Store<T>) -> Function {
                Function(match &mut store.0 {
                    #[cfg(feature = "interpreter")]
                    store::Inner::Interpreted(store) => Inner::Interpreted(self.into_func(store)),
                    #[cfg(feature = "compiled")]
                    store::Inner::Compiled(_) => Inner::Compiled(self.into_import()),
                })
            }
        }
    };
}

crate::arity::of_each_count!(host_function);

impl Function {
    /// A function of the host's that does nothing and returns this integer, if its type has a result.
    pub fn constant<T>(store: &mut Store<T>, ty: &FunctionType, value: i32) -> Self {
        match &mut store.0 {
            #[cfg(feature = "interpreter")]
            store::Inner::Interpreted(store) => {
                let function = wasmi::Func::new(store, ty.as_interpreted(), move |_, _, results| {
                    if let Some(result) = results.first_mut() {
                        *result = wasmi::Val::I32(value);
                    }
                    Ok(())
                });
                Function(Inner::Interpreted(function))
            }
            #[cfg(feature = "compiled")]
            store::Inner::Compiled(store) => {
                let ty = Type::new(ty.params(), ty.results());
                Function(Inner::Compiled(store.constant(ty, value)))
            }
        }
    }

    /// A function of the host's over numbers only, with nothing around it; not even a kill is held off. For benchmarks of
    /// what the interpreter takes by itself.
    #[cfg(feature = "interpreter")]
    pub fn bare<T, P, R>(
        store: &mut Store<T>,
        function: impl wasmi::IntoFunc<Data<T>, P, R>,
    ) -> Option<Self> {
        match &mut store.0 {
            store::Inner::Interpreted(store) => {
                Some(Function::interpreted(wasmi::Func::wrap(store, function)))
            }
            #[cfg(feature = "compiled")]
            store::Inner::Compiled(_) => None,
        }
    }

    /// The same where there is no interpreter: none.
    #[cfg(not(feature = "interpreter"))]
    pub fn bare<T, F>(_: &mut Store<T>, _: F) -> Option<Self> {
        None
    }

    /// Its type.
    pub fn ty<T>(self, store: &Store<T>) -> FunctionType {
        match (&store.0, self.0) {
            #[cfg(feature = "interpreter")]
            (store::Inner::Interpreted(store), Inner::Interpreted(function)) => {
                FunctionType(TypeInner::Interpreted(function.ty(store)))
            }
            #[cfg(feature = "compiled")]
            (store::Inner::Compiled(store), Inner::Compiled(function)) => {
                FunctionType(TypeInner::Compiled(store.type_of(function)))
            }
            #[cfg(all(feature = "interpreter", feature = "compiled"))]
            _ => FunctionType::new([], []),
        }
    }
}
