//! Typed calls of what a guest exports, and the functions by which it manages its own resources.

use crate::emit::{Body, Direction};
use crate::imports::Group;
use crate::names;
use crate::table::{Shim, Table};
use crate::types::{Place, core};
use crate::wit::Wit;
use std::fmt::Write as _;
use wit_bindgen_core::abi::{self, AbiVariant, LiftLower};
use wit_bindgen_core::wit_parser::{Function, TypeId};

/// The module of an exported interface, or of what a world exports by itself if `interface` is false.
pub fn group(wit: &Wit, group: &Group<'_>, module: &str, interface: bool) -> String {
    let export_name = |name: &str| match interface {
        true => format!("{}#{name}", group.full_name),
        false => name.to_owned(),
    };
    let mut fields = String::new();
    let mut lookups = String::new();
    let mut methods = String::new();
    for function in &group.functions {
        let name = names::method(function);
        let signature = wit.resolve.wasm_signature(AbiVariant::GuestExport, function);
        let parameters: String = signature.params.iter().map(|ty| format!("{}, ", core(ty))).collect();
        let result = signature.results.first().map_or("()", core);
        let export = export_name(&function.name);
        writeln!(fields, "    {name}: abi::TypedFunction<({parameters}), {result}>,").unwrap();
        writeln!(lookups, "            {name}: abi::export(store, instance, {export:?})?,").unwrap();
        let has_post_return = abi::guest_export_needs_post_return(&wit.resolve, function);
        if has_post_return {
            let post = format!("cabi_post_{export}");
            writeln!(fields, "    {name}_post_return: Option<abi::TypedFunction<({result},), ()>>,").unwrap();
            writeln!(lookups, "            {name}_post_return: abi::export(store, instance, {post:?}).ok(),")
                .unwrap();
        }
        methods += &method(wit, function, signature.retptr, has_post_return);
    }
    for id in &group.resources {
        let name = wit.resolve.types[*id].name.as_deref().unwrap_or_default();
        let (drop, ty) = (names::drop_method(&wit.resolve, *id), names::type_(name));
        let export = export_name(&format!("[dtor]{name}"));
        writeln!(fields, "    {drop}: Option<abi::TypedFunction<(i32,), ()>>,").unwrap();
        writeln!(lookups, "            {drop}: abi::export(store, instance, {export:?}).ok(),").unwrap();
        write!(
            methods,
            "    /// Gives a resource back to the guest, which drops it.\n    \
             pub fn {drop}<T: 'static>(&self, cx: &mut abi::Store<T>, this: {ty}) -> Result<(), abi::Error> {{\n        \
             self.{drop}.map_or(Ok(()), |drop| drop.call(cx.context(), (this.0 as i32,)))\n    }}\n"
        )
        .unwrap();
    }
    let code = format!(
        "/// The functions that an instance exports.\npub struct Exports {{\n{fields}}}\n\
         impl Exports {{\n    /// Finds the exports by name and type.\n    ///\n    /// # Errors\n    \
         /// Names the first one that is missing or has another type.\n    \
         pub fn new<T>(store: &abi::Store<T>, instance: &abi::Instance) -> Result<Self, abi::MissingExport> {{\n        \
         Ok(Exports {{\n{lookups}        }})\n    }}\n{methods}}}\n{}",
        intrinsics(wit, group)
    );
    group.module(module, &code)
}

fn method(wit: &Wit, function: &Function, has_return_area: bool, has_post_return: bool) -> String {
    let return_area = has_return_area.then(|| ("returned".to_owned(), 0));
    let mut body = Body::new(wit, function, Direction::Export, return_area);
    abi::call(
        &wit.resolve,
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
        .map(|(n, param)| format!(", a{n}: {}", wit.rust_type(&param.ty, Place::Borrowed)))
        .collect();
    let result = function.result.map_or("()".into(), |ty| wit.rust_type(&ty, Place::Owned));
    let post_return = match has_post_return {
        true => format!(
            "        if let Some(post_return) = self.{name}_post_return {{\n            \
             post_return.call(cx.context(), (returned,))?;\n        }}\n"
        ),
        false => String::new(),
    };
    format!(
        "{}    ///\n    /// # Errors\n    /// What ended the guest: a trap, or a broken rule of the ABI.\n    \
         pub fn {name}<T: abi::HostState + 'static>(&self, cx: &mut abi::Store<T>{parameters}) -> Result<{result}, abi::Error> {{\n\
         let function = self.{name};\n{}{post_return}        Ok(result)\n    }}\n",
        names::docs(function.docs.contents.as_deref().or(Some(&function.name)), "    "),
        body.finish()
    )
}

/// What a guest imports to make, look into and drop handles of its own resources.
fn intrinsics(wit: &Wit, group: &Group<'_>) -> String {
    if group.resources.is_empty() {
        return String::new();
    }
    let shims: Vec<Shim> =
        group.resources.iter().flat_map(|id| of_resource(wit, *id, &group.full_name)).collect();
    let table = Table {
        full_name: &format!("[export]{}", group.full_name),
        name: "Intrinsics",
        bounds: "abi::HostState + 'static",
        shims: &shims,
        restricted: false,
        close: "",
    };
    table.code()
}

fn of_resource(wit: &Wit, id: TypeId, full_name: &str) -> [Shim; 3] {
    let name = wit.resolve.types[id].name.as_deref().unwrap_or_default();
    let number = wit.resource_id(id);
    let value = names::value(name);
    let destructor = format!("{full_name}#[dtor]{name}");
    let shim = |kind: &str, result: Option<&str>, code: String| {
        let import = format!("[resource-{kind}]{name}");
        Shim::new(import, &format!("{value}_{kind}"), &["i32"], result, &code)
    };
    [
        shim("new", Some("i32"), format!("cx.data_mut().handles().insert({number:#x}, a0 as u32)\n")),
        shim("rep", Some("i32"), format!("Ok(cx.data_mut().handles().get({number:#x}, a0)? as i32)\n")),
        shim(
            "drop",
            None,
            format!(
                "let number = cx.data_mut().handles().take({number:#x}, a0)?;\n\
                 abi::destroy(cx, {destructor:?}, number)\n"
            ),
        ),
    ]
}
