//! What the linker puts before the functions in C of host APIs.
//!
//! What an API's Rust side calls in C has a wrapper, where the image needs one:
//!
//! - it counts the call for its app (`CONFIG_WASM_METRICS`);
//! - an app in user mode enters the kernel by it (`CONFIG_WASM_USERSPACE`). What serves it there checks, before the function
//!   itself sees the call, that the app's manifest has the API, every pointer against what the app's thread may access, and
//!   what the declaration says of grants.

use crate::model::{Argument, Count, Declared, File, Function, Grants};
use crate::types::CType;
use anyhow::{Result, bail};

/// What has functions as host APIs have, and no file of WIT.
struct Beside {
    /// Its file.
    name: &'static str,
    /// The symbol that puts it into an image.
    symbol: &'static str,
    /// The package that apps import it from, if it is for apps to import.
    package: Option<&'static str>,
    /// Interfaces that images can have it without, and their symbols.
    interfaces: &'static [(&'static str, &'static str)],
}

const BESIDE: &[Beside] = &[
    Beside {
        name: "wasi",
        symbol: "CONFIG_WASM_WASI",
        package: Some("wasi_snapshot_preview1"),
        interfaces: &[("files", "CONFIG_WASM_WASI_FILES")],
    },
    Beside { name: "remains", symbol: "CONFIG_WASM_TRACE", package: None, interfaces: &[] },
];

/// What WASI calls for a program, whatever else that may import: the files of host APIs.
const OF_WASI: &[&str] = &["clocks", "random"];

/// The interfaces that images can have without, of what has no file of WIT.
pub fn optional_beside(file: &str) -> impl Iterator<Item = (&str, &str)> {
    BESIDE
        .iter()
        .filter(move |beside| beside.name == file)
        .flat_map(|beside| beside.interfaces.iter().copied())
}

/// What an image has.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// Its host APIs, in the order in which calls are counted.
    pub apis: Vec<String>,
    /// Functions of these that it does not have.
    pub without: Vec<String>,
    /// Calls are counted.
    pub counts: bool,
    /// Apps are in user mode.
    pub has_gate: bool,
}

