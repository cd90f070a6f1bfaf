//! What is written of modules, and what is refused.

mod support;

use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use support::{FRAME, File, Instance, directory};
use wasmparser::Parser;
use zephyr_wasm_compile::{Compiler, Error, Options, compile, outside};

fn text(source: &str) -> String {
    compile(&wat::parse_str(source).unwrap(), &Options::new("app")).unwrap()
}

fn refused(source: &str) -> String {
    match compile(&wat::parse_str(source).unwrap(), &Options::new("app")) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("not refused: {source}"),
    }
}

/// A module with something of each kind.
const EACH: &str = r#"(module
    (import "a:b/c" "log" (func $log (param i32 f32) (result f64)))
    (memory (export "memory") 1 4)
    (table $fixed 4 funcref)
    (table $grows 1 8 funcref)
    (global $mutable (export "mutable") (mut i64) (i64.const -5))
    (global $constant f32 (f32.const 1.5))
    (elem (table $fixed) (i32.const 1) func $pair $run)
    (data (i32.const 8) "hello")
    (data $passive "world")
    (func $pair (param i32) (result i32 i64) (local.get 0) (global.get $mutable))
    (func $run (export "run") (param i32) (result i32 i64)
        (local i32)
        (memory.init $passive (i32.const 100) (i32.const 0) (i32.const 5))
        (drop (call $log (i32.load8_u (i32.const 8)) (global.get $constant)))
        (drop (memory.grow (i32.const 1)))
        (drop (table.grow $grows (ref.null func) (i32.const 2)))
        (loop $again
            (local.set 1 (i32.add (local.get 1) (i32.load offset=4 (local.get 0))))
            (br_if $again (i32.lt_u (local.get 1) (i32.const 10))))
        (call_indirect $fixed (param i32) (result i32 i64) (i32.div_s (local.get 1) (local.get 0)) (i32.const 1)))
    (func $"*/ a\\name\nthat ??/ ends" (export "odd") (result f32) (f32.sqrt (f32.const 2))))"#;

#[test]
fn it_is_the_same_to_the_byte() {
    assert_eq!(text(EACH), text(EACH));
}

#[test]
fn functions_have_their_names() {
    let text = text(EACH);
    assert!(text.contains("static struct results_i32_i64 f2__run(struct app *i, uint32_t l0)"), "{text}");
    assert!(text.contains("/* 0: of a:b/c: log */"), "{text}");
    // Whatever a module calls them, they are comments.
    assert!(text.contains("* / a.name.that ../ ends */"), "{text}");
}

#[test]
fn what_is_the_same_to_c_is_declared_once() {
    let text = text(
        "(module
            (func (result i32 i32) (i32.const 1) (i32.const 2))
            (func (result i32 funcref) (i32.const 1) (ref.null func)))",
    );
    assert_eq!(text.matches("struct results_i32_i32 {").count(), 1, "{text}");
}

#[test]
fn nothing_but_the_entry_is_seen_from_outside() {
    let path = directory("written").join("each.c");
    let object = path.with_extension("o");
    std::fs::write(&path, text(EACH)).unwrap();
    let status = Command::new("cc").args(["-std=c11", "-c", "-Os", "-o"]).args([&object, &path]).status();
    assert!(status.unwrap().success());
    let symbols = Command::new("nm").args(["--extern-only", "--defined-only"]).arg(&object).output().unwrap();
    let symbols = String::from_utf8(symbols.stdout).unwrap();
    let names: Vec<_> = symbols.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert_eq!(names, ["zephyr_wasm_compiled_app_app"]);
}

/// An app may be called as what the firmware has for all of them, or as a type of the interface.
#[test]
fn an_app_may_have_any_name() {
    const ENTER: &str = include_str!("../../../src/compiled/enter.c");
    const REGION: &str = include_str!("../../../src/core/region.c");
    let module = wat::parse_str(EACH).unwrap();
    for name in ["enter", "leave", "entry", "room", "memory_is"] {
        let ours = format!("zephyr_wasm_compiled_{name}");
        let text = compile(&module, &Options::new(name)).unwrap() + ENTER;
        assert!(text.contains(&ours) || REGION.contains(&ours), "{ours} is gone");
        let path = directory("written").join(format!("named_{name}.c"));
        std::fs::write(&path, text).unwrap();
        let mut command = Command::new("cc");
        command.args(["-DCONFIG_WASM_APP_STACK_SIZE=2", "-DCONFIG_WASM_COMPILED_STACK_MARGIN=1"]);
        command.args(["-std=gnu11", "-c", "-o"]).arg(path.with_extension("o")).arg(&path);
        assert!(command.status().unwrap().success(), "{name}");
    }
}

