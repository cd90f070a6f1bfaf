//! The header that all of the C side includes.

use crate::model::{Declared, File, Function};
use crate::types::CType;
use std::collections::BTreeSet;

/// What is in it.
pub fn write(declared: &Declared) -> String {
    let mut text = String::from(
        "/* Written by zephyr-wasm-declare, of what rust/platform-zephyr declares. */\n\n\
         #ifndef ZEPHYR_WASM_DECLARED_H_\n#define ZEPHYR_WASM_DECLARED_H_\n\n\
         #include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n",
    );
    for name in structures(declared) {
        text += &format!("{name};\n");
    }
    text += "\n/** Why a device did not do what it was asked: the numbers of rust/api/src/failure.rs, negative. */\nenum failure {\n";
    for (name, number) in &declared.failures {
        text += &format!("\tFAILURE_{name} = -{number},\n");
    }
    text += "};\n\n/** What sensors measure, in the order of wit/sensor.wit. */\n#define ZEPHYR_WASM_SENSOR_CHANNELS";
    let channels: Vec<String> =
        declared.channels.iter().map(|name| format!(" \\\n\tSENSOR_CHAN_{name}")).collect();
    text += &channels.join(",");
    text += "\n";
    text += "\n/** Calls a macro with the end of the symbol that puts it into an image (CONFIG_WASM_API_...), and the name, of each\n \
             * interface of our host APIs, in the order of wit/. */\n#define ZEPHYR_WASM_INTERFACES(of)";
    for choice in declared.packages.values().flat_map(|package| &package.interfaces) {
        let symbol = choice.symbol.strip_prefix("CONFIG_WASM_API_").unwrap_or(&choice.symbol);
        text += &format!(" \\\n\tof({symbol}, {})", choice.module);
    }
    text += "\n";
    for typedef in declared.files.iter().flat_map(|file| &file.typedefs) {
        text += &format!("\n{typedef};\n");
    }
    for file in &declared.files {
        text += &of_file(file);
    }
    text + "\n#endif /* ZEPHYR_WASM_DECLARED_H_ */\n"
}

fn of_file(file: &File) -> String {
    let mut text = String::new();
    for (what, functions) in [("What is called by", &file.in_c), ("What is in", &file.in_rust)] {
        if !functions.is_empty() {
            text += &format!("\n/* {what} rust/platform-zephyr/src/{}.rs */\n", file.name);
        }
        for function in functions {
            text += &of_function(function);
        }
    }
    text
}

fn of_function(function: &Function) -> String {
    let docs: Vec<String> =
        function.docs.iter().map(|line| line.replace("[`", "").replace("`]", "")).collect();
    let mut text = String::from("\n");
    match &docs[..] {
        [] => {}
        [line] => text += &format!("/**{line} */\n"),
        lines => {
            text += "/**\n";
            lines.iter().for_each(|line| text += &format!(" *{line}\n"));
            text += " */\n";
        }
    }
    text += &format!("{};\n", function.prototype(&function.name));
    if let Some(asks) = function.asks() {
        text += &format!("\n/** Whether the manifest of the calling thread's app grants that. */\n{asks};\n");
    }
    text
}

/// The structures that prototypes have pointers to.
fn structures(declared: &Declared) -> BTreeSet<String> {
    let functions = declared.files.iter().flat_map(|file| file.in_c.iter().chain(&file.in_rust));
    let types = functions
        .flat_map(|function| function.arguments.iter().map(|argument| &argument.ty).chain(&function.result));
    let pointed = types.filter_map(|ty| match ty {
        CType::Pointer { to, .. } => to.strip_prefix("const ").unwrap_or(to).split(" *").next(),
        _ => None,
    });
    pointed.filter(|name| name.starts_with("struct ")).map(str::to_string).collect()
}
