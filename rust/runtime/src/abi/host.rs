//! How the engine calls what the host provides. Here, once for every function that bindings are generated for, a kill is
//! held off until the call is done: what the host takes, and holds, is never left behind.

use super::HostState;
use wasmi::{Caller, Error, Func, Store, WasmRet, WasmTy};

/// A core function of the host's, of generated bindings.
pub trait HostFunction<T> {
    /// The engine's function of it.
    fn into_func(self, store: &mut Store<T>) -> Func;
}

/// Functions of one core signature share one closure, which is where the size of typed host functions is.
macro_rules! host_function {
    ($($name:ident)*) => {
        impl<T: HostState + 'static, R: 'static, $($name: WasmTy + 'static,)*> HostFunction<T>
            for fn(&mut Caller<'_, T>, $($name),*) -> Result<R, Error>
        where
            Result<R, Error>: WasmRet,
        {
            #[allow(non_snake_case)]
            fn into_func(self, store: &mut Store<T>) -> Func {
                Func::wrap(store, move |mut cx: Caller<'_, T>, $($name: $name),*| {
                    cx.data_mut().hold();
                    let result = self(&mut cx, $($name),*);
                    cx.data_mut().release();
                    result
                })
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