/// Compilers of boards that are here take it without a word.
#[test]
fn compilers_of_boards_have_nothing_to_say() {
    let path = directory("written").join("board.c");
    std::fs::write(&path, text(EACH)).unwrap();
    let compilers: [&[&str]; 4] = [
        &["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"],
        &["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"],
        &["riscv64-unknown-elf-gcc", "-march=rv32imac", "-mabi=ilp32", "-ffreestanding"],
        &["clang-22", "--target=thumbv7m-none-eabi", "-ffreestanding"],
    ];
    for compiler in compilers {
        for level in ["-Os", "-O2"] {
            let mut command = Command::new(compiler[0]);
            // Zephyr asks for the last of these warnings, too.
            command.args(["-Wall", "-Wextra", "-Werror", "-Wdouble-promotion"]);
            command.args(&compiler[1..]).args([level, "-std=c11", "-c", "-o"]);
            let Ok(output) = command.arg(path.with_extension("board.o")).arg(&path).output() else {
                continue;
            };
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{compiler:?}: {said}");
        }
    }
}

/// A function that looks at the stack and may return early, and otherwise has a large frame: a compiler that puts the first
/// part in line where it is called leaves another function, which does not look.
#[test]
fn what_has_a_frame_looks_at_the_stack() {
    let of_each = |text: &str| (0..40).map(|index| text.replace('#', &index.to_string())).collect::<String>();
    let (globals, locals) = (of_each("(global $g# (mut i32) (i32.const 1))"), of_each("(local $l# i32)"));
    let load = of_each("(local.set $l# (global.get $g#))");
    let store = of_each("(global.set $g# (i32.mul (local.get $l#) (i32.const 3)))");
    let source = format!(
        r#"(module
            (import "a:b/c" "log" (func $log (param i32)))
            {globals}
            (func $large (param $n i32) (result i32) {locals}
                (if (i32.and (local.get $n) (i32.const 1)) (then (return (i32.const 7))))
                (if (i32.and (local.get $n) (i32.const 2)) (then (return (i32.const 7))))
                {load}
                (call $log (local.get $l0))
                (local.set $n (call $again (i32.sub (local.get $n) (i32.const 1))))
                {store}
                (local.get $n))
            (func $again (export "run") (param $n i32) (result i32)
                (i32.add
                    (call $large (local.get $n))
                    (i32.add
                        (call $large (i32.add (local.get $n) (i32.const 5)))
                        (call $large (i32.add (local.get $n) (i32.const 9)))))))"#
    );
    let path = directory("written").join("frame.c");
    std::fs::write(&path, text(&source)).unwrap();
    for compiler in [&["cc"][..], &["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"]] {
        let flags = Compiler::of(compiler[0], &compiler[1..]).flags(FRAME);
        let flags: Vec<_> = flags.collect();
        for level in ["-Os", "-O2"] {
            let object = path.with_extension("o");
            let mut command = Command::new(compiler[0]);
            command.args(&compiler[1..]).args(["-std=c11", level, "-c", "-o"]).args([&object, &path]);
            let Ok(status) = command.args(&flags).status() else { continue };
            assert!(status.success());
            let symbols = Command::new("nm").arg(&object).output().unwrap();
            let symbols = String::from_utf8(symbols.stdout).unwrap();
            assert!(symbols.contains("__large") && !symbols.contains(".part."), "{level}: {symbols}");
        }
    }
}

/// The build ends, and says what to raise: a compiler shows the line of the function.
#[test]
fn a_frame_that_is_too_large_is_refused() {
    let locals: String = (0..200).map(|_| "(call $get) ").collect();
    let adds = "(i32.add) ".repeat(199);
    let source = format!(
        r#"(module (import "a:b/c" "get" (func $get (result i32)))
          (func $large (export "run") (result i32) {locals} {adds}))"#
    );
    let path = directory("written").join("large.c");
    std::fs::write(&path, text(&source)).unwrap();
    for compiler in ["cc", "clang-22", "clang"] {
        if Command::new(compiler).arg("--version").output().is_err() {
            continue;
        }
        let build = |frame| {
            let mut command = Command::new(compiler);
            command.args(["-std=c11", "-Os", "-c", "-o"]).arg(path.with_extension("o")).arg(&path);
            command.args(Compiler::of(compiler, &[]).flags(frame)).output().unwrap()
        };
        assert!(build(4096).status.success(), "{compiler}");
        let output = build(512);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{compiler}");
        assert!(said.contains("raise CONFIG_WASM_COMPILED_STACK_MARGIN"), "{compiler}: {said}");
    }
}

