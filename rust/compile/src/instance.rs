//! What an instance has, how it is made, and how its exports are called.

use crate::Options;
use crate::error::Error;
use crate::function::TOO_LARGE;
use crate::module::Module;
use crate::most::refuse_text;
use std::fmt::Write;
use wasmparser::ExternalKind;

/// The structure of an instance.
pub fn write_structure(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    let _ = writeln!(text, "\nstruct {}app {{\n\tstruct zephyr_wasm_compiled_instance head;", options.prefix);
    for (index, global) in module.globals.iter().enumerate().filter(|(_, global)| global.mutable) {
        let _ = writeln!(text, "\t{} g{index};", global.ty.c());
    }
    for (index, table) in module.tables.iter().enumerate().filter(|(_, table)| table.changes) {
        if table.room != table.initial {
            let _ = writeln!(text, "\tuint32_t table{index}_size;");
        }
        let _ = writeln!(text, "\tuint32_t table{index}[{}];", table.room.max(1));
    }
    for (index, _) in module.data.iter().enumerate().filter(|(_, data)| data.used && data.active.is_none()) {
        let _ = writeln!(text, "\tuint8_t d{index}_dropped;");
    }
    for (index, _) in
        module.elements.iter().enumerate().filter(|(_, elements)| elements.used && !elements.dropped)
    {
        let _ = writeln!(text, "\tuint8_t e{index}_dropped;");
    }
    text.push_str("};\n");
}

/// The function that makes an instance.
pub fn write_init(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    let prefix = options.prefix;
    let _ = writeln!(
        text,
        "\nstatic __attribute__((noinline)) uint32_t {prefix}init(struct {prefix}app *i) {TOO_LARGE}\n{{"
    );
    for (index, global) in module.globals.iter().enumerate() {
        if global.mutable && global.value.bits != 0 {
            let _ = writeln!(text, "\ti->g{index} = {};", global.value.text());
        }
    }
    for (index, table) in module.tables.iter().enumerate() {
        if table.changes && table.room != table.initial {
            let _ = writeln!(text, "\ti->table{index}_size = {}u;", table.initial);
        }
    }
    if let Some(code) = write_segments(text, module, prefix) {
        let _ = writeln!(text, "\treturn {code};\n}}");
        return;
    }
    if let Some(start) = module.start {
        // As in `call`, whose frame this one's is like.
        text.push_str(
            "\tif (STACK_IS_FULL(&i->head)) {\n\t\ttrap(&i->head, ZEPHYR_WASM_TRAP_STACK, 0);\n\t}\n",
        );
        let _ = writeln!(text, "\t{}(i);", module.names[start as usize]);
    }
    text.push_str("\treturn 0;\n}\n");
}

