//! How the engine calls what the host provides. Here, once for every function of the host, a kill is held off until the
//! call is done: what the host takes, and holds, is never left behind.

use crate::context::Caller;
use crate::data::Data;
use crate::error::Error;
use crate::function::Function;
use crate::store::Store;
use wasmi::{Func, WasmRet, WasmTy};

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

/// Functions of one core signature share one closure, which is where the size of typed host functions is.
macro_rules! host_function {
    ($($name:ident)*) => {
        impl<T: Hold + 'static, R: 'static, $($name: WasmTy + 'static,)*> HostFunction<T>
            for fn(&mut Caller<'_, T>, $($name),*) -> Result<R, Error>
        where
            Result<R, wasmi::Error>: WasmRet,
        {
            #[allow(non_snake_case)]
            fn into_function(self, store: &mut Store<T>) -> Function {
                Function(Func::wrap(&mut store.0, move |cx: wasmi::Caller<'_, Data<T>>, $($name: $name),*| {
                    let mut cx = Caller::interpreted(cx);
                    cx.data_mut().hold();
                    let result = self(&mut cx, $($name),*);
                    cx.data_mut().release();
                    result.map_err(Error::raise)
                }))
            }
        }
    };
}

/// As many as the component model passes by value, and where the result goes.
macro_rules! host_functions {
    ($first:ident $($rest:ident)*) => {
        host_function!($first $($rest)*);
        host_functions!($($rest)*);
    };
    () => {
        host_function!();
    };
}

host_functions!(A B C D E F G H I J K L M N O P);
