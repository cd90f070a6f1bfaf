//! WIT types as C has them, and the same in Rust.

use crate::names;
use crate::wit::Wit;
use heck::ToSnakeCase;
use std::collections::HashSet;
use std::fmt::Write as _;
use wit_bindgen_core::wit_parser::{Type, TypeDefKind, TypeId, TypeOwner};

/// The definitions so far.
pub struct CTypes<'a> {
    wit: &'a Wit,
    /// In C, and in Rust's module `c`.
    pub c: String,
    pub rust: String,
    defined: HashSet<String>,
}

/// A name that is no keyword of C or C++.
pub fn value(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        "auto" | "bool" | "break" | "case" | "char" | "class" | "const" | "continue" | "default"
        | "delete" | "do" | "double" | "else" | "enum" | "extern" | "false" | "float" | "for" | "goto"
        | "if" | "inline" | "int" | "long" | "new" | "operator" | "private" | "protected" | "public"
        | "register" | "return" | "short" | "signed" | "sizeof" | "static" | "struct" | "switch"
        | "template" | "this" | "throw" | "true" | "try" | "typedef" | "typename" | "union" | "unsigned"
        | "virtual" | "void" | "volatile" | "while" => format!("{name}_"),
        _ => names::value(&name),
    }
}

/// WIT docs as a C comment, at an indent.
pub fn comment(docs: Option<&str>, indent: &str) -> String {
    let lines: Vec<&str> = docs.unwrap_or_default().trim().lines().collect();
    match lines.as_slice() {
        [] | [""] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let body: String =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

impl<'a> CTypes<'a> {
    pub fn new(wit: &'a Wit) -> Self {
        CTypes { wit, c: String::new(), rust: String::new(), defined: HashSet::new() }
    }

    /// What begins the names of an interface.
    pub fn prefix(&self, owner: TypeOwner) -> String {
        match owner {
            TypeOwner::Interface(id) => self.wit.module(id),
            _ => "wasm".into(),
        }
    }

    /// Whether C passes it by value: what is one integer.
    pub fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::String | Type::F32 | Type::F64 | Type::ErrorContext => false,
            Type::Id(id) => match &self.wit.resolve.types[*id].kind {
                TypeDefKind::Type(ty) => self.is_scalar(ty),
                TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Handle(_) => true,
                _ => false,
            },
            _ => true,
        }
    }

    /// The C type and the Rust type of a WIT type, both defined if they were not.
    pub fn of(&mut self, prefix: &str, ty: &Type) -> (String, String) {
        let both = |c: &str, rust: &str| (c.to_owned(), rust.to_owned());
        match ty {
            Type::Bool => both("bool", "bool"),
            Type::U8 => both("uint8_t", "u8"),
            Type::S8 => both("int8_t", "i8"),
            Type::U16 => both("uint16_t", "u16"),
            Type::S16 => both("int16_t", "i16"),
            Type::U32 | Type::Char => both("uint32_t", "u32"),
            Type::S32 => both("int32_t", "i32"),
            Type::U64 => both("uint64_t", "u64"),
            Type::S64 => both("int64_t", "i64"),
            Type::F32 => both("float", "f32"),
            Type::F64 => both("double", "f64"),
            Type::String => both("zephyr_wasm_text_t", "Text"),
            Type::ErrorContext => both("void", "()"),
            Type::Id(id) => self.defined(prefix, *id),
        }
    }

    /// What a type is called inside the name of another.
    fn part(&self, ty: &Type) -> String {
        match ty {
            Type::Id(id) => match (&self.wit.resolve.types[*id].name, &self.wit.resolve.types[*id].kind) {
                (Some(name), _) => name.to_snake_case(),
                (None, kind) => self.anonymous(kind),
            },
            Type::String => "string".into(),
            Type::Char => "char".into(),
            Type::Bool => "bool".into(),
            ty => format!("{ty:?}").to_lowercase(),
        }
    }

    fn anonymous(&self, kind: &TypeDefKind) -> String {
        let or_none = |ty: &Option<Type>| ty.as_ref().map_or("none".into(), |ty| self.part(ty));
        match kind {
            TypeDefKind::Type(ty) => self.part(ty),
            TypeDefKind::List(ty) => format!("list_{}", self.part(ty)),
            TypeDefKind::Option(ty) => format!("option_{}", self.part(ty)),
            TypeDefKind::Result(result) => format!("result_{}_{}", or_none(&result.ok), or_none(&result.err)),
            TypeDefKind::Tuple(tuple) => {
                let parts: Vec<String> = tuple.types.iter().map(|ty| self.part(ty)).collect();
                format!("tuple_{}", parts.join("_"))
            }
            _ => "handle".into(),
        }
    }

    fn defined(&mut self, prefix: &str, id: TypeId) -> (String, String) {
        let ty = self.wit.resolve.types[id].clone();
        match &ty.kind {
            TypeDefKind::Type(target) => return self.of(prefix, target),
            TypeDefKind::Handle(_) | TypeDefKind::Resource => return ("uint32_t".into(), "u32".into()),
            TypeDefKind::List(Type::U8) => return ("zephyr_wasm_bytes_t".into(), "Bytes".into()),
            _ => {}
        }
        let prefix = match ty.name {
            Some(_) => self.prefix(ty.owner),
            None => prefix.to_owned(),
        };
        let stem = format!("{prefix}_{}", self.part(&Type::Id(id)));
        let c_name = format!("{stem}_t");
        if self.defined.insert(c_name.clone()) {
            let docs = comment(ty.docs.contents.as_deref(), "");
            self.define(&prefix, &stem, &ty.kind, &docs);
        }
        (c_name.clone(), c_name)
    }

    fn define(&mut self, prefix: &str, stem: &str, kind: &TypeDefKind, docs: &str) {
        let name = format!("{stem}_t");
        let field = |name: &str, ty: &Type, docs: Option<&str>| (value(name), Some(*ty), comment(docs, "\t"));
        match kind {
            TypeDefKind::Enum(cases) => {
                let constants = cases.cases.iter().enumerate();
                let constants = constants.map(|(n, case)| (&case.name, n.to_string(), &case.docs.contents));
                self.constants(stem, docs, constants);
            }
            TypeDefKind::Flags(flags) => {
                let constants = flags.flags.iter().enumerate();
                let constants =
                    constants.map(|(n, flag)| (&flag.name, format!("{:#x}", 1u64 << n), &flag.docs.contents));
                self.constants(stem, docs, constants);
            }
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields.map(|f| field(&f.name, &f.ty, f.docs.contents.as_deref())).collect();
                self.structure(prefix, &name, docs, "", fields, false);
            }
            TypeDefKind::Tuple(tuple) => {
                let fields =
                    tuple.types.iter().enumerate().map(|(n, ty)| field(&format!("f{n}"), ty, None)).collect();
                self.structure(prefix, &name, docs, "", fields, false);
            }
            TypeDefKind::Option(ty) => {
                self.structure(prefix, &name, docs, "is_some: bool", vec![field("some", ty, None)], false);
            }
            TypeDefKind::Result(result) => {
                let sides = [("ok", &result.ok), ("err", &result.err)];
                let fields = sides.into_iter().filter_map(|(n, ty)| Some(field(n, ty.as_ref()?, None)));
                self.structure(prefix, &name, docs, "is_err: bool", fields.collect(), true);
            }
            TypeDefKind::Variant(variant) => {
                let tags = variant.cases.iter().enumerate();
                let tags = tags.map(|(n, case)| (&case.name, n.to_string(), &case.docs.contents));
                self.constants_only(stem, tags);
                let cases = variant.cases.iter();
                let fields = cases.filter_map(|case| {
                    Some(field(&case.name, case.ty.as_ref()?, case.docs.contents.as_deref()))
                });
                self.structure(prefix, &name, docs, "tag: u32", fields.collect(), true);
            }
            TypeDefKind::List(element) => {
                let (c, rust) = self.of(prefix, element);
                writeln!(self.c, "typedef struct {{\n\tconst {c} *data;\n\tsize_t size;\n}} {name};\n")
                    .unwrap();
                writeln!(
                    self.rust,
                    "    #[repr(C)]\n    #[derive(Clone, Copy)]\n    pub struct {name} {{ pub data: *const {rust}, pub size: usize }}"
                )
                .unwrap();
            }
            _ => {}
        }
    }

    /// A number with names for its values: an enum of C may be of any size.
    fn constants<'n>(
        &mut self,
        stem: &str,
        docs: &str,
        constants: impl Iterator<Item = (&'n String, String, &'n Option<String>)>,
    ) {
        writeln!(self.c, "{docs}typedef uint32_t {stem}_t;\n").unwrap();
        writeln!(self.rust, "    pub type {stem}_t = u32;").unwrap();
        self.constants_only(stem, constants);
    }

    fn constants_only<'n>(
        &mut self,
        stem: &str,
        constants: impl Iterator<Item = (&'n String, String, &'n Option<String>)>,
    ) {
        self.c += "enum {\n";
        for (name, number, docs) in constants {
            let name = format!("{stem}_{}", name.to_snake_case()).to_uppercase();
            writeln!(self.c, "{}\t{name} = {number},", comment(docs.as_deref(), "\t")).unwrap();
        }
        self.c += "};\n\n";
    }

    /// A struct, whose fields share their place if `shared`, behind a first one that tells which there is.
    fn structure(
        &mut self,
        prefix: &str,
        name: &str,
        docs: &str,
        first: &str,
        fields: Vec<(String, Option<Type>, String)>,
        shared: bool,
    ) {
        let mut c_fields = String::new();
        let mut rust_fields = String::new();
        for (field, ty, docs) in &fields {
            let Some(ty) = ty else { continue };
            let (c, rust) = self.of(prefix, ty);
            let indent = if shared { "\t\t" } else { "\t" };
            writeln!(c_fields, "{}{indent}{c} {field};", docs.replace('\t', indent)).unwrap();
            writeln!(rust_fields, "        pub {field}: {rust},").unwrap();
        }
        let first_c = match first.split_once(": ") {
            Some((field, "bool")) => format!("\tbool {field};\n"),
            Some((field, _)) => format!("\tuint32_t {field};\n"),
            None => String::new(),
        };
        let first_rust = if first.is_empty() { String::new() } else { format!("        pub {first},\n") };
        const DERIVE: &str = "    #[repr(C)]\n    #[derive(Clone, Copy)]\n";
        if shared && !fields.is_empty() {
            writeln!(self.c, "{docs}typedef struct {{\n{first_c}\tunion {{\n{c_fields}\t}};\n}} {name};\n")
                .unwrap();
            writeln!(
                self.rust,
                "{DERIVE}    pub struct {name} {{\n{first_rust}        pub of: {name}_of,\n    }}\n\
                 {DERIVE}    pub union {name}_of {{\n{rust_fields}    }}"
            )
            .unwrap();
        } else {
            writeln!(self.c, "{docs}typedef struct {{\n{first_c}{c_fields}}} {name};\n").unwrap();
            writeln!(self.rust, "{DERIVE}    pub struct {name} {{\n{first_rust}{rust_fields}    }}").unwrap();
        }
    }
}
