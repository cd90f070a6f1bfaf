//! Typed calls of what a guest exports.

use crate::Wit;
use crate::emit::{Body, Direction};
use crate::names;
use crate::types::{Place, core};
use anyhow::{Result, bail};
use std::fmt::Write as _;
use wit_bindgen_core::abi::{self, AbiVariant, LiftLower};
use wit_bindgen_core::wit_parser::{Function, FunctionKind};

/// The struct `Exports`, with a method for each function that a world exports by itself.
pub fn world(context: &Wit, functions: &[&Function]) -> Result<String> {
    let mut fields = String::new();
    let mut lookups = String::new();
    let mut methods = String::new();
    for function in functions {
        if !matches!(function.kind, FunctionKind::Freestanding | FunctionKind::AsyncFreestanding) {
            bail!("`{}`: only functions can be exported, not resources", function.name);
        }
        let name = names::method(function);
        let signature = context.resolve.wasm_signature(AbiVariant::GuestExport, function);
        if signature.indirect_params {
            bail!("`{}`: an export with more than 16 flat parameters cannot be called yet", function.name);
        }
        let parameters: String = signature.params.iter().map(|ty| format!("{}, ", core(ty))).collect();
        let result = signature.results.first().map_or("()", core);
        writeln!(fields, "    {name}: wasmi::TypedFunc<({parameters}), {result}>,").unwrap();
        writeln!(lookups, "            {name}: abi::export(store, instance, {:?})?,", function.name).unwrap();
        let has_post_return = abi::guest_export_needs_post_return(&context.resolve, function);
        if has_post_return {
            let post = format!("cabi_post_{}", function.name);
            writeln!(fields, "    {name}_post_return: Option<wasmi::TypedFunc<({result},), ()>>,").unwrap();
            writeln!(lookups, "            {name}_post_return: abi::export(store, instance, {post:?}).ok(),")
                .unwrap();
        }
        methods += &method(context, function, signature.retptr, has_post_return);
    }
    Ok(format!(
        "/// The functions that an instance exports.\n\
         #[allow(unused_imports, unused_variables, unused_mut, unused_parens, dead_code)]\n\
         #[allow(clippy::all)]\n#[rustfmt::skip]\npub mod exports {{\n\
         use zephyr_wasm_runtime::abi;\nuse wasmi::AsContextMut as _;\n\
         /// The functions that an instance exports.\npub struct Exports {{\n{fields}}}\n\
         impl Exports {{\n    /// Finds the exports by name and type.\n    ///\n    /// # Errors\n    \
         /// Names the first one that is missing or has another type.\n    \
         pub fn new<T>(store: &wasmi::Store<T>, instance: &wasmi::Instance) -> Result<Self, abi::MissingExport> {{\n        \
         Ok(Exports {{\n{lookups}        }})\n    }}\n{methods}}}\n}}\n"
    ))
}

fn method(context: &Wit, function: &Function, has_return_area: bool, has_post_return: bool) -> String {
    let return_area = has_return_area.then(|| ("returned".to_owned(), 0));
    let mut body = Body::new(context, function, Direction::Export, return_area);
    abi::call(
        &context.resolve,
        AbiVariant::GuestExport,
        LiftLower::LowerArgsLiftResults,
        function,
        &mut body,
        false,
    );
    let name = names::method(function);
    let parameters: String = function
        .params
        .iter()
        .enumerate()
        .map(|(n, param)| format!(", a{n}: {}", context.rust_type(&param.ty, Place::Borrowed)))
        .collect();
    let result = function.result.map_or("()".into(), |ty| context.rust_type(&ty, Place::Owned));
    let post_return = match has_post_return {
        true => format!(
            "        if let Some(post_return) = self.{name}_post_return {{\n            \
             post_return.call(&mut *cx, (returned,))?;\n        }}\n"
        ),
        false => String::new(),
    };
    format!(
        "{}    pub fn {name}<T: abi::HostState + 'static>(&self, cx: &mut wasmi::Store<T>{parameters}) -> Result<{result}, wasmi::Error> {{\n\
         let function = self.{name};\n{}{post_return}        Ok(result)\n    }}\n",
        names::docs(function.docs.contents.as_deref().or(Some(&function.name)), "    "),
        body.code
    )
}
