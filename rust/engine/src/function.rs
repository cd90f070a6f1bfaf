//! Functions, of the guest and of the host alike.

#[cfg(feature = "compiled")]
use crate::compiled;
use crate::either;
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
    pub(crate) fn as_interpreted(&self) -> wasmi::FuncType {
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

/// A function: a name for it, by which a [`Store`](crate::Store) has it.
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
    #[cfg(feature = "interpreter")]
    pub(crate) fn interpreted(function: wasmi::Func) -> Self {
        Function(Inner::Interpreted(function))
    }

    #[cfg(feature = "compiled")]
    pub(crate) fn compiled(function: compiled::Function) -> Self {
        Function(Inner::Compiled(function))
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

    #[cfg(feature = "compiled")]
    pub(crate) fn compiled(function: compiled::TypedFunction<P, R>) -> Self {
        TypedFunction(TypedInner::Compiled(function))
    }

    /// The same function without its type.
    pub fn untyped(self) -> Function {
        match self.0 {
            #[cfg(feature = "interpreter")]
            TypedInner::Interpreted(function) => Function::interpreted(*function.func()),
            #[cfg(feature = "compiled")]
            TypedInner::Compiled(function) => Function::compiled(function.untyped()),
        }
    }
}
