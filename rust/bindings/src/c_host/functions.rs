//! The C functions of an interface, and the trait's implementation by them.

use super::convert::Converter;
use super::types::{CTypes, comment, value};
use crate::imports::result_type;
use crate::names;
use crate::types::Place;
use crate::wit::Wit;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use wit_bindgen_core::wit_parser::{Function, InterfaceId, Type, TypeDefKind};

/// What there is for one interface.
#[derive(Default)]
pub struct Generated {
    /// The prototypes, for the header.
    pub declarations: String,
    /// The same for Rust.
    pub externs: String,
    pub implementation: String,
}

/// Generates an interface's functions.
pub fn interface<'a>(wit: &'a Wit, id: InterfaceId, types: &mut CTypes<'a>) -> Result<Generated> {
    let module = wit.module(id);
    let mut generated = Generated::default();
    let mut methods = String::new();
    for function in wit.resolve.interfaces[id].functions.values() {
        methods += &self::function(wit, &module, function, types, &mut generated)?;
    }
    for resource in wit.resolve.interfaces[id].types.values() {
        if !matches!(wit.resolve.types[*resource].kind, TypeDefKind::Resource) {
            continue;
        }
        let name = wit.resolve.types[*resource].name.as_deref().unwrap_or_default();
        let (drop, ty) = (names::drop_method(&wit.resolve, *resource), names::type_(name));
        write!(
            generated.declarations,
            "/** An app dropped the {name}, or ended with it. */\nvoid {module}_{drop}(uint32_t self);\n\n"
        )
        .unwrap();
        writeln!(generated.externs, "        pub safe fn {module}_{drop}(this: u32);").unwrap();
        writeln!(
            methods,
            "    fn {drop}(&mut self, this: bindings::{module}::{ty}) {{ c::{module}_{drop}(this.0) }}"
        )
        .unwrap();
    }
    generated.implementation = format!(
        "\nimpl<P: zephyr_wasm_runtime::Platform> bindings::{module}::Host for zephyr_wasm_runtime::App<P> {{\n{methods}}}\n"
    );
    Ok(generated)
}

fn function<'a>(
    wit: &'a Wit,
    module: &str,
    function: &Function,
    types: &mut CTypes<'a>,
    generated: &mut Generated,
) -> Result<String> {
    let name = names::method(function);
    let c_name = format!("{module}_{name}");
    let mut converter = Converter { wit, types, prefix: module.to_owned() };
    let (mut c_params, mut extern_params, mut arguments) = (Vec::new(), Vec::new(), Vec::new());
    let mut rust_params = String::new();
    let mut code = String::new();
    for (index, param) in function.params.iter().enumerate() {
        let (c, rust) = converter.types.of(module, &param.ty);
        let (c_param, place) = (value(&param.name), format!("a{index}"));
        let borrowed = wit.rust_type(&param.ty, Place::Borrowed).replace("super::", "bindings::");
        rust_params += &format!(", {place}: {borrowed}");
        let c_param = if c_param == "this" { "self".into() } else { c_param };
        let converted = match list_element(wit, &param.ty) {
            Some(element) => {
                let Some(item) = converter.c_of("(*v)", &element) else {
                    bail!(
                        "`{}`: lists inside lists have no plain C structs; implement it in Rust",
                        function.name
                    );
                };
                let item_type = converter.types.of(module, &element).1;
                let item_type = if item_type.ends_with("_t") { format!("c::{item_type}") } else { item_type };
                let item_type = item_type.replace("Text", "c::Text").replace("Bytes", "c::Bytes");
                writeln!(
                    code,
                    "        let l{index}: alloc::vec::Vec<{item_type}> = {place}.iter().map(|v| {item}).collect();"
                )
                .unwrap();
                Some(format!("c::{rust} {{ data: l{index}.as_ptr(), size: l{index}.len() }}"))
            }
            None => converter.c_of(&place, &param.ty),
        };
        let Some(converted) = converted else {
            bail!(
                "`{}`: a list inside another type has no plain C struct; implement it in Rust",
                function.name
            );
        };
        if converter.types.is_scalar(&param.ty) {
            c_params.push(format!("{c} {c_param}"));
            extern_params.push(format!("a{index}: {rust}"));
            arguments.push(converted);
        } else {
            c_params.push(format!("const {c} *{c_param}"));
            extern_params.push(format!("a{index}: &{rust}"));
            arguments.push(format!("&{converted}"));
        }
    }
    let mut associated = None;
    let mut result = String::new();
    let mut returns = ("void".to_owned(), String::new());
    match &function.result {
        Some(ty) if converter.types.is_scalar(ty) => {
            let (c, rust) = converter.types.of(module, ty);
            returns = (c, format!(" -> {rust}"));
            writeln!(code, "        let r = c::{c_name}({});", arguments.join(", ")).unwrap();
        }
        Some(ty) => {
            let (c, rust) = converter.types.of(module, ty);
            c_params.push(format!("{c} *result"));
            extern_params.push(format!("result: &mut {rust}"));
            arguments.push("&mut r".into());
            let rust = if matches!(rust.as_str(), "f32" | "f64") { rust } else { format!("c::{rust}") };
            writeln!(
                code,
                "        let mut r = zero::<{rust}>();\n        c::{c_name}({});",
                arguments.join(", ")
            )
            .unwrap();
        }
        None => writeln!(code, "        c::{c_name}({});", arguments.join(", ")).unwrap(),
    }
    if let Some(ty) = &function.result {
        let value = converter.rust_of("r", ty);
        result =
            format!(" -> {}", result_type(wit, ty, &name, &mut associated).replace("super::", "bindings::"));
        write!(code, "        let value = {value};\n        c::zephyr_wasm_given_free();\n        value\n")
            .unwrap();
    }
    let docs = comment(function.docs.contents.as_deref(), "");
    let c_list = if c_params.is_empty() { "void".into() } else { c_params.join(", ") };
    write!(generated.declarations, "{docs}{} {c_name}({c_list});\n\n", returns.0).unwrap();
    writeln!(generated.externs, "        pub safe fn {c_name}({}){};", extern_params.join(", "), returns.1)
        .unwrap();
    let associated = match associated {
        Some("str") => format!("    type {} = alloc::string::String;\n", names::type_(&name)),
        Some(_) => format!("    type {} = alloc::vec::Vec<u8>;\n", names::type_(&name)),
        None => String::new(),
    };
    Ok(format!("{associated}    fn {name}(&mut self{rust_params}){result} {{\n{code}    }}\n"))
}

/// The element of a list that is not of bytes.
fn list_element(wit: &Wit, ty: &Type) -> Option<Type> {
    let Type::Id(id) = ty else { return None };
    match &wit.resolve.types[*id].kind {
        TypeDefKind::Type(ty) => list_element(wit, ty),
        TypeDefKind::List(element) if *element != Type::U8 => Some(*element),
        _ => None,
    }
}
