//! The host's side of one interface: types, the trait to implement, and the table of core functions.

use crate::Wit;
use crate::emit::{Body, Direction};
use crate::names;
use crate::types::{Place, core};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wit_bindgen_core::abi::{self, AbiVariant, LiftLower};
use wit_bindgen_core::wit_parser::{Function, InterfaceId, Type, TypeDefKind, TypeId};

/// One core function of an interface's table.
struct Shim {
    /// Its name in the guest's import section.
    import: String,
    /// Its core signature: the variant of `Signature`, and the `fn` type behind it.
    signature: (String, String),
    name: String,
    code: String,
    /// Whether it gives the guest something that does not fit a return area, in memory that the guest reserves.
    reserves: bool,
}

/// The module of an interface.
///
/// Adds those of its functions to `reserving` for which a guest has to export `cabi_realloc`.
pub fn interface(
    context: &Wit,
    id: InterfaceId,
    full_name: &str,
    reserving: &mut Vec<(String, String)>,
) -> String {
    let interface = &context.resolve.interfaces[id];
    let mut code = names::docs(interface.docs.contents.as_deref().or(Some(full_name)), "");
    write!(
        code,
        "#[allow(unused_imports, unused_variables, unused_mut, unused_parens, dead_code)]\n\
         #[allow(clippy::all)]\n#[rustfmt::skip]\n\
         pub mod {} {{\nuse zephyr_wasm_runtime::abi;\nuse wasmi::AsContextMut as _;\n{}",
        context.module(id),
        context.definitions(id)
    )
    .unwrap();
    let resources: Vec<TypeId> = interface
        .types
        .values()
        .copied()
        .filter(|id| matches!(context.resolve.types[*id].kind, TypeDefKind::Resource))
        .collect();
    if !interface.functions.is_empty() || !resources.is_empty() {
        let functions: Vec<&Function> = interface.functions.values().collect();
        code += &host_trait(context, full_name, &functions, &resources);
        let mut shims: Vec<Shim> = functions.iter().map(|function| shim(context, function)).collect();
        shims.extend(resources.iter().map(|id| drop_shim(context, *id)));
        code += &table(full_name, &shims);
        for shim in shims.iter().filter(|shim| shim.reserves) {
            reserving.push((full_name.to_owned(), shim.import.clone()));
        }
    }
    code + "}\n"
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
        let (method, ty) = (names::value(name), names::type_(name));
        writeln!(code, "    /// The guest dropped its handle.\n    fn {method}_drop(&mut self, this: {ty});")
            .unwrap();
    }
    code + "}\n"
}

/// A string or byte list that a function returns by itself is whatever the implementation has at hand, so that no
/// call has to allocate on the host's side.
fn result_type(context: &Wit, ty: &Type, method: &str, associated: &mut Option<&'static str>) -> String {
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

fn signature(parameters: &[&str], result: Option<&str>) -> (String, String) {
    let mut variant: Vec<&str> = parameters.to_vec();
    variant.extend(["to", result.unwrap_or("nothing")]);
    let types: String = parameters.iter().map(|ty| format!(", {ty}")).collect();
    let result = result.unwrap_or("()");
    (
        names::type_(&variant.join("-")),
        format!("fn(wasmi::Caller<'_, T>{types}) -> Result<{result}, wasmi::Error>"),
    )
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
    abi::call(
        &context.resolve,
        AbiVariant::GuestImport,
        LiftLower::LiftArgsLowerResults,
        function,
        &mut body,
        false,
    );
    let access = match body.reads_memory {
        true => "let (mem, host) = abi::split(cx.as_context_mut())?;",
        false => "let host = cx.data_mut();",
    };
    let name = names::method(function);
    let arguments: String = parameters.iter().enumerate().map(|(n, ty)| format!(", a{n}: {ty}")).collect();
    let code = format!(
        "fn {name}<T: abi::HostState + Host + 'static>(mut cx: wasmi::Caller<'_, T>{arguments}) -> Result<{}, wasmi::Error> {{\n\
         {access}\n{}}}\n",
        result.unwrap_or("()"),
        body.code
    );
    let reserves = body.code.contains("abi::put_new(") || body.code.contains("abi::reserve(");
    Shim { import: function.name.clone(), signature: signature(&parameters, result), name, code, reserves }
}

fn drop_shim(context: &Wit, id: TypeId) -> Shim {
    let wit_name = context.resolve.types[id].name.as_deref().unwrap_or_default();
    let (name, ty) = (format!("{}_drop", names::value(wit_name)), names::type_(wit_name));
    let code = format!(
        "fn {name}<T: abi::HostState + Host + 'static>(mut cx: wasmi::Caller<'_, T>, a0: i32) -> Result<(), wasmi::Error> {{\n\
         let host = cx.data_mut();\nlet number = host.handles().take({:#x}, a0)?;\n\
         host.{name}({ty}(number));\nOk(())\n}}\n",
        context.resource_id(id)
    );
    Shim {
        import: format!("[resource-drop]{wit_name}"),
        signature: signature(&["i32"], None),
        name,
        code,
        reserves: false,
    }
}

/// The table of an interface. Functions of one core signature share one closure, which is where the size of typed
/// host functions is.
fn table(full_name: &str, shims: &[Shim]) -> String {
    let signatures: BTreeMap<&str, &str> =
        shims.iter().map(|shim| (shim.signature.0.as_str(), shim.signature.1.as_str())).collect();
    let mut code = format!(
        "/// `{full_name}` as the runtime links it.\npub struct Import;\n\
         enum Signature<T: 'static> {{\n"
    );
    for (variant, ty) in &signatures {
        writeln!(code, "    {variant}({ty}),").unwrap();
    }
    code += "}\nstruct Functions<T>(core::marker::PhantomData<T>);\n\
             impl<T: abi::HostState + Host + 'static> Functions<T> {\n    \
             const TABLE: &'static [(&'static str, Signature<T>)] = &[\n";
    for shim in shims {
        writeln!(code, "        ({:?}, Signature::{}({}::<T>)),", shim.import, shim.signature.0, shim.name)
            .unwrap();
    }
    write!(
        code,
        "    ];\n}}\nimpl<T: abi::HostState + Host + 'static> abi::Interface<T> for Import {{\n    \
         fn name(&self) -> &'static str {{ {full_name:?} }}\n    \
         #[inline(never)]\n    \
         fn function(&self, name: &str, store: &mut wasmi::Store<T>) -> Option<wasmi::Func> {{\n        \
         let (_, signature) = Functions::<T>::TABLE.iter().find(|(known, _)| *known == name)?;\n        \
         Some(match *signature {{\n"
    )
    .unwrap();
    for variant in signatures.keys() {
        writeln!(code, "            Signature::{variant}(function) => wasmi::Func::wrap(store, function),")
            .unwrap();
    }
    code += "        })\n    }\n}\n";
    for shim in shims {
        code += &shim.code;
    }
    code
}
