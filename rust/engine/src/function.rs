//! Functions, of the guest and of the host alike.

#[cfg(feature = "compiled")]
use crate::compiled;
use crate::either;
#[cfg(feature = "interpreter")]
use crate::interpreted::data::Data;
use crate::store::{self, Store};
use crate::value::ValueType;
#[cfg(all(feature = "interpreter", feature = "compiled"))]
use alloc::vec::Vec;

pub use crate::number::{Parameters, Results};

/// The core type of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionType(pub(crate) TypeInner);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeInner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::FuncType),
    #[cfg(feature = "compiled")]
    Compiled(compiled::Type),
}

impl FunctionType {
    /// Of what it takes and returns.
    pub fn new(
        params: impl IntoIterator<Item = ValueType, IntoIter: ExactSizeIterator>,
        results: impl IntoIterator<Item = ValueType, IntoIter: ExactSizeIterator>,
    ) -> Self {
        #[cfg(feature = "interpreter")]
        {
            let params = params.into_iter().map(wasmi::ValType::from);
            let results = results.into_iter().map(wasmi::ValType::from);
            FunctionType(TypeInner::Interpreted(wasmi::FuncType::new(params, results)))
        }
        #[cfg(not(feature = "interpreter"))]
        FunctionType(TypeInner::Compiled(compiled::Type::new(params, results)))
    }

    /// The types of its parameters.
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValueType> + '_ {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            TypeInner::Interpreted(ty) => {
                either::interpreted(ty.params().iter().map(|ty| ValueType::from(*ty)))
            }
            #[cfg(feature = "compiled")]
            TypeInner::Compiled(ty) => either::compiled(ty.params().iter().copied()),
        }
    }

    /// The types of its results.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValueType> + '_ {
        match &self.0 {
            #[cfg(feature = "interpreter")]
            TypeInner::Interpreted(ty) => {
                either::interpreted(ty.results().iter().map(|ty| ValueType::from(*ty)))
            }
            #[cfg(feature = "compiled")]
            TypeInner::Compiled(ty) => either::compiled(ty.results().iter().copied()),
        }
    }

    /// As the interpreter has it.
    #[cfg(feature = "interpreter")]
    fn as_interpreted(&self) -> wasmi::FuncType {
        match &self.0 {
            TypeInner::Interpreted(ty) => ty.clone(),
            #[cfg(feature = "compiled")]
            TypeInner::Compiled(ty) => {
                let types = |types: &[ValueType]| {
                    types.iter().map(|ty| wasmi::ValType::from(*ty)).collect::<Vec<_>>()
                };
                wasmi::FuncType::new(types(ty.params()), types(ty.results()))
            }
        }
    }
}

/// A function: a name for it, by which a [`Store`] has it.
#[derive(Clone, Copy)]
pub struct Function(pub(crate) Inner);

#[derive(Clone, Copy)]
pub(crate) enum Inner {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::Func),
    #[cfg(feature = "compiled")]
    Compiled(compiled::Function),
}

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
                let ty = compiled::Type::new(ty.params(), ty.results());
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

    #[cfg(feature = "interpreter")]
    pub(crate) fn interpreted(function: wasmi::Func) -> Self {
        Function(Inner::Interpreted(function))
    }

    /// As the interpreter's, if it is.
    #[cfg(feature = "interpreter")]
    pub(crate) fn as_interpreted(self) -> Option<wasmi::Func> {
        match self.0 {
            Inner::Interpreted(function) => Some(function),
            #[cfg(feature = "compiled")]
            Inner::Compiled(_) => None,
        }
    }

    /// As a compiled app's, if it is.
    #[cfg(feature = "compiled")]
    pub(crate) fn as_compiled(self) -> Option<compiled::Function> {
        match self.0 {
            #[cfg(feature = "interpreter")]
            Inner::Interpreted(_) => None,
            Inner::Compiled(function) => Some(function),
        }
    }
}

/// A function of the guest whose type was checked.
pub struct TypedFunction<P, R>(pub(crate) TypedInner<P, R>);

pub(crate) enum TypedInner<P, R> {
    #[cfg(feature = "interpreter")]
    Interpreted(wasmi::TypedFunc<P, R>),
    #[cfg(feature = "compiled")]
    Compiled(compiled::TypedFunction<P, R>),
}

impl<P, R> Clone for TypedFunction<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunction<P, R> {}

impl<P, R> Clone for TypedInner<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedInner<P, R> {}

impl<P: Parameters, R: Results> TypedFunction<P, R> {
    #[cfg(feature = "interpreter")]
    pub(crate) fn interpreted(function: wasmi::TypedFunc<P, R>) -> Self {
        TypedFunction(TypedInner::Interpreted(function))
    }

    /// The same function without its type.
    pub fn untyped(self) -> Function {
        match self.0 {
            #[cfg(feature = "interpreter")]
            TypedInner::Interpreted(function) => Function::interpreted(*function.func()),
            #[cfg(feature = "compiled")]
            TypedInner::Compiled(function) => Function(Inner::Compiled(function.untyped())),
        }
    }
}