impl Image {
    /// Its functions, and the host API of each.
    pub fn functions<'a>(&'a self, declared: &'a Declared) -> impl Iterator<Item = (&'a File, &'a Function)> {
        let files = self.apis.iter().filter_map(|api| declared.apis().find(|file| file.name == *api));
        files
            .flat_map(|file| file.of_the_api().map(move |function| (file, function)))
            .filter(|(_, function)| !self.without.contains(&function.name))
    }

    /// What an image has of the host APIs and their interfaces, by its settings of Kconfig.
    ///
    /// # Errors
    /// An API that has no functions in C, or functions of no API.
    pub fn of_settings(declared: &Declared, settings: &str) -> Result<Self> {
        let is_set = |symbol: &str| settings.lines().any(|line| line.strip_suffix("=y") == Some(symbol));
        let mut image = Image {
            counts: is_set("CONFIG_WASM_METRICS"),
            has_gate: is_set("CONFIG_WASM_USERSPACE"),
            ..Image::default()
        };
        let by_wasi = image.has_gate && is_set("CONFIG_WASM_WASI");
        for (api, package) in &declared.packages {
            let main = package.interfaces.iter().find(|choice| !choice.is_optional);
            if main.is_some_and(|choice| is_set(&choice.symbol)) || by_wasi && OF_WASI.contains(&api.as_str())
            {
                image.apis.push(api.clone());
            }
        }
        for file in declared.apis() {
            let package = declared.packages.get(&file.name);
            if package.is_none() && BESIDE.iter().all(|beside| beside.name != file.name) {
                let name = &file.name;
                bail!(
                    "rust/platform-zephyr/src/{name}.rs:1: expected wit/{name}.wit, whose functions these are; found: none"
                );
            }
            let choices = package.map_or(&[][..], |package| &package.interfaces);
            let choices = choices.iter().map(|choice| (choice.interface.as_str(), choice.symbol.as_str()));
            let missing: Vec<&str> = choices
                .chain(optional_beside(&file.name))
                .filter(|(_, symbol)| !is_set(symbol))
                .map(|(interface, _)| interface)
                .collect();
            let lacks = |function: &&Function| {
                function.interface.as_deref().is_some_and(|interface| missing.contains(&interface))
            };
            image.without.extend(file.of_the_api().filter(lacks).map(|function| function.name.clone()));
        }
        let beside = BESIDE.iter().filter(|beside| is_set(beside.symbol));
        image.apis.extend(beside.map(|beside| beside.name.to_string()));
        for api in &image.apis {
            if !declared.apis().any(|file| file.name == *api) {
                bail!(
                    "rust/platform-zephyr/src/{api}.rs:1: expected `in_c! {{` with at least one function in this file; found: none"
                );
            }
        }
        Ok(image)
    }

    /// The wrappers, as C.
    pub fn write(&self, declared: &Declared) -> String {
        let mut text = String::from("/* Written by zephyr-wasm-declare. */\n");
        let functions: Vec<(&File, &Function)> = self.functions(declared).collect();
        for (number, (file, function)) in functions.iter().enumerate() {
            let api = self.apis.iter().position(|api| *api == file.name).unwrap_or_default();
            let count = if self.counts { format!("\tCOUNT({api});\n") } else { String::new() };
            text += &real(function);
            if self.has_gate {
                text += &self.server(declared, file, function, api, &count);
            }
            text += &wrapper(function, &count, self.has_gate.then_some(number));
        }
        if self.has_gate {
            text += &self.tables(declared, &functions);
        }
        if self.counts {
            let names: Vec<String> = self.apis.iter().map(|api| format!("\"{api}\"")).collect();
            text += &format!("\nconst char *const zephyr_wasm_counted[] = {{{}}};\n", names.join(", "));
            text += "const size_t zephyr_wasm_counted_count = ARRAY_SIZE(zephyr_wasm_counted);\n";
            if declared.files.iter().any(|file| file.module.is_some()) {
                text += "BUILD_ASSERT(ARRAY_SIZE(zephyr_wasm_counted) <= ZEPHYR_WASM_COUNTED_MAX,\n\
                         \t     \"CONFIG_WASM_METRICS counts the calls of so many host APIs only: take several headers of zephyr_wasm_api() together\");\n";
            }
        }
        text
    }

    /// What the kernel does for an app in user mode.
    fn server(
        &self,
        declared: &Declared,
        file: &File,
        function: &Function,
        api: usize,
        count: &str,
    ) -> String {
        let name = &function.name;
        let mut fields: Vec<String> = function.arguments.iter().map(field).collect();
        if function.result.is_some() {
            fields.push(format!("{}result;", function.gives()));
        }
        if fields.is_empty() {
            // An empty structure is none in C.
            fields.push("uint8_t nothing;".into());
        }
        let fields = fields.join("\n\t");
        let checks: String = function
            .arguments
            .iter()
            .zip(counts_of(function))
            .map(|(argument, count)| check(declared, argument, count))
            .collect();
        let checks = checks + &apart(function);
        let granted = granted(declared, file, function);
        let passed: Vec<String> = function.arguments.iter().map(passed).collect();
        let passed = passed.join(", ");
        let result = if function.result.is_some() { "frame->result = " } else { "" };
        format!(
            "\nstruct {name}_frame {{\n\t{fields}\n}} __aligned(sizeof(uint32_t));\n\n\
             static void serve_{name}(void *call)\n{{\n\tstruct {name}_frame *frame = call;\n\n\
             \tARG_UNUSED(frame);\n\tALLOWED({api});\n{checks}{granted}{count}\tAS_THE_KERNEL();\n\
             \t{result}__real_{name}({passed});\n}}\n"
        )
    }

    /// What the gate looks up.
    fn tables(&self, declared: &Declared, functions: &[(&File, &Function)]) -> String {
        let mut text = String::from("\nstatic const struct server servers[] = {\n");
        for (_, Function { name, .. }) in functions {
            text += &format!(
                "\t{{serve_{name}, sizeof(struct {name}_frame), __alignof__(struct {name}_frame)}},\n"
            );
        }
        text += "};\n\nunion frame {\n";
        for (_, Function { name, .. }) in functions {
            text += &format!("\tstruct {name}_frame {name};\n");
        }
        text += "};\n\nstatic const struct package packages[] = {\n";
        let beside =
            |api: &str| BESIDE.iter().find(|beside| beside.name == api).and_then(|beside| beside.package);
        let in_c = |name: Option<&str>| name.map_or("NULL".into(), |name| format!("\"{name}\""));
        let wasi = self.apis.iter().find_map(|api| beside(api));
        let module = |api: &str| declared.apis().find(|file| file.name == api)?.module.as_deref();
        for api in &self.apis {
            let package = declared.packages.get(api);
            let module = module(api);
            let name = package.map(|package| package.name.as_str()).or_else(|| beside(api)).or(module);
            let name = in_c(name);
            let is_restricted = module.is_some() || package.is_some_and(|package| !package.kinds.is_empty());
            let caller = in_c(wasi.filter(|_| OF_WASI.contains(&api.as_str())));
            text += &format!("\t{{{name}, {is_restricted}, {caller}}},\n");
        }
        text + "};\n"
    }
}

/// How the linker calls what is wrapped.
fn real(function: &Function) -> String {
    let name = &function.name;
    let of = |prefix: &str| function.prototype(&format!("{prefix}{name}"));
    format!("\n{};\n{};\n", of("__real_"), of("__wrap_"))
}

