//! Host APIs that are only declared: what links against them is checked, and nothing of them can be called.

use wit_bindgen_core::wit_parser::abi::{AbiVariant, WasmType};
use wit_bindgen_core::wit_parser::{Interface as Wit, Resolve, TypeDefKind};
use zephyr_wasm_bindings::shape;
use zephyr_wasm_engine::{Function, FunctionType, Store, ValueType};
use zephyr_wasm_platform_host::{Added, HostPlatform};
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::abi::Interface;

struct Declared {
    name: &'static str,
    functions: Vec<(String, FunctionType, u32)>,
}

impl Interface<App<HostPlatform>> for Declared {
    fn name(&self) -> &'static str {
        self.name
    }

    fn function(&self, name: &str, store: &mut Store<App<HostPlatform>>) -> Option<(Function, u32)> {
        let (_, ty, shape) = self.functions.iter().find(|(known, ..)| known == name)?;
        Some((Function::constant(store, ty, 0), *shape))
    }
}

/// The interfaces of these packages that `ours` are not, for as long as the tool runs.
pub fn interfaces(of: &Resolve, ours: &[&str]) -> Added {
    let mut all: Vec<&'static dyn Interface<App<HostPlatform>>> = Vec::new();
    for (id, interface) in of.interfaces.iter() {
        if let Some(name) = of.id_of(id).filter(|name| !ours.contains(&name.as_str())) {
            all.push(Box::leak(Box::new(Declared {
                name: name.leak(),
                functions: functions(of, interface),
            })));
        }
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

/// On boards of 32 bits, as apps are.
fn value_type(ty: &WasmType) -> ValueType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValueType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValueType::I64,
        WasmType::F32 => ValueType::F32,
        WasmType::F64 => ValueType::F64,
    }
}
