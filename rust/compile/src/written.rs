//! The file of C, in its order.

use crate::Options;
use crate::error::Error;
use crate::function::Function;
use crate::indirect;
use crate::instance;
use crate::module::Module;
use crate::most::refuse_text;
use crate::names;
use crate::types::{Type, structure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// How many numbers stand in a line.
const ROW: usize = 24;

/// Writes what is made of a module.
pub fn write(module: &Module<'_>, options: &Options<'_>) -> Result<String, Error> {
    let mut bodies = String::new();
    let mut dispatchers = BTreeSet::new();
    for (number, body) in module.bodies.iter().enumerate() {
        let function = Function::translate(module, options, module.imports.len() + number, body)?;
        bodies.push_str(&function.text);
        refuse_text(bodies.len(), options.largest_text)?;
        dispatchers.extend(function.dispatchers);
    }
    let mut text = String::new();
    write_results(&mut text, module, options);
    instance::write_structure(&mut text, module, options);
    write_data(&mut text, module, options);
    write_elements(&mut text, module, options)?;
    write_imports(&mut text, module, options);
    write_prototypes(&mut text, module, options);
    let constant: BTreeSet<u32> = dispatchers.iter().filter_map(|(table, _)| *table).collect();
    for table in constant {
        indirect::write_rule(&mut text, module, options, table);
    }
    for (table, ty) in dispatchers {
        indirect::write(&mut text, module, options, table, ty);
        refuse_text(text.len(), options.largest_text)?;
    }
    text.push_str(&bodies);
    instance::write_init(&mut text, module, options);
    instance::write_call(&mut text, module, options)?;
    instance::write_entry(&mut text, module, options);
    Ok(text)
}

/// What functions with several results return.
fn write_results(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    // A reference is the same to C as a number.
    let several = module.types.iter().map(|ty| &ty.results).filter(|results| results.len() > 1);
    let all: BTreeMap<_, _> = several.map(|results| (structure(results, options.prefix), results)).collect();
    for (name, results) in all {
        let _ = writeln!(text, "\nstruct {name} {{");
        for (index, ty) in results.iter().enumerate() {
            let _ = writeln!(text, "\t{} v{index};", ty.c());
        }
        text.push_str("};\n");
    }
}

fn write_data(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    for (index, data) in module.data.iter().enumerate() {
        if data.bytes.is_empty() || data.active.is_none() && !data.used {
            continue;
        }
        let _ =
            writeln!(text, "\nstatic const uint8_t {}d{index}[{}] = {{", options.prefix, data.bytes.len());
        write_rows(text, data.bytes.iter().copied().map(u32::from));
    }
}

/// Segments of elements that are copied, and tables that nobody changes.
fn write_elements(text: &mut String, module: &Module<'_>, options: &Options<'_>) -> Result<(), Error> {
    for (index, elements) in module.elements.iter().enumerate() {
        let is_copied = elements.active.is_some_and(|(table, _)| !module.is_constant(table));
        if elements.items.is_empty() || !is_copied && !elements.used {
            continue;
        }
        let _ = writeln!(
            text,
            "\nstatic const uint32_t {}e{index}[{}] = {{",
            options.prefix,
            elements.items.len()
        );
        write_rows(text, elements.items.iter().copied());
    }
    for (index, table) in module.tables.iter().enumerate() {
        if table.read && !table.changes {
            let mut elements = indirect::elements(module, index as u32);
            // C has no array without elements; code that reads one traps before it does.
            elements.resize(elements.len().max(1), 0);
            let _ = writeln!(
                text,
                "\nstatic const uint32_t {}table{index}[{}] = {{",
                options.prefix,
                elements.len()
            );
            write_rows(text, elements.into_iter());
            refuse_text(text.len(), options.largest_text)?;
        }
    }
    Ok(())
}

fn write_rows(text: &mut String, numbers: impl Iterator<Item = u32>) {
    for (index, number) in numbers.enumerate() {
        let _ = match index {
            0 => write!(text, "\t{number},"),
            _ if index % ROW == 0 => write!(text, "\n\t{number},"),
            _ => write!(text, " {number},"),
        };
    }
    text.push_str("\n};\n");
}

/// Functions of the host, which are called by their numbers. Numbers with a point pass as their bits: how else they pass
/// is not the same everywhere.
fn write_imports(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    let prefix = options.prefix;
    for (index, import) in module.imports.iter().enumerate() {
        let signature = module.signature(index as u32);
        let (result, name) = (signature.result(prefix), &module.names[index]);
        let types: String = signature.parameters.iter().map(|ty| format!(", {}", as_bits(*ty).c())).collect();
        let parameters = signature.parameters();
        let arguments = signature.parameters.iter().enumerate().map(|(index, ty)| match ty {
            Type::F32 => format!(", f32_bits(l{index})"),
            Type::F64 => format!(", f64_bits(l{index})"),
            _ => format!(", l{index}"),
        });
        let arguments: String = arguments.collect();
        let (passed, before, behind) = match signature.results.first() {
            None => ("void", "", ""),
            Some(Type::F32) => ("uint32_t", "return f32_of(", ")"),
            Some(Type::F64) => ("uint64_t", "return f64_of(", ")"),
            Some(ty) => (ty.c(), "return ", ""),
        };
        let of = format!("{}: {}", names::comment(import.module), names::comment(import.name));
        let _ = write!(
            text,
            "
/* {index}: of {of} */
static inline {result} {name}(struct {prefix}app *i{parameters})
{{
\tconst struct zephyr_wasm_compiled_import *import = &i->head.imports[{index}];

\t{before}(({passed} (*)(struct zephyr_wasm_compiled_instance *, const void *{types}))import->call)(
\t\t&i->head, import->function{arguments}){behind};
}}
"
        );
    }
}

fn as_bits(ty: Type) -> Type {
    match ty {
        Type::F32 => Type::I32,
        Type::F64 => Type::I64,
        other => other,
    }
}

fn write_prototypes(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    text.push('\n');
    for index in module.imports.len()..module.functions.len() {
        let signature = module.signature(index as u32);
        let (result, name) = (signature.result(options.prefix), &module.names[index]);
        let parameters = signature.parameters();
        let _ = writeln!(text, "static {result} {name}(struct {}app *i{parameters});", options.prefix);
    }
}