#[test]
fn what_no_board_has_is_refused_in_words() {
    let memory = refused(r#"(module (import "env" "memory" (memory 1)))"#);
    assert_eq!(
        memory,
        "imports `memory` of `env`, which is no function: a board has only functions for apps; define it in the module"
    );
    let results = refused(r#"(module (import "a" "two" (func (result i32 i32))))"#);
    assert!(
        results.starts_with("imports the function `two` of `a`, which has more than one result"),
        "{results}"
    );
    assert!(refused("(module (memory 65536))").starts_with("its memory begins with 4 GiB"));
    assert!(refused("(module (func (result v128) (v128.const i64x2 0 0)))").starts_with("not valid: "));
    assert!(refused("(module (memory 1) (memory 1))").starts_with("not valid: multiple memories"));
    assert!(
        matches!(compile(b"\0asm\x01\0\0\0", &Options::new("my app")), Err(Error::Name(name)) if name == "my app")
    );
    assert!(matches!(compile(b"no module", &Options::new("app")), Err(Error::Invalid(_))));
}

#[test]
fn the_source_has_to_be_that_of_the_module() {
    let module = wat::parse_str("(module (func (result i32) (i32.const 1)))").unwrap();
    let named = wat::parse_str("(module (func $named (result i32) (i32.const 1)))").unwrap();
    let other = wat::parse_str("(module (func $other (result i64) (i64.const 1)))").unwrap();
    let options = Options { source: Some(&named), ..Options::new("app") };
    assert!(compile(&module, &options).unwrap().contains("f0__named"));
    // Without a memory, nothing would be checked that the code of one with a memory accesses.
    let loads = wat::parse_str("(module (memory 1) (func (result i32) (i32.load (i32.const -4))))").unwrap();
    let of_global =
        wat::parse_str("(module (global i32 (i32.const 1)) (func (result i32) (global.get 0)))").unwrap();
    // What the module lacks has no place to be looked up at.
    let lacking = [
        "(table 1 funcref) (func (result i32) (table.size 0))",
        "(table 1 funcref) (func (result i32) (call_indirect (result i32) (i32.const 0)))",
        "(table 1 funcref) (func (result i32) (ref.is_null (table.get 0 (i32.const 0))))",
        "(elem $e func 0) (func (result i32) (elem.drop $e) (i32.const 1))",
        r#"(data $d "x") (func (result i32) (data.drop $d) (i32.const 1))"#,
    ];
    let lacking = lacking.map(|source| wat::parse_str(format!("(module {source})")).unwrap());
    let importing = ["one", "two"].map(|name| {
        wat::parse_str(format!("(module (import \"m\" \"{name}\" (func)) (func (call 0)))")).unwrap()
    });
    let others = [other, loads, of_global].into_iter().chain(lacking).map(|other| (&module, other));
    let [one, two] = importing;
    for (module, other) in others.chain([(&one, two)]) {
        let options = Options { source: Some(&other), ..Options::new("app") };
        let error = compile(module, &options).unwrap_err().to_string();
        let expected = "the source has other imports, functions, globals, memories, tables or segments: give the file that the app was packed of";
        assert_eq!(error, expected);
    }
}

#[test]
fn the_outside_has_no_code() {
    let module = wat::parse_str(EACH).unwrap();
    let outside = outside(&module).unwrap();
    // It ends with functions that have no code.
    let payloads = Parser::new(0).parse_all(&outside).map_while(Result::ok);
    let kept: Vec<_> = payloads.filter_map(|payload| Some(payload.as_section()?.0)).collect();
    assert_eq!(kept, [1, 2, 3, 4, 5, 7, 0]);
    assert!(outside.len() < module.len());
}

/// A file has them for the store, and a firmware's own app is in none.
#[test]
fn the_outside_has_no_machine_code_and_no_signature() {
    let sections = r#"(@custom "zephyr-wasm:code" "x") (@custom "signature" "x")"#;
    let [bare, more] = ["", sections].map(|more| {
        wat::parse_str(format!(r#"(module (@custom "kept" "x") {more} (func (export "run")))"#)).unwrap()
    });
    assert_ne!(bare, more);
    assert_eq!(outside(&bare).unwrap(), outside(&more).unwrap());
}

/// An instance of a module, which is compiled for it.
fn instance(source: &str, name: &str) -> Instance {
    let mut file = File::default();
    file.add(&wat::parse_str(source).unwrap()).unwrap();
    let library = file.build(&directory("written").join(Path::new(name))).unwrap();
    Instance::new(&Rc::new(library), 0).0
}

#[test]
fn traps_tell_their_places() {
    let source = r#"(module (memory 1)
        (func (export "load") (param i32) (result i32) (i32.add (i32.const 1) (i32.load (local.get 0))))
        (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 7) (local.get 0))))"#;
    let bytes = wat::parse_str(source).unwrap();
    let place = |opcode: u8| bytes.iter().rposition(|byte| *byte == opcode).unwrap() as u32;
    let instance = instance(source, "places");
    let mut values = [65536];
    assert_eq!(instance.call(0, &mut values), Err(2));
    assert_eq!(instance.place(), place(0x28));
    let mut values = [0];
    assert_eq!(instance.call(1, &mut values), Err(5));
    assert_eq!(instance.place(), place(0x6e));
}

/// What was done before a trap has been done, and what comes behind it has not.
#[test]
fn a_joined_check_comes_before_no_effect() {
    let source = r#"(module (memory 1)
        (func (export "loads") (param i32) (result i32)
            (i32.add (i32.load8_u (local.get 0)) (i32.load offset=8 (local.get 0))))
        (func (export "stores") (param i32)
            (i32.store8 (local.get 0) (i32.const 7))
            (i32.store offset=8 (local.get 0) (i32.const 8)))
        (func (export "before") (param i32) (result i32)
            (i32.load (local.get 0))
            (i32.store8 (i32.const 16) (i32.const 5))
            (i32.add (i32.load offset=8 (local.get 0)))))"#;
    let instance = instance(source, "joined");
    assert_eq!(instance.call(0, &mut [65528]), Err(2));
    assert_eq!(instance.call(1, &mut [65528]), Err(2));
    assert_eq!(instance.memory()[65528], 7);
    assert_eq!(instance.call(2, &mut [65528]), Err(2));
    assert_eq!(instance.memory()[16], 5);
    let mut values = [65524];
    assert_eq!(instance.call(0, &mut values), Ok(()));
}

