//! Every interface there is, with its functions' core types.

use wasm_encoder::ValType;
use wit_bindgen_core::abi::WasmType;
use wit_bindgen_core::wit_parser::abi::AbiVariant;
use wit_bindgen_core::wit_parser::{Resolve, TypeDefKind};
use zephyr_wasm_bindings::grants::{self, Kind};

/// A core function that a guest may import.
pub struct Function {
    pub name: String,
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

/// An interface of a host.
pub struct Interface {
    pub name: String,
    pub functions: Vec<Function>,
}

/// The packages of our host APIs, and what a manifest may grant of each.
pub fn packages() -> Vec<(String, Vec<Kind>)> {
    let mut resolve = Resolve::default();
    let package = |(index, source): (usize, &&str)| {
        let id = resolve
            .push_str(format!("{index}.wit"), source)
            .expect("our own WIT");
        let package = &resolve.packages[id];
        let name = format!("{}:{}", package.name.namespace, package.name.name);
        (name, grants::of_package(package))
    };
    let all: Vec<_> = zephyr_wasm_api::WIT
        .iter()
        .enumerate()
        .map(package)
        .collect();
    let is_api = |(name, _): &(String, Vec<Kind>)| name != "zephyr:app";
    all.into_iter().filter(is_api).collect()
}

/// Our host APIs, and the interface that has every type.
pub fn all() -> Vec<Interface> {
    let mut resolve = Resolve::default();
    let roundtrip = include_str!("../../roundtrip/wit/roundtrip.wit");
    for (index, source) in zephyr_wasm_api::WIT.iter().chain([&roundtrip]).enumerate() {
        resolve
            .push_str(format!("{index}.wit"), source)
            .expect("our own WIT");
    }
    let mut interfaces = Vec::new();
    for (id, interface) in resolve.interfaces.iter() {
        let Some(name) = resolve.id_of(id) else {
            continue;
        };
        let mut functions: Vec<Function> = interface
            .functions
            .values()
            .map(|function| {
                let signature = resolve.wasm_signature(AbiVariant::GuestImport, function);
                Function {
                    name: function.name.clone(),
                    params: signature.params.iter().map(core).collect(),
                    results: signature.results.iter().map(core).collect(),
                }
            })
            .collect();
        for ty in interface.types.values() {
            let ty = &resolve.types[*ty];
            if let (TypeDefKind::Resource, Some(name)) = (&ty.kind, &ty.name) {
                let name = format!("[resource-drop]{name}");
                functions.push(Function {
                    name,
                    params: vec![ValType::I32],
                    results: Vec::new(),
                });
            }
        }
        if !functions.is_empty() {
            interfaces.push(Interface { name, functions });
        }
    }
    interfaces
}

fn core(ty: &WasmType) -> ValType {
    match ty {
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
    }
}
