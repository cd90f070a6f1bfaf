//! What is beside an app in its machine code (`src/code/*.c`), on this machine.

use crate::{directory, succeed};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles a file of the tool, whose functions are called otherwise here, with a test of it, and runs that.
fn tested(name: &str, functions: &[&str], level: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = |place: &str| -> PathBuf { root.join(place).join(format!("{name}.c")) };
    let directory = directory(&format!("beside-{name}{level}"));
    let (object, test) = (directory.join("own.o"), directory.join("test"));
    let mut own = Command::new("cc");
    // As for boards; and nothing that is computed is to be known before.
    own.args(["-std=gnu11", "-ffreestanding", "-fno-builtin", "-fno-tree-loop-distribute-patterns", level]);
    own.args(["-DZEPHYR_WASM_ALL_NAMES", "-DZEPHYR_WASM_ALL_INTEGERS"]);
    own.args(functions.iter().map(|function| {
        format!("-D{function}=own_{}", function.replace("__aeabi_", "").trim_start_matches('_'))
    }));
    succeed(own.arg("-c").arg(file("src/code")).arg("-o").arg(&object));
    let mut driver = Command::new("cc");
    succeed(
        driver.args(["-std=gnu11", "-O1"]).arg(file("tests/tool/beside")).arg(object).arg("-o").arg(&test),
    );
    succeed(&mut Command::new(test));
}

#[test]
fn floats_are_divided_as_this_machine_does() {
    for level in ["-Os", "-O2"] {
        tested("divide", &["__aeabi_fdiv", "__aeabi_ddiv"], level);
    }
}

#[test]
fn memory_is_copied_moved_and_set() {
    for level in ["-Os", "-O2"] {
        tested("memory", &["memcpy", "memmove", "memset"], level);
    }
}

#[test]
fn integers_are_computed_as_this_machine_does() {
    for level in ["-Os", "-O2"] {
        tested("integer", &["__udivdi3", "__umoddi3", "__divdi3", "__moddi3", "__clzsi2"], level);
    }
}