/// An address before 0 may be, if what is accessed behind it is in the memory.
#[test]
fn a_joined_check_is_of_what_is_accessed() {
    let load = |distance: i32| format!("(i32.load (i32.add (local.get 0) (i32.const {distance})))");
    let (eight, four, before) = (load(8), load(4), load(-4));
    let source = format!(
        "(module (memory 1)
            (func (export \"behind\") (param i32) (result i32) (i32.add {eight} {four}))
            (func (export \"around\") (param i32) (result i32) (i32.add {before} {four}))
            (func (export \"changed\") (param i32) (result i32)
                {eight} (local.set 0 (i32.const -4)) {four} (i32.add)))"
    );
    let instance = instance(&source, "around");
    let outcome =
        |export: u32, argument: i32| instance.call(export, &mut [u64::from(argument.cast_unsigned())]);
    assert_eq!([-8, -4, 0, 65524, 65525].map(|at| outcome(0, at).is_ok()), [false, true, true, true, false]);
    assert_eq!([-4, 0, 4, 65528, 65529].map(|at| outcome(1, at).is_ok()), [false, false, true, true, false]);
    assert_eq!([-8, 0, 65524, 65525].map(|at| outcome(2, at).is_ok()), [true, true, true, false]);
}

/// What is known of an address goes with it from variable to variable.
#[test]
fn an_address_is_checked_whatever_it_is_called() {
    let source = r#"(module (memory 1)
        (func (export "copied") (param i32) (result i32) (local i32)
            (i32.load offset=8 (local.get 0))
            (local.set 1 (i32.add (local.get 0) (i32.const 4)))
            (local.set 0 (i32.const 0x7fffffff))
            (i32.add (i32.load offset=4 (local.get 1))))
        (func (export "moved") (param i32) (result i32)
            (i32.load offset=8 (local.get 0))
            (local.set 0 (i32.add (local.get 0) (i32.const 8)))
            (i32.add (i32.load (local.get 0)))
            (local.set 0 (i32.sub (local.get 0) (i32.const 16)))
            (i32.add (i32.load (local.get 0)))))"#;
    let instance = instance(source, "copied");
    let outcome = |export: u32, argument: u64| instance.call(export, &mut [argument]).is_ok();
    assert_eq!([0, 65524, 65525, 0xffff_fffc].map(|at| outcome(0, at)), [true, true, false, false]);
    assert_eq!([0, 8, 65524, 65525].map(|at| outcome(1, at)), [false, true, true, false]);
}

/// What is known of an address that is a table's size is not known of what it has grown to.
#[test]
fn a_size_is_checked_each_time() {
    let source = r#"(module (memory 1)
        (table 0 1000 funcref)
        (func (export "store") (param i32)
            (drop (i32.load offset=65532 (table.size)))
            (drop (table.grow (ref.null func) (local.get 0)))
            (i32.store offset=65532 (table.size) (i32.const 7))))"#;
    let instance = instance(source, "size");
    assert_eq!(instance.call(0, &mut [0]), Ok(()));
    assert_eq!(instance.call(0, &mut [900]), Err(2));
}

/// C has one type for both, but a call by a table does not take one for the other.
#[test]
fn references_of_functions_and_of_the_host_are_two_types() {
    for table in ["(table 1 funcref)", "(table 1 2 funcref) (func (table.set (i32.const 0) (ref.func $f)))"] {
        let source = format!(
            r#"(module {table} (elem (i32.const 0) $f)
                (func $f (param funcref) (result i32) (i32.const 7))
                (func (export "other") (result i32)
                    (call_indirect (param externref) (result i32) (ref.null extern) (i32.const 0)))
                (func (export "same") (result i32)
                    (call_indirect (param funcref) (result i32) (ref.null func) (i32.const 0))))"#
        );
        let instance = instance(&source, "references");
        let mut values = [0];
        assert_eq!(instance.call(0, &mut values), Err(9), "{table}");
        assert_eq!((instance.call(1, &mut values), values[0]), (Ok(()), 7), "{table}");
    }
}

/// A table that nobody changes and that has no elements is none that C has.
#[test]
fn a_table_without_elements_is_read() {
    let source = r#"(module (table $empty 0 funcref) (table $grows 1 8 funcref)
        (func (export "get") (param i32) (result i32) (ref.is_null (table.get $empty (local.get 0))))
        (func (export "copy") (param i32)
            (table.copy $grows $empty (i32.const 0) (i32.const 0) (local.get 0))))"#;
    let instance = instance(source, "empty");
    assert_eq!(instance.call(0, &mut [0]), Err(3));
    assert_eq!(instance.call(1, &mut [0]), Ok(()));
    assert_eq!(instance.call(1, &mut [1]), Err(3));
}

