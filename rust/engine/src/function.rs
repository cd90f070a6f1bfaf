//! Functions, of the guest and of the host alike.

use crate::data::Data;
use crate::store::Store;
use crate::value::ValueType;

/// Core parameters of a typed call: a tuple of numbers.
pub trait Parameters: wasmi::WasmParams {}
impl<P: wasmi::WasmParams> Parameters for P {}

/// The core result of a typed call: a number, or `()`.
pub trait Results: wasmi::WasmResults {}
impl<R: wasmi::WasmResults> Results for R {}

/// The core type of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionType(pub(crate) wasmi::FuncType);

impl FunctionType {
    /// Of what it takes and returns.
    pub fn new(
        params: impl IntoIterator<Item = ValueType, IntoIter: ExactSizeIterator>,
        results: impl IntoIterator<Item = ValueType, IntoIter: ExactSizeIterator>,
    ) -> Self {
        let params = params.into_iter().map(wasmi::ValType::from);
        FunctionType(wasmi::FuncType::new(params, results.into_iter().map(wasmi::ValType::from)))
    }

    /// The types of its parameters.
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValueType> + '_ {
        self.0.params().iter().map(|ty| ValueType::from(*ty))
    }

    /// The types of its results.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValueType> + '_ {
        self.0.results().iter().map(|ty| ValueType::from(*ty))
    }
}

/// A function: a name for it, by which a [`Store`] has it.
#[derive(Clone, Copy)]
pub struct Function(pub(crate) wasmi::Func);

impl Function {
    /// A function of the host's that does nothing and returns this integer, if its type has a result.
    pub fn constant<T>(store: &mut Store<T>, ty: &FunctionType, value: i32) -> Self {
        Function(wasmi::Func::new(&mut store.0, ty.0.clone(), move |_, _, results| {
            if let Some(result) = results.first_mut() {
                *result = wasmi::Val::I32(value);
            }
            Ok(())
        }))
    }

    /// A function of the host's over numbers only, with nothing around it; not even a kill is held off. For benchmarks of
    /// what an engine takes by itself.
    pub fn bare<T, P, R>(store: &mut Store<T>, function: impl wasmi::IntoFunc<Data<T>, P, R>) -> Self {
        Function(wasmi::Func::wrap(&mut store.0, function))
    }

    /// Its type.
    pub fn ty<T>(self, store: &Store<T>) -> FunctionType {
        FunctionType(self.0.ty(&store.0))
    }
}

/// A function of the guest whose type was checked.
pub struct TypedFunction<P, R>(pub(crate) wasmi::TypedFunc<P, R>);

impl<P, R> Clone for TypedFunction<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunction<P, R> {}

impl<P: Parameters, R: Results> TypedFunction<P, R> {
    /// The same function without its type.
    pub fn untyped(self) -> Function {
        Function(*self.0.func())
    }
}
