//! Host APIs that are only declared: what links against them is checked, and nothing of them can be called.

use wit_bindgen_core::wit_parser::abi::{AbiVariant, WasmType};
use wit_bindgen_core::wit_parser::{Interface as Wit, Resolve, TypeDefKind};
use zephyr_wasm_bindings::core_api::{CoreApi, Function as OfHeader};
use zephyr_wasm_bindings::{grants, shape};
use zephyr_wasm_engine::{Function, FunctionType, Store, ValueType};
use zephyr_wasm_platform_host::{Added, HostPlatform};
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::abi::Interface;

struct Declared {
    name: &'static str,
    restricted: bool,
    functions: Vec<(String, FunctionType, u32)>,
}

impl Interface<App<HostPlatform>> for Declared {
    fn name(&self) -> &'static str {
        self.name
    }

    fn restricted(&self) -> bool {
        self.restricted
    }

    fn function(&self, name: &str, store: &mut Store<App<HostPlatform>>) -> Option<(Function, u32)> {
        let (_, ty, shape) = self.functions.iter().find(|(known, ..)| known == name)?;
        Some((Function::constant(store, ty, 0), *shape))
    }
}

/// The interfaces of these packages that `ours` are not, and those of headers, for as long as the tool runs.
pub fn interfaces(of: &Resolve, core: &[CoreApi], ours: &[&str]) -> Added {
    let mut all: Vec<&'static dyn Interface<App<HostPlatform>>> = Vec::new();
    for (id, interface) in of.interfaces.iter() {
        if let Some(name) = of.id_of(id).filter(|name| !ours.contains(&name.as_str())) {
            let package = interface.package.map(|id| &of.packages[id]);
            all.push(Box::leak(Box::new(Declared {
                name: name.leak(),
                restricted: package.is_some_and(|package| !grants::of_package(package).is_empty()),
                functions: functions(of, interface),
            })));
        }
    }
    for CoreApi { module, functions, .. } in core {
        all.push(Box::leak(Box::new(Declared {
            name: module.clone().leak(),
            restricted: true,
            functions: functions.iter().map(of_header).collect(),
        })));
    }
    let all: &'static [_] = Vec::leak(all);
    Vec::leak(vec![all])
}

fn functions(of: &Resolve, interface: &Wit) -> Vec<(String, FunctionType, u32)> {
    let declared = interface.functions.values().map(|function| {
        let signature = of.wasm_signature(AbiVariant::GuestImport, function);
        let types = |types: &[WasmType]| types.iter().map(value_type).collect::<Vec<_>>();
        let ty = FunctionType::new(types(&signature.params), types(&signature.results));
        (function.name.clone(), ty, shape::hash(of, function))
    });
    let resources =
        interface.types.iter().filter(|(_, id)| matches!(of.types[**id].kind, TypeDefKind::Resource));
    let drops = resources
        .map(|(name, _)| (format!("[resource-drop]{name}"), FunctionType::new([ValueType::I32], []), 0));
    declared.chain(drops).collect()
}

fn of_header(function: &OfHeader) -> (String, FunctionType, u32) {
    let ty = |name: &str| match name {
        "i64" => ValueType::I64,
        "f32" => ValueType::F32,
        "f64" => ValueType::F64,
        _ => ValueType::I32,
    };
    let params = function.parameters.iter().map(|one| ty(one.kind.in_wasm())).collect::<Vec<_>>();
    let results = function.result.iter().map(|result| ty(result.in_wasm())).collect::<Vec<_>>();
    (function.import.clone(), FunctionType::new(params, results), 0)
}

/// On boards of 32 bits, as apps are.
fn value_type(ty: &WasmType) -> ValueType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValueType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValueType::I64,
        WasmType::F32 => ValueType::F32,
        WasmType::F64 => ValueType::F64,
    }
}
