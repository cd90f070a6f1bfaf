//! Calls by tables: a `switch` for each type, which checks the type by what it has.
//!
//! Of a table that nobody changes, all is known as the module is compiled: the `switch` is over the place in the table.
//! Of others, it is over what a place has: a function's number and one.

use crate::Options;
use crate::function::TOO_LARGE;
use crate::module::{Module, Table};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What a table has that nobody changes, once the instance is made.
pub fn elements(module: &Module<'_>, table: u32) -> Vec<u32> {
    let mut found = vec![0; module.tables[table as usize].initial as usize];
    for elements in &module.elements {
        let Some((into, at)) = elements.active else { continue };
        let end = at as usize + elements.items.len();
        if end > module.tables[into as usize].initial as usize {
            // The instance is not made.
            break;
        }
        if into == table {
            found[at as usize..end].copy_from_slice(&elements.items);
        }
    }
    found
}

/// A function that calls those of one type: by a place in a table that nobody changes, or by what one of another has.
pub fn write(text: &mut String, module: &Module<'_>, options: &Options<'_>, table: Option<u32>, ty: u32) {
    let signature = &module.types[ty as usize];
    let prefix = options.prefix;
    let name =
        table.map_or_else(|| format!("{prefix}call{ty}"), |table| format!("{prefix}table{table}_call{ty}"));
    let place = if options.places { ", uint32_t place" } else { "" };
    let (result, parameters) = (signature.result(prefix), signature.parameters());
    let _ = writeln!(
        text,
        "\nstatic {result} {name}(struct {prefix}app *i{parameters}, uint32_t index{place}) {TOO_LARGE}\n{{"
    );
    let at = if options.places { "place" } else { "0" };
    // Who calls this has looked behind its own frame, and the function that is called looks behind that of its own, if it does:
    // this one is between the two, with all that is handed on, and with the frames of functions that a compiler puts in line.
    let _ = writeln!(
        text,
        "\tif (UNLIKELY(STACK_IS_FULL(&i->head))) {{\n\t\ttrap(&i->head, ZEPHYR_WASM_TRAP_STACK, {at});\n\t}}"
    );
    text.push_str("\tswitch (index) {\n");
    let ways: Vec<(usize, u32)> = match table {
        Some(table) => {
            let all = elements(module, table).into_iter().enumerate();
            all.filter_map(|(index, element)| Some((index, element.checked_sub(1)?))).collect()
        }
        None => module.referenced.iter().map(|function| (*function as usize + 1, *function)).collect(),
    };
    let mut functions: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, function) in ways {
        if module.canonical(module.functions[function as usize]) == ty {
            functions.entry(function).or_default().push(index);
        }
    }
    for (function, indices) in functions {
        for index in indices {
            let _ = writeln!(text, "\tcase {index}u:");
        }
        let call = format!("{}(i{})", module.names[function as usize], signature.arguments());
        if signature.results.is_empty() {
            let _ = writeln!(text, "\t\t{call};\n\t\treturn;");
        } else {
            let _ = writeln!(text, "\t\treturn {call};");
        }
    }
    let code = match table {
        Some(table) => format!("{prefix}table{table}_rule(index)"),
        None => "index == 0 ? ZEPHYR_WASM_TRAP_NULL : ZEPHYR_WASM_TRAP_SIGNATURE".to_owned(),
    };
    let _ = writeln!(text, "\tdefault:\n\t\ttrap(&i->head, {code}, {at});\n\t}}\n}}");
}

/// Which rule is broken by a call of a place in a table that has no function of the type.
pub fn write_rule(text: &mut String, module: &Module<'_>, options: &Options<'_>, table: u32) {
    let Table { initial, .. } = module.tables[table as usize];
    let _ = writeln!(
        text,
        "\nstatic __attribute__((noinline, cold)) uint32_t {}table{table}_rule(uint32_t index)\n{{",
        options.prefix
    );
    let _ = writeln!(text, "\tif (index >= {initial}u) {{\n\t\treturn ZEPHYR_WASM_TRAP_TABLE;\n\t}}");
    // In runs, of which there are few.
    let elements = elements(module, table);
    let mut index = 0;
    while index < elements.len() {
        let count = elements[index..].iter().take_while(|element| **element == 0).count();
        if count > 0 {
            let end = index + count;
            let _ = writeln!(
                text,
                "\tif (index >= {index}u && index < {end}u) {{\n\t\treturn ZEPHYR_WASM_TRAP_NULL;\n\t}}"
            );
        }
        index += count.max(1);
    }
    text.push_str("\treturn ZEPHYR_WASM_TRAP_SIGNATURE;\n}\n");
}

#[cfg(test)]
mod tests {
    use crate::Options;

    /// The function by which those of one type are called.
    fn dispatcher(parameters: usize, table: &str) -> String {
        let (types, values) = (" i64".repeat(parameters), " (i64.const 1)".repeat(parameters));
        let module = wat::parse_str(format!(
            r#"(module
                (table 1 funcref)
                (elem (i32.const 0) $f)
                (func $f (param{types}))
                (func (export "run") (result i32)
                    {table}
                    (call_indirect (param{types}){values} (i32.const 0)) (i32.const 0)))"#
        ));
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        let (_, rest) = text.split_once("uint32_t index, uint32_t place) ").unwrap();
        rest.split_once("\n}").unwrap().0.to_owned()
    }

    #[test]
    fn what_calls_by_a_table_looks_at_the_stack() {
        for table in ["", "(table.set (i32.const 0) (ref.func $f))"] {
            for parameters in [0, 4, 5, 60] {
                assert!(dispatcher(parameters, table).contains("STACK_IS_FULL"));
            }
        }
    }
}
