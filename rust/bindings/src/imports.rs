//! The host's side of one interface: types, the trait to implement, and the table of core functions.

use crate::emit::{Body, Direction};
use crate::table::{Shim, Table};
use crate::types::{Place, core};
use crate::wit::Wit;
use crate::{grants, names, shape};
use std::fmt::Write as _;
use wit_bindgen_core::abi::{self, AbiVariant, LiftLower};
use wit_bindgen_core::wit_parser::{Function, InterfaceId, Type, TypeDefKind, TypeId};

/// What a module of the generated code is about: an interface, or what a world imports by itself.
pub struct Group<'a> {
    /// Its name in imports and exports.
    pub full_name: String,
    pub docs: Option<&'a str>,
    /// Whether an app needs a grant for it.
    pub restricted: bool,
    pub functions: Vec<&'a Function>,
    pub resources: Vec<TypeId>,
    /// The definitions of its types.
    pub definitions: String,
}

impl<'a> Group<'a> {
    /// An interface.
    pub fn of_interface(wit: &'a Wit, id: InterfaceId, full_name: String) -> Self {
        let interface = &wit.resolve.interfaces[id];
        let is_resource = |id: &TypeId| matches!(wit.resolve.types[*id].kind, TypeDefKind::Resource);
        Group {
            full_name,
            docs: interface.docs.contents.as_deref(),
            restricted: interface
                .package
                .is_some_and(|package| !grants::of_package(&wit.resolve.packages[package]).is_empty()),
            functions: interface.functions.values().collect(),
            resources: interface.types.values().copied().filter(is_resource).collect(),
            definitions: wit.definitions(id),
        }
    }

    /// Whether there is more to it than types.
    pub fn has_functions(&self) -> bool {
        !self.functions.is_empty() || !self.resources.is_empty()
    }

    /// A module of the generated code with what all of them begin with.
    pub fn module(&self, name: &str, contents: &str) -> String {
        format!(
            "{}#[allow(unused_imports, unused_variables, unused_mut, unused_parens, dead_code)]\n\
             #[allow(clippy::all)]\n#[rustfmt::skip]\n\
             pub mod {name} {{\nuse zephyr_wasm_runtime::abi;\n{}{contents}}}\n",
            names::docs(self.docs.or(Some(&self.full_name)), ""),
            self.definitions
        )
    }
}

/// The host's side of a group.
pub fn group(context: &Wit, group: &Group<'_>, module: &str) -> String {
    if !group.has_functions() {
        return group.module(module, "");
    }
    let mut shims: Vec<Shim> = group.functions.iter().map(|function| shim(context, function)).collect();
    shims.extend(group.resources.iter().map(|id| drop_shim(context, *id)));
    let table = Table {
        full_name: &group.full_name,
        name: "Import",
        bounds: "abi::HostState + Host + 'static",
        shims: &shims,
        restricted: group.restricted,
        close: &close(context, &group.resources),
    };
    let code = host_trait(context, &group.full_name, &group.functions, &group.resources) + &table.code();
    group.module(module, &code)
}

/// The method that closes what an app leaves behind.
fn close(context: &Wit, resources: &[TypeId]) -> String {
    if resources.is_empty() {
        return String::new();
    }
    let mut arms = String::new();
    for id in resources {
        let ty = names::type_(context.resolve.types[*id].name.as_deref().unwrap_or_default());
        let drop = names::drop_method(&context.resolve, *id);
        writeln!(arms, "            {:#x} => host.{drop}({ty}(number)),", context.resource_id(*id)).unwrap();
    }
    format!(
        "    fn close(&self, host: &mut T, ty: u32, number: u32) -> bool {{\n        match ty {{\n{arms}            \
         _ => return false,\n        }}\n        true\n    }}\n"
    )
}

