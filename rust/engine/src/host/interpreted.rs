//! How the interpreter calls what the host provides.

use super::Hold;
use crate::context::Caller;
use crate::error::Error;
use crate::interpreted::data::Data;
use crate::number::{Number, Results};
use wasmi::{Func, Store};

/// Makes the interpreter's function of one of the host's.
pub trait IntoFunc<T: 'static> {
    /// Makes it.
    fn into_func(self, store: &mut Store<Data<T>>) -> Func;
}

/// Functions of one core signature share one closure, which is where the size of typed host functions is.
macro_rules! into_func {
    ($($name:ident)*) => {
        impl<T: Hold + 'static, R: Results, $($name: Number,)*> IntoFunc<T>
            for fn(&mut Caller<'_, T>, $($name),*) -> Result<R, Error>
        {
            #[inline]
            #[allow(non_snake_case)]
            fn into_func(self, store: &mut Store<Data<T>>) -> Func {
                Func::wrap(store, move |cx: wasmi::Caller<'_, Data<T>>, $($name: $name),*| {
                    let mut cx = Caller::interpreted(cx);
                    cx.data_mut().hold();
                    let result = self(&mut cx, $($name),*);
                    cx.data_mut().release();
                    R::raised(result)
                })
            }
        }
    };
}

crate::arity::of_each_count!(into_func);
