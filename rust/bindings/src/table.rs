//! The table of an interface's core functions, by which the runtime links a guest.

use crate::names;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One core function of a table.
#[derive(Default)]
pub struct Shim {
    /// Its name in the guest's import section.
    pub import: String,
    /// What it passes, as a number; 0 for what has no WIT types.
    pub shape: u32,
    /// Its core signature: the variant of `Signature`, and the `fn` type behind it.
    signature: (String, String),
    name: String,
    parameters: String,
    result: String,
    code: String,
}

impl Shim {
    /// A function that guests import by the name `import`, of core parameters `a0`, `a1` ... over `cx`.
    pub fn new(import: String, name: &str, parameters: &[&str], result: Option<&str>, code: &str) -> Self {
        let mut variant: Vec<&str> = parameters.to_vec();
        variant.extend(["to", result.unwrap_or("nothing")]);
        let types: String = parameters.iter().map(|ty| format!(", {ty}")).collect();
        let result = result.unwrap_or("()").to_owned();
        Shim {
            import,
            signature: (
                names::type_(&variant.join("-")),
                format!("fn(&mut abi::Caller<'_, T>{types}) -> Result<{result}, abi::Error>"),
            ),
            name: name.to_owned(),
            parameters: parameters.iter().enumerate().map(|(n, ty)| format!(", a{n}: {ty}")).collect(),
            result,
            code: code.to_owned(),
            ..Shim::default()
        }
    }

    fn function(&self, bounds: &str) -> String {
        let Shim { name, parameters, result, code, .. } = self;
        format!(
            "fn {name}<T: {bounds}>(cx: &mut abi::Caller<'_, T>{parameters}) -> Result<{result}, abi::Error> {{\n\
             {code}}}\n"
        )
    }
}

/// The table of an interface. Functions of one core signature share one closure, which is where the size of typed
/// host functions is.
pub struct Table<'a> {
    /// The interface's name in imports.
    pub full_name: &'a str,
    /// The name of the Rust type that stands for it.
    pub name: &'a str,
    /// What it needs of a store's data.
    pub bounds: &'a str,
    pub shims: &'a [Shim],
    /// Whether an app needs a grant for it.
    pub restricted: bool,
    /// The code of `Interface::close`, if it has resources.
    pub close: &'a str,
}

impl Table<'_> {
    pub fn code(&self) -> String {
        let Table { full_name, name, bounds, shims, restricted, close } = self;
        let signatures: BTreeMap<&str, &str> =
            shims.iter().map(|shim| (shim.signature.0.as_str(), shim.signature.1.as_str())).collect();
        let mut code = format!(
            "/// `{full_name}` as the runtime links it.\npub struct {name};\n\
             enum Signature<T: 'static> {{\n"
        );
        for (variant, ty) in &signatures {
            writeln!(code, "    {variant}({ty}),").unwrap();
        }
        write!(
            code,
            "}}\nstruct Functions<T>(core::marker::PhantomData<T>);\n\
             impl<T: {bounds}> Functions<T> {{\n    \
             const TABLE: &'static [(&'static str, u32, Signature<T>)] = &[\n"
        )
        .unwrap();
        for shim in *shims {
            let Shim { import, shape, signature: (variant, _), name, .. } = shim;
            writeln!(code, "        ({import:?}, {shape:#x}, Signature::{variant}({name}::<T>)),").unwrap();
        }
        write!(
            code,
            "    ];\n}}\nimpl<T: {bounds}> abi::Interface<T> for {name} {{\n    \
             fn name(&self) -> &'static str {{ {full_name:?} }}\n    \
             fn restricted(&self) -> bool {{ {restricted} }}\n    \
             #[inline(never)]\n    \
             fn function(&self, name: &str, store: &mut abi::Store<T>) -> Option<(abi::Function, u32)> {{\n        \
             let (_, shape, signature) = Functions::<T>::TABLE.iter().find(|(known, ..)| *known == name)?;\n        \
             let function = match *signature {{\n"
        )
        .unwrap();
        for variant in signatures.keys() {
            writeln!(
                code,
                "            Signature::{variant}(function) => abi::HostFunction::into_function(function, store),"
            )
            .unwrap();
        }
        write!(code, "        }};\n        Some((function, *shape))\n    }}\n{close}}}\n").unwrap();
        for shim in *shims {
            code += &shim.function(bounds);
        }
        code
    }
}