/// An argument in what an app passes. It can write any byte where a bool should be, which in C is then neither true nor
/// false.
fn field(argument: &Argument) -> String {
    match argument.ty {
        CType::Value("bool") => format!("uint8_t {};", argument.name),
        _ => format!("{}{};", argument.ty.before_a_name(), argument.name),
    }
}

fn passed(argument: &Argument) -> String {
    let is_bool = argument.ty == CType::Value("bool");
    format!("frame->{}{}", argument.name, if is_bool { " != 0" } else { "" })
}

/// How much is behind each argument, as the frame has it.
fn counts_of(function: &Function) -> impl Iterator<Item = Option<String>> {
    function.arguments.iter().enumerate().map(|(place, argument)| match &argument.count {
        Some(Count::Room(room)) => Some(room.clone()),
        Some(Count::Next | Count::Text) => {
            function.arguments.get(place + 1).map(|next| format!("frame->{}", next.name))
        }
        Some(Count::Of(other)) => Some(format!("(size_t)frame->{other}")),
        None => None,
    })
}

/// What has to hold of an argument in the kernel.
fn check(declared: &Declared, argument: &Argument, count: Option<String>) -> String {
    let CType::Pointer { to, writes, nullable, is_reference } = &argument.ty else { return String::new() };
    let name = &argument.name;
    let access = if *writes { "WRITES" } else { "READS" };
    let count = match count {
        Some(count) => count,
        None if *nullable && *is_reference => format!("frame->{name} != NULL"),
        None => "1".into(),
    };
    let mut text = format!("\t{access}(frame->{name}, {count});\n");
    if argument.count == Some(Count::Text) {
        text += &format!("\tK_OOPS(K_SYSCALL_VERIFY(ENDS_WITH_ZERO(frame->{name}, {count})));\n");
    }
    // An app can write any byte where a bool should be: C and Rust, which decides what is granted, could take it for another.
    if !writes && let Some(structure) = declared.structure(to) {
        for field in structure.bools() {
            let is_null = if *nullable { format!("frame->{name} == NULL || ") } else { String::new() };
            text += &format!("\tK_OOPS(K_SYSCALL_VERIFY({is_null}IS_BOOL(&frame->{name}->{field})));\n");
        }
    }
    text
}

/// That memory which is written overlaps no other of the call.
fn apart(function: &Function) -> String {
    let counts: Vec<String> = counts_of(function).map(Option::unwrap_or_default).collect();
    let memory = |place: usize| format!("frame->{}, {}", function.arguments[place].name, counts[place]);
    let of = |(one, other): &(usize, usize)| {
        format!("\tK_OOPS(K_SYSCALL_VERIFY(is_apart({}, {})));\n", memory(*one), memory(*other))
    };
    function.apart.iter().map(of).collect()
}

/// What has to hold for the app's manifest to grant the call.
fn granted(declared: &Declared, file: &File, function: &Function) -> String {
    match &function.grants {
        Some(Grants::Function(name)) => {
            let all: Vec<String> =
                function.arguments.iter().map(|argument| format!("frame->{}", argument.name)).collect();
            format!("\tGRANTED({name}({}));\n", all.join(", "))
        }
        Some(Grants::Kind { kind, argument }) => {
            let package = declared.packages.get(&file.name).map_or("", |package| &package.name);
            let [text, length] = [0, 1].map(|next| &function.arguments[argument + next].name);
            format!("\tGRANTED(zephyr_wasm_granted(\"{package} {kind}\", frame->{text}, frame->{length}));\n")
        }
        _ => String::new(),
    }
}

/// What the linker puts in the function's place; `number` is that of its server, if there is one.
fn wrapper(function: &Function, count: &str, number: Option<usize>) -> String {
    let name = &function.name;
    let gives = function.result.is_some();
    let names: Vec<&str> = function.arguments.iter().map(|argument| argument.name.as_str()).collect();
    let mut body = String::new();
    if let Some(number) = number {
        let values: Vec<String> = names.iter().map(|name| format!(".{name} = {name}")).collect();
        let back = if gives { "return frame.result;" } else { "return;" };
        body = format!(
            "\tif (k_is_user_context()) {{\n\t\tstruct {name}_frame frame = {{{}}};\n\n\
             \t\tzephyr_wasm_gate({number}, (uintptr_t)&frame);\n\t\t{back}\n\t}}\n",
            values.join(", ")
        );
    }
    let call = format!("{}__real_{name}({});", if gives { "return " } else { "" }, names.join(", "));
    format!("\n{}\n{{\n{body}{count}\t{call}\n}}\n", function.prototype(&format!("__wrap_{name}")))
}
