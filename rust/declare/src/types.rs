//! Types of Rust that both sides have, and C's for them.

use std::collections::BTreeMap;
use syn::{Expr, GenericArgument, Lit, Path, PathArguments, Type, UseTree};

/// What of a type is in C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CType {
    /// A number or a bool, by C's name.
    Value(&'static str),
    /// A pointer.
    Pointer {
        /// C's name of what is there.
        to: String,
        /// Whether C may write there.
        writes: bool,
        /// Whether it may be null.
        nullable: bool,
        /// Whether Rust has a reference, of exactly one.
        is_reference: bool,
    },
    /// A type that C has a name for, as that of a function's address.
    Named(String),
    /// So many of a number, within a structure.
    Array(&'static str, u64),
    /// A structure within another.
    Structure(String),
}

/// Numbers of Rust, and C's.
const VALUES: &[(&str, &str)] = &[
    ("u8", "uint8_t"),
    ("i8", "int8_t"),
    ("u16", "uint16_t"),
    ("u32", "uint32_t"),
    ("u64", "uint64_t"),
    ("i32", "int32_t"),
    ("i64", "int64_t"),
    ("usize", "size_t"),
    ("isize", "intptr_t"),
    ("bool", "bool"),
    ("core::ffi::c_int", "int"),
];

/// What is known of types and numbers, by Rust's names from the crate on.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// C's names: `struct zephyr_wasm_limits`, or that of a typedef.
    pub types: BTreeMap<String, String>,
    /// The constants that are written as numbers.
    pub numbers: BTreeMap<String, i128>,
}

/// What names mean in a module.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    module: String,
    imports: BTreeMap<String, String>,
}

impl Scope {
    /// What names mean there.
    pub fn of(module: &str, file: &syn::File) -> Scope {
        let mut scope = Scope { module: module.into(), ..Scope::default() };
        for item in &file.items {
            if let syn::Item::Use(import) = item {
                scope.import(String::new(), &import.tree);
            }
        }
        scope
    }

    fn import(&mut self, before: String, tree: &UseTree) {
        let of = |name: &syn::Ident| {
            if before.is_empty() { name.to_string() } else { format!("{before}::{name}") }
        };
        match tree {
            UseTree::Path(path) => self.import(of(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => {
                let module = before.rsplit("::").next().unwrap_or_default().to_string();
                self.imports.insert(module, before);
            }
            UseTree::Name(name) => {
                self.imports.insert(name.ident.to_string(), of(&name.ident));
            }
            UseTree::Rename(name) => {
                self.imports.insert(name.rename.to_string(), of(&name.ident));
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.import(before.clone(), tree));
            }
            UseTree::Glob(_) => {}
        }
    }

    /// The name of something from its crate on.
    pub fn whole(&self, path: &Path) -> String {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let whole = names.join("::");
        let is_value = VALUES.iter().any(|(rust, _)| *rust == whole);
        match self.imports.get(&names[0]) {
            Some(import) => [std::slice::from_ref(import), &names[1..]].concat().join("::"),
            None if is_value || matches!(names[0].as_str(), "crate" | "core") => whole,
            None => format!("{}::{whole}", self.module),
        }
    }
}

impl Known {
    /// The type of an argument, a result or a field; none if it is unknown here.
    pub fn of(&self, scope: &Scope, ty: &Type) -> Option<CType> {
        match ty {
            Type::Path(path) if path.qself.is_none() => self.of_path(scope, &path.path),
            Type::Ptr(pointer) => self.pointer(scope, &pointer.elem, pointer.mutability.is_some(), false),
            Type::Reference(reference) => {
                self.pointer(scope, &reference.elem, reference.mutability.is_some(), true)
            }
            Type::Array(array) => match self.of(scope, &array.elem)? {
                CType::Value(element) => Some(CType::Array(element, self.number(scope, &array.len)?)),
                _ => None,
            },
            _ => None,
        }
    }