/// A loop that begins with a check ends with 0, and traps beyond the memory, wherever it has got to.
#[test]
fn a_list_is_turned_around() {
    let source = r#"(module (memory 1)
        (func (export "turn") (param i32) (result i32) (local i32 i32)
            (loop $next
                (local.set 2 (local.get 1))
                (local.set 1 (local.get 0))
                (local.set 0 (i32.load (local.get 1)))
                (i32.store (local.get 1) (local.get 2))
                (br_if $next (local.get 0)))
            (local.get 1))
        (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1))))"#;
    let instance = instance(source, "list");
    let turn = |list: &[u32]| {
        for pair in list.windows(2) {
            instance.call(1, &mut [pair[0].into(), pair[1].into()]).unwrap();
        }
        let mut values = [list[0].into()];
        instance.call(0, &mut values).map(|()| values[0])
    };
    let number = |at: usize| u32::from_le_bytes(instance.memory()[at..at + 4].try_into().unwrap());
    assert_eq!(turn(&[8, 65532, 16, 0]), Ok(16));
    assert_eq!([16, 65532, 8].map(number), [65532, 8, 0]);
    assert_eq!(turn(&[8, 24, 65533]), Err(2));
    assert_eq!([24, 8].map(number), [8, 0]);
    assert_eq!(turn(&[65533]), Err(2));
    assert_eq!(turn(&[0, 0]), Ok(0));
}