/// Copies what tables and memory begin with. Where each piece goes is known: one that does not fit ends it.
fn write_segments(text: &mut String, module: &Module<'_>, prefix: &str) -> Option<&'static str> {
    for (index, elements) in module.elements.iter().enumerate() {
        let Some((table, at)) = elements.active else { continue };
        let count = elements.items.len();
        let ty = &module.tables[table as usize];
        if at as usize + count > ty.initial as usize {
            return Some("ZEPHYR_WASM_TRAP_ELEMENTS");
        }
        if count > 0 && ty.changes {
            let _ = writeln!(
                text,
                "\t__builtin_memcpy(i->table{table} + {at}u, {prefix}e{index}, sizeof({prefix}e{index}));"
            );
        }
    }
    let size = module.memory.map_or(0, |memory| memory.min);
    for (index, data) in module.data.iter().enumerate() {
        let Some(at) = data.active else { continue };
        if u64::from(at) + data.bytes.len() as u64 > size {
            return Some("ZEPHYR_WASM_TRAP_MEMORY");
        }
        if !data.bytes.is_empty() {
            let _ = writeln!(
                text,
                "\t__builtin_memcpy(i->head.memory + {at}u, {prefix}d{index}, sizeof({prefix}d{index}));"
            );
        }
    }
    None
}

/// The function that reads exported globals by their numbers, and tells whether this is one. Whoever looks at what is left
/// of an app is on another thread than it was: this takes little of that one's stack, and looks at no limit of the app's.
fn write_read(text: &mut String, module: &Module<'_>, prefix: &str) {
    let _ = writeln!(
        text,
        "\nstatic __attribute__((noinline)) uint32_t {prefix}read_global(struct {prefix}app *i, uint32_t number, union zephyr_wasm_compiled_value *v)\n{{"
    );
    text.push_str("\tswitch (number) {\n");
    for (number, export) in module.exports.iter().enumerate() {
        if export.kind == ExternalKind::Global {
            let global = &module.globals[export.index as usize];
            let value = if global.mutable { format!("i->g{}", export.index) } else { global.value.text() };
            let member = global.ty.member();
            let _ = writeln!(text, "\tcase {number}u:\n\t\tv[0].{member} = {value};\n\t\treturn 1;");
        }
    }
    text.push_str("\tdefault:\n\t\treturn 0;\n\t}\n}\n");
}

/// The functions that read and call exports by their numbers.
pub fn write_call(text: &mut String, module: &Module<'_>, options: &Options<'_>) -> Result<(), Error> {
    let prefix = options.prefix;
    write_read(text, module, prefix);
    let _ = writeln!(
        text,
        "\nstatic __attribute__((noinline)) uint32_t {prefix}call(struct {prefix}app *i, uint32_t number, union zephyr_wasm_compiled_value *v) {TOO_LARGE}\n{{"
    );
    // An export looks behind this frame and its own, and this one may have those of others, by a compiler that puts them in
    // line. By a trap, as a compiler begins no frame for what only returns.
    text.push_str("\tif (STACK_IS_FULL(&i->head)) {\n\t\ttrap(&i->head, ZEPHYR_WASM_TRAP_STACK, 0);\n\t}\n");
    text.push_str("\tswitch (number) {\n");
    for (number, export) in module.exports.iter().enumerate() {
        if export.kind != ExternalKind::Func {
            continue;
        }
        let signature = module.signature(export.index);
        let parameters = signature.parameters.iter().enumerate();
        let arguments: String =
            parameters.map(|(index, ty)| format!(", v[{index}].{}", ty.member())).collect();
        let call = format!("{}(i{arguments})", module.names[export.index as usize]);
        let _ = writeln!(text, "\tcase {number}u:");
        match signature.results.as_slice() {
            [] => {
                let _ = writeln!(text, "\t\t{call};\n\t\treturn 0;");
            }
            [ty] => {
                let _ = writeln!(text, "\t\tv[0].{} = {call};\n\t\treturn 0;", ty.member());
            }
            types => {
                let _ = writeln!(text, "\t\t{{\n\t\t\tconst {} r = {call};\n", signature.result(prefix));
                for (index, ty) in types.iter().enumerate() {
                    let _ = writeln!(text, "\t\t\tv[{index}].{} = r.v{index};", ty.member());
                }
                text.push_str("\t\t\treturn 0;\n\t\t}\n");
            }
        }
        refuse_text(text.len(), options.largest_text)?;
    }
    text.push_str("\tdefault:\n\t\treturn ZEPHYR_WASM_TRAP_HOST;\n\t}\n}\n");
    Ok(())
}

/// The one function that others see.
pub fn write_entry(text: &mut String, module: &Module<'_>, options: &Options<'_>) {
    let (prefix, name) = (options.prefix, options.name);
    let (min, most) = module.memory.map_or((0, 0), |memory| (memory.min, memory.max));
    let max = module.fixed_memory().unwrap_or(most);
    let elements: u64 = module.tables.iter().map(|table| u64::from(table.initial)).sum();
    let elements = elements.min(u64::from(u32::MAX));
    let facts = [
        ("abi", "ZEPHYR_WASM_COMPILED_ABI".to_owned()),
        ("instance_size", format!("(sizeof(struct {prefix}app) + 7) & ~7u")),
        ("import_count", module.imports.len().to_string()),
        ("element_count", format!("{elements}u")),
        ("memory_min", format!("{min}ull")),
        ("memory_max", format!("{max}ull")),
        ("grows", u32::from(module.grows).to_string()),
    ];
    let told: String = facts.iter().map(|(name, value)| format!("\t\tinfo->{name} = {value};\n")).collect();
    let written: String = facts.iter().map(|(name, value)| format!("\t.{name} = {value},\n")).collect();
    let _ = write!(
        text,
        "
/* Code that an app's file carries begins with this: a board knows it before it runs any of the code. */
#ifdef ZEPHYR_WASM_COMPILED_BLOB
static const struct zephyr_wasm_compiled_info {prefix}info __attribute__((used, section(\".info\"))) = {{
{written}}};
#endif

zephyr_wasm_compiled_entry zephyr_wasm_compiled_app_{name};

uint32_t zephyr_wasm_compiled_app_{name}(uint32_t operation, struct zephyr_wasm_compiled_instance *instance, uint32_t number,
\tvoid *argument)
{{
\tstruct zephyr_wasm_compiled_info *info = argument;

\tswitch (operation) {{
\tcase ZEPHYR_WASM_COMPILED_INFO:
{told}\t\treturn 0;
\tcase ZEPHYR_WASM_COMPILED_INIT:
\t\treturn {prefix}init((struct {prefix}app *)instance);
\tdefault:
\t\tif ({prefix}read_global((struct {prefix}app *)instance, number, argument)) {{
\t\t\treturn 0;
\t\t}}
\t\treturn {prefix}call((struct {prefix}app *)instance, number, argument);
\t}}
}}
"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_global_is_read_from_any_thread() {
        let module = wat::parse_str(
            r#"(module
                (global (export "zephyr-wasm:place") (mut i32) (i32.const 7))
                (func (export "run") (result i32) (i32.const 0)))"#,
        );
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        let (_, read) = text.split_once("uint32_t read_global(").unwrap();
        let (read, call) = read.split_once("uint32_t call(").unwrap();
        assert!(read.contains("i->g0") && !read.contains("STACK_IS_FULL"), "{read}");
        assert!(call.contains("STACK_IS_FULL") && !call.contains("i->g0"), "{call}");
    }

    #[test]
    fn what_begins_a_module_looks_at_the_stack() {
        let module = wat::parse_str("(module (func) (start 0))");
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        let (_, init) = text.split_once("uint32_t init(").unwrap();
        let (before, _) = init.split_once("\tf0(i);").unwrap();
        assert!(before.contains("STACK_IS_FULL"), "{before}");
    }
}