fn host_trait(context: &Wit, full_name: &str, functions: &[&Function], resources: &[TypeId]) -> String {
    let mut code = format!("/// What the host implements for `{full_name}`.\npub trait Host {{\n");
    for function in functions {
        let name = names::method(function);
        let mut associated = None;
        let result = function.result.map_or(String::new(), |ty| {
            let ty = result_type(context, &ty, &name, &mut associated);
            format!(" -> {ty}")
        });
        if let Some(view) = associated {
            let ty = names::type_(&name);
            writeln!(code, "    /// What [`Host::{name}`] returns.\n    type {ty}: AsRef<{view}>;").unwrap();
        }
        code += &names::docs(function.docs.contents.as_deref().or(Some(&function.name)), "    ");
        let parameters: String = function
            .params
            .iter()
            .map(|param| {
                format!(", {}: {}", names::value(&param.name), context.rust_type(&param.ty, Place::Borrowed))
            })
            .collect();
        writeln!(code, "    fn {name}(&mut self{parameters}){result};").unwrap();
    }
    for id in resources {
        let name = context.resolve.types[*id].name.as_deref().unwrap_or_default();
        let (method, ty) = (names::drop_method(&context.resolve, *id), names::type_(name));
        writeln!(
            code,
            "    /// The guest dropped its handle, or ended.\n    fn {method}(&mut self, this: {ty});"
        )
        .unwrap();
    }
    code + "}\n"
}

/// A string or byte list that a function returns by itself is whatever the implementation has at hand, so that no
/// call has to allocate on the host's side.
pub fn result_type(context: &Wit, ty: &Type, method: &str, associated: &mut Option<&'static str>) -> String {
    let own = |view: &'static str, associated: &mut Option<&'static str>| {
        if associated.is_some() {
            return context.rust_type(ty, Place::Owned);
        }
        *associated = Some(view);
        format!("Self::{}", names::type_(method))
    };
    let id = match ty {
        Type::String => return own("str", associated),
        Type::Id(id) => id,
        _ => return context.rust_type(ty, Place::Owned),
    };
    match &context.resolve.types[*id].kind {
        TypeDefKind::Type(ty) if matches!(ty, Type::String) => result_type(context, ty, method, associated),
        TypeDefKind::List(Type::U8) => own("[u8]", associated),
        TypeDefKind::Option(ty) => format!("Option<{}>", result_type(context, ty, method, associated)),
        TypeDefKind::Result(result) => {
            let mut part = |ty: &Option<Type>| {
                ty.map_or("()".to_owned(), |ty| result_type(context, &ty, method, associated))
            };
            let ok = part(&result.ok);
            format!("Result<{ok}, {}>", part(&result.err))
        }
        _ => context.rust_type(ty, Place::Owned),
    }
}

fn shim(context: &Wit, function: &Function) -> Shim {
    let core_signature = context.resolve.wasm_signature(AbiVariant::GuestImport, function);
    let parameters: Vec<&str> = core_signature.params.iter().map(core).collect();
    let result = core_signature.results.first().map(core);
    let return_area = core_signature.retptr.then(|| {
        let size = context.sizes.params(&function.result).size.size_wasm32();
        (format!("a{}", parameters.len() - 1), size)
    });
    let mut body = Body::new(context, function, Direction::Import, return_area);
    body.waits_with = function.kind.is_async().then(|| {
        let bits = |(place, ty): (usize, &&str)| match *ty {
            "i32" => format!("a{place} as i64, "),
            "i64" => format!("a{place}, "),
            _ => format!("a{place}.to_bits() as i64, "),
        };
        parameters.iter().enumerate().map(bits).collect()
    });
    abi::call(
        &context.resolve,
        AbiVariant::GuestImport,
        LiftLower::LiftArgsLowerResults,
        function,
        &mut body,
        false,
    );
    let code = body.finish();
    let mut shim = Shim::new(function.name.clone(), &names::method(function), &parameters, result, &code);
    shim.shape = shape::hash(&context.resolve, function);
    shim
}

fn drop_shim(context: &Wit, id: TypeId) -> Shim {
    let wit_name = context.resolve.types[id].name.as_deref().unwrap_or_default();
    let (name, ty) = (names::drop_method(&context.resolve, id), names::type_(wit_name));
    let code = format!(
        "let host = cx.data_mut();\n\
         if let Some(number) = host.handles().close({:#x}, a0)? {{ host.{name}({ty}(number)); }}\n\
         Ok(())\n",
        context.resource_id(id)
    );
    Shim::new(format!("[resource-drop]{wit_name}"), &name, &["i32"], None, &code)
}
