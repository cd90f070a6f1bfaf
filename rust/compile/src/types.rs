//! Types of values and functions, and what they are in C.

use crate::error::Error;
use wasmparser::ValType;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    I32,
    I64,
    F32,
    F64,
    /// Of a function, as its number and one, or of the host; 0 is null.
    Reference,
}

impl Type {
    /// Of a module's type.
    pub fn of(ty: ValType) -> Result<Self, Error> {
        Ok(match ty {
            ValType::I32 => Type::I32,
            ValType::I64 => Type::I64,
            ValType::F32 => Type::F32,
            ValType::F64 => Type::F64,
            ValType::Ref(ty) if ty.is_func_ref() || ty.is_extern_ref() => Type::Reference,
            other => return Err(Error::refused(format!("values of the type {other} cannot be compiled"))),
        })
    }

    /// The type in C.
    pub fn c(self) -> &'static str {
        match self {
            Type::I32 | Type::Reference => "uint32_t",
            Type::I64 => "uint64_t",
            Type::F32 => "float",
            Type::F64 => "double",
        }
    }

    /// The member of `union zephyr_wasm_compiled_value`.
    pub fn member(self) -> &'static str {
        match self {
            Type::I32 | Type::Reference => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
        }
    }
}

/// The type of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    pub parameters: Vec<Type>,
    pub results: Vec<Type>,
}

impl Signature {
    /// Of a module's type.
    pub fn of(ty: &wasmparser::FuncType) -> Result<Self, Error> {
        let types = |types: &[ValType]| types.iter().map(|ty| Type::of(*ty)).collect::<Result<_, _>>();
        Ok(Signature { parameters: types(ty.params())?, results: types(ty.results())? })
    }

    /// What it returns in C.
    pub fn result(&self, prefix: &str) -> String {
        match self.results.as_slice() {
            [] => "void".to_owned(),
            [one] => one.c().to_owned(),
            many => format!("struct {}", structure(many, prefix)),
        }
    }

    /// Its parameters in C, with a comma before each.
    pub fn parameters(&self) -> String {
        self.parameters.iter().enumerate().map(|(index, ty)| format!(", {} l{index}", ty.c())).collect()
    }

    /// The same as arguments.
    pub fn arguments(&self) -> String {
        (0..self.parameters.len()).map(|index| format!(", l{index}")).collect()
    }
}

/// What several results are returned in.
pub fn structure(results: &[Type], prefix: &str) -> String {
    let names: Vec<_> = results.iter().map(|ty| ty.member()).collect();
    format!("{prefix}results_{}", names.join("_"))
}
