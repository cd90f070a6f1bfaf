//! How an engine calls what the host provides. Here, once for every function of the host, a kill is held off until the
//! call is done: what the host takes, and holds, is never left behind.

use crate::context::Caller;
use crate::error::Error;
use crate::function::{Function, Inner};
use crate::number::{Number, Results};
use crate::store::{self, Store};

#[cfg(feature = "compiled")]
use crate::compiled::host::IntoImport;
#[cfg(feature = "interpreter")]
use crate::interpreted::host::IntoFunc;

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

crate::number::of_each_count!(host_function);
