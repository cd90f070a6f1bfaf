//! The engine computes right: every form of a `select` by a comparison, packed as an app is, gives what it has to.

mod cases;
mod forms;

use cases::{Case, VALUES, cases, module};
use forms::Values;
use std::path::PathBuf;
use std::process::Command;
use wasmi::{Engine, Instance, Module, Nullable, Store, Val};
use wasmparser::{Parser, Payload};
use zephyr_wasm_engine::config;
use zephyr_wasm_engine::wrong::{Kind, wrong as found};
use zephyr_wasm_engine::{Settings, select};

/// Packs a module as its maker does.
fn packed(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    let tool =
        Command::new(env!("CARGO_BIN_EXE_zephyr-wasm")).arg("pack").arg(&path).arg("-o").arg(&path).output();
    let output = tool.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(&path).unwrap()
}

/// The numbers of the cases that the engine computes wrongly.
fn wrong(bytes: &[u8], cases: &[Case]) -> Vec<usize> {
    let engine = Engine::new(&config(&Settings::default()));
    let module = Module::new(&engine, bytes).expect("a valid module");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("no imports");
    let some = instance.get_func(&store, "run").unwrap();
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let function = instance.get_func(&store, &format!("f{number}")).unwrap();
        let right = VALUES.into_iter().all(|values| {
            let Values { a, b, c } = values;
            let mut arguments: Vec<Val> = Vec::new();
            arguments.extend([a, b, c].map(|value| Val::I32(value as i32)));
            arguments.extend([a, b, c].map(Val::I64));
            arguments.extend([a, b, c].map(|value| Val::F32((value as f32).into())));
            arguments.extend([a, b, c].map(|value| Val::F64((value as f64).into())));
            arguments.push(Val::FuncRef(Nullable::Val(some)));
            let mut results = [Val::I64(-1)];
            function.call(&mut store, &arguments, &mut results).expect("nothing traps");
            results[0].i64() == Some(case.value(values))
        });
        if !right {
            wrong.push(number);
        }
    }
    wrong
}

/// The functions of a module that have to be written otherwise, by their numbers among those of the cases.
fn flagged(bytes: &[u8], cases: usize) -> Vec<usize> {
    let bodies = Parser::new(0).parse_all(bytes).filter_map(|payload| match payload.unwrap() {
        Payload::CodeSectionEntry(body) => Some(body),
        _ => None,
    });
    let has_edits = |body: wasmparser::FunctionBody<'_>| {
        let mut any = false;
        select::edits(body.as_bytes(), |_| any = true).expect("known instructions");
        any
    };
    let all: Vec<bool> = bodies.map(has_edits).collect();
    let others = all.len() - cases;
    (0..cases).filter(|number| all[others + number]).collect()
}

fn told(cases: &[Case], numbers: &[usize]) -> String {
    numbers.iter().take(20).map(|number| cases[*number].text(*number)).collect()
}

#[test]
fn every_packed_form_is_right() {
    // What has a block with parameters is not packed.
    let cases: Vec<Case> =
        cases().into_iter().filter(|case| !case.condition.text.contains("(block (param")).collect();
    assert!(cases.len() > 14_496 / VALUES.len());
    for (index, cases) in cases.chunks(2000).enumerate() {
        let packed = packed(&format!("engine_{index}.wasm"), &module(cases));
        assert!(!select::has_edits(&packed), "packing has left something to mend");
        let wrong = wrong(&packed, cases);
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), told(cases, &wrong));
    }
}

/// The form that this was found by: the local was set just before, to a constant.
#[test]
fn what_was_just_set_is_compared() {
    let bytes = wat::parse_str(
        r#"(module (memory 1) (func (export "run") (result i32) (local $x i32)
          (drop (local.tee $x (i32.const 9))) (select (i32.const 3) (i32.const 4) (i32.eqz (local.get $x)))))"#,
    )
    .unwrap();
    let engine = Engine::new(&config(&Settings::default()));
    let module = Module::new(&engine, packed("engine_set.wasm", &bytes)).expect("a valid module");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("no imports");
    let run = instance.get_typed_func::<(), i32>(&store, "run").unwrap();
    assert_eq!(run.call(&mut store, ()).expect("nothing traps"), 4);
}

/// What a board refuses that validates is all that its engine gets wrong, and the reason for all this is still there.
#[test]
fn what_is_wrong_is_found() {
    let (mut found, mut wrongly) = (0, 0);
    let cases = cases();
    for cases in cases.chunks(2000) {
        let bytes = module(cases);
        let (wrong, flagged) = (wrong(&bytes, cases), flagged(&bytes, cases.len()));
        let missed: Vec<usize> = wrong.iter().copied().filter(|number| !flagged.contains(number)).collect();
        assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), told(cases, &missed));
        found += flagged.len();
        wrongly += wrong.len();
    }
    println!("{} forms, {wrongly} wrong, {found} found", cases.len());
    assert!(
        wrongly > 0,
        "the engine computes all of them rightly: rust/engine/src/interpreted/select.rs can go"
    );
}

/// A local below the parameters of a block is still lost, where it is not refused.
#[test]
fn blocks_with_parameters_are_still_wrong() {
    let wrongly = ["i32.const 1", "local.get 1 i32.const 1 i32.add"].into_iter().filter(|parameter| {
        let text = format!(
            "(module (func (export \"run\") (result i32) (local i32 i32) (local.set 0 (i32.const 9)) (local.get 0) \
               {parameter} (if (param i32) (local.get 1) (then (drop) (loop)) (else (drop)))))"
        );
        let bytes = wat::parse_str(text).unwrap();
        assert!(found(&bytes).unwrap().block.is_some(), "{parameter}: not refused");
        let engine = Engine::new(&config(&Settings::default()));
        let mut store = Store::new(&engine, ());
        let module = Module::new(&engine, &bytes).expect("a valid module");
        let instance = Instance::new(&mut store, &module, &[]).expect("no imports");
        let run = instance.get_typed_func::<(), i32>(&store, "run").unwrap();
        run.call(&mut store, ()).expect("nothing traps") != 9
    });
    assert!(
        wrongly.count() > 0,
        "the engine computes them rightly: blocks with parameters need not be refused"
    );
}

/// The first of two values that a `br_table` takes along is still read where it is not, where that is not refused.
#[test]
fn tables_of_branches_with_values_are_still_wrong() {
    let text = "(module (func (export \"run\") (result i32) (local $way i32) \
                  (block (result i32 i32) (block (result i32 i32) \
                    (i32.const 7) (i32.const 1) (i32.const 2) (br_table 0 1 (local.get $way)))) \
                  (i32.sub)))";
    let bytes = wat::parse_str(text).unwrap();
    assert_eq!(found(&bytes).unwrap().block.map(|block| block.kind), Some(Kind::Values));
    let engine = Engine::new(&config(&Settings::default()));
    let mut store = Store::new(&engine, ());
    let module = Module::new(&engine, &bytes).expect("a valid module");
    let instance = Instance::new(&mut store, &module, &[]).expect("no imports");
    let run = instance.get_typed_func::<(), i32>(&store, "run").unwrap();
    assert_ne!(
        run.call(&mut store, ()).expect("nothing traps"),
        -1,
        "the engine computes them rightly: a `br_table` with more than one value need not be refused"
    );
}
