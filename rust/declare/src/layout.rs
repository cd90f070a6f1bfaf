//! What has to be alike in Rust and C, where the compiler of neither sees both: structures and numbers.

use crate::model::{Declared, Structure};

/// The headers that have C's.
const HEADERS: &[&str] = &[
    "api/ble/ble.h",
    "api/coap/coap.h",
    "api/storage/storage.h",
    "core/module.h",
    "net/address.h",
    "observe/supervisor.h",
    "store/journal.h",
    "wasi/wasi.h",
    "zephyr_wasm/compiled.h",
    "zephyr_wasm/message.h",
    "zephyr_wasm/store.h",
];

/// That a field is at the same place, and as large.
const SAME: &str = "
#define SAME(structure, field) \\
\tBUILD_ASSERT(offsetof(struct structure, field) == offsetof(struct structure##_in_rust, field) && \\
\t\t     sizeof(((struct structure *)0)->field) == sizeof(((struct structure##_in_rust *)0)->field), \\
\t\t     #field \" of struct \" #structure \" is another in Rust\")
";

/// Assertions of C's, and nothing besides.
pub fn write(declared: &Declared) -> String {
    let mut text =
        String::from("/* Written by zephyr-wasm-declare, of what rust/platform-zephyr declares. */\n\n");
    for header in HEADERS {
        text += &format!("#include \"{header}\"\n");
    }
    text += SAME;
    for file in &declared.files {
        for structure in &file.structures {
            text += &of_structure(structure);
        }
        for (name, number) in &file.numbers {
            text += &format!(
                "\nBUILD_ASSERT(({name}) == ({number}), \"{name} is {number} in {}.rs\");\n",
                file.name
            );
        }
    }
    text
}

fn of_structure(structure: &Structure) -> String {
    let name = &structure.name;
    let rust = format!("{name}_in_rust");
    let mut text = format!("\n{rust} {{\n");
    for (field, ty) in &structure.fields {
        text += &format!("\t{};\n", ty.field(field));
    }
    text += "};\n";
    // C may have more behind the last, of which the whole is larger.
    let compared = if structure.is_open { "__alignof__" } else { "sizeof" };
    text += &format!(
        "BUILD_ASSERT({compared}({name}) == {compared}({rust}), \"{name} is not as large in Rust\");\n"
    );
    for (field, _) in &structure.fields {
        text += &format!("SAME({}, {field});\n", name.trim_start_matches("struct "));
    }
    text
}