    fn of_path(&self, scope: &Scope, path: &Path) -> Option<CType> {
        let last = path.segments.last()?;
        if let PathArguments::AngleBracketed(arguments) = &last.arguments {
            let GenericArgument::Type(inner) = arguments.args.first()? else { return None };
            return match self.of(scope, inner)? {
                CType::Pointer { to, writes, is_reference: true, .. } if last.ident == "Option" => {
                    Some(CType::Pointer { to, writes, nullable: true, is_reference: true })
                }
                _ => None,
            };
        }
        let whole = scope.whole(path);
        if let Some(c) = value(&whole) {
            return Some(CType::Value(c));
        }
        let c = self.types.get(&whole)?;
        Some(if c.starts_with("struct ") { CType::Structure(c.clone()) } else { CType::Named(c.clone()) })
    }

    fn pointer(&self, scope: &Scope, to: &Type, writes: bool, is_reference: bool) -> Option<CType> {
        let to = match to {
            // What is generic is of Rust alone, and C only keeps where it is.
            Type::Path(path) if !path.path.segments.last()?.arguments.is_none() => "void".into(),
            Type::Path(path) => match scope.whole(&path.path).as_str() {
                "core::ffi::c_void" => "void".into(),
                "core::ffi::c_char" => "char".into(),
                whole => value(whole).map(str::to_string).or_else(|| self.types.get(whole).cloned())?,
            },
            // A reference to an array is the address of its first.
            Type::Array(array) => match self.of(scope, &array.elem)? {
                CType::Value(element) => element.into(),
                CType::Pointer { to, writes, .. } => {
                    format!("{}{to} *const", if writes { "" } else { "const " })
                }
                _ => return None,
            },
            Type::Ptr(pointer) => {
                match self.pointer(scope, &pointer.elem, pointer.mutability.is_some(), false)? {
                    CType::Pointer { to, writes: true, .. } => format!("{to} *"),
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(CType::Pointer { to, writes, nullable: !is_reference, is_reference })
    }

    /// A length that is a number, or a constant that is one.
    fn number(&self, scope: &Scope, length: &Expr) -> Option<u64> {
        match length {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) => number.base10_parse().ok(),
                _ => None,
            },
            Expr::Path(path) => self.numbers.get(&scope.whole(&path.path))?.to_owned().try_into().ok(),
            _ => None,
        }
    }
}

/// C's name of a number.
fn value(name: &str) -> Option<&'static str> {
    VALUES.iter().find(|(rust, _)| *rust == name).map(|(_, c)| *c)
}

impl CType {
    /// As the type of an argument or of what a function returns: a space is behind it, or it ends with `*`.
    pub fn before_a_name(&self) -> String {
        match self {
            CType::Named(name) | CType::Structure(name) => format!("{name} "),
            CType::Pointer { to, writes, .. } => {
                let is_pointer = to.ends_with('*') || to.ends_with("*const");
                // Of a pointer to pointers, `to` says itself what may be written.
                let (before, space) = match (is_pointer, writes) {
                    (true, _) => ("", if to.ends_with('*') { "" } else { " " }),
                    (false, true) => ("", " "),
                    (false, false) => ("const ", " "),
                };
                format!("{before}{to}{space}*")
            }
            CType::Value(name) | CType::Array(name, _) => format!("{name} "),
        }
    }

    /// As the declaration of a field.
    pub fn field(&self, name: &str) -> String {
        let length = if let CType::Array(_, length) = self { format!("[{length}]") } else { String::new() };
        format!("{}{name}{length}", self.before_a_name())
    }

    /// Whether it is a raw pointer, which Rust does not know to be good.
    pub fn is_raw(&self) -> bool {
        matches!(self, CType::Pointer { is_reference: false, .. })
    }

    /// Whether it is a text that is read.
    pub fn is_text(&self) -> bool {
        matches!(self, CType::Pointer { to, writes: false, is_reference: false, .. } if to == "char")
    }
}