/// What is on the operand stack stays what it was, whatever becomes of what it was read from.
#[test]
fn operands_are_computed_in_their_order() {
    let source = r#"(module (memory 1) (global $g (mut i32) (i32.const 3))
        (func $change (result i32) (global.set $g (i32.const 30)) (i32.store (i32.const 0) (i32.const 40)) (i32.const 0))
        (func (export "local") (param i32) (result i32)
            (i32.sub (local.get 0) (local.tee 0 (i32.const 2))))
        (func (export "global") (result i32)
            (i32.add (global.get $g) (call $change)))
        (func (export "memory") (result i32)
            (i32.store (i32.const 0) (i32.const 4))
            (i32.add (i32.load (i32.const 0)) (call $change)))
        (func (export "loop") (param i32) (result i32)
            (local.get 0)
            (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0))))
        (func (export "swap") (param i32) (result i32)
            (i32.const 1) (i32.const 2)
            (loop (param i32 i32) (result i32 i32)
                (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                (call $swapped)
                (br_if 0 (local.get 0)))
            (drop))
        (func $swapped (param i32 i32) (result i32 i32) (local.get 1) (local.get 0)))"#;
    let instance = instance(source, "order");
    let result = |export: u32, argument: u64| {
        let mut values = [argument, 0];
        instance.call(export, &mut values).unwrap();
        values[0]
    };
    assert_eq!([result(0, 10), result(1, 0), result(2, 0), result(3, 5), result(4, 3)], [8, 3, 4, 5, 2]);
}

/// "Is a digit" and its like: a compare of the lower bits of a sum, for all of these bits, and whatever else is above.
#[test]
fn lower_bits_of_a_sum_are_compared() {
    const ADDED: [i32; 10] = [0, 1, -48, -58, -97, 200, 256, -300, 65535, i32::MIN];
    const LIMITS: [u32; 10] = [0, 1, 9, 10, 245, 255, 256, 65534, 65535, u32::MAX];
    type Compare = fn(&u32, &u32) -> bool;
    const COMPARES: [(&str, Compare); 4] =
        [("lt", u32::lt), ("le", u32::le), ("gt", u32::gt), ("ge", u32::ge)];
    let each = || LIMITS.into_iter().flat_map(|limit| COMPARES.map(|(name, compare)| (limit, name, compare)));
    let all = || [255u32, 65535].into_iter().flat_map(|mask| ADDED.map(|added| (mask, added)));
    // A function for each sum, with a bit for each compare.
    let function = |(number, (mask, added)): (usize, (u32, i32))| {
        let sum = format!("(i32.and (i32.add (local.get 0) (i32.const {added})) (i32.const {mask}))");
        let bits = each().enumerate().fold(String::from("(i64.const 0)"), |bits, (bit, (limit, name, _))| {
            let is = format!("(i64.extend_i32_u (i32.{name}_u {sum} (i32.const {limit})))");
            format!("(i64.or {bits} (i64.shl {is} (i64.const {bit})))")
        });
        format!(r#"(func (export "{number}") (param i32) (result i64) {bits})"#)
    };
    let functions: String = all().enumerate().map(function).collect();
    let instance = instance(&format!("(module {functions})"), "lower_bits");
    let near = [0u32, 0xff00, 0xffff, 0x10000, 0x12345600, 0x7fffff00, 0x7fffffff, 0xffff0000, 0xfffffe00];
    for (number, (mask, added)) in all().enumerate() {
        for value in near.into_iter().flat_map(|near| (0..512).map(move |more| near.wrapping_add(more))) {
            let sum = value.wrapping_add_signed(added) & mask;
            let expected = each()
                .enumerate()
                .fold(0, |bits, (bit, (limit, _, compare))| bits | u64::from(compare(&sum, &limit)) << bit);
            let mut values = [u64::from(value)];
            instance.call(number as u32, &mut values).unwrap();
            assert_eq!(values[0], expected, "({value} + {added}) & {mask}");
        }
    }
    let digit = "(i32.lt_u (i32.and (i32.add (local.get 0) (i32.const -48)) (i32.const 255)) (i32.const 10))";
    let text = text(&format!("(module (func (export \"digit\") (param i32) (result i32) {digit}))"));
    assert!(text.contains("return (l0 & 255u) - 48u <= 9u;"), "{text}");
}
