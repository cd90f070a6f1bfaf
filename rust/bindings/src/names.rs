//! WIT names in Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};
use wit_bindgen_core::wit_parser::{Function, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner};

/// A name for a value: a parameter, a field.
pub fn value(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        "self" => "this".into(),
        "as" | "async" | "await" | "break" | "const" | "continue" | "crate" | "dyn" | "else" | "enum"
        | "extern" | "false" | "fn" | "for" | "gen" | "if" | "impl" | "in" | "let" | "loop" | "match"
        | "mod" | "move" | "mut" | "pub" | "ref" | "return" | "static" | "struct" | "super" | "trait"
        | "true" | "type" | "unsafe" | "use" | "where" | "while" | "abstract" | "box" | "final" | "macro"
        | "override" | "priv" | "try" | "typeof" | "virtual" | "yield" => format!("{name}_"),
        _ => name,
    }
}

/// A name for a type or a case.
pub fn type_(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The Rust method of a WIT function: `[method]timer.wait` becomes `timer_wait`.
pub fn method(function: &Function) -> String {
    let name = &function.name;
    match name.strip_prefix("[constructor]") {
        Some(resource) => format!("{}_new", resource.to_snake_case()),
        None => value(&name.split_once(']').map_or(name.as_str(), |(_, rest)| rest).replace('.', "-")),
    }
}

/// The module of an interface: `wasi:clocks/monotonic-clock` becomes `wasi_clocks_monotonic_clock`.
pub fn module(resolve: &Resolve, id: InterfaceId) -> String {
    let interface = &resolve.interfaces[id];
    let package = &resolve.packages[interface.package.expect("a named interface has a package")].name;
    let name = interface.name.as_deref().expect("only named interfaces are generated");
    format!("{}-{}-{}", package.namespace, package.name, name).to_snake_case()
}

/// WIT docs as rustdoc, at an indent.
pub fn docs(docs: Option<&str>, indent: &str) -> String {
    docs.unwrap_or_default()
        .trim()
        .lines()
        .map(|line| match line {
            "" => format!("{indent}///\n"),
            _ => format!("{indent}/// {line}\n"),
        })
        .collect()
}

/// The type itself, behind `use`d names of it.
pub fn unaliased(resolve: &Resolve, mut id: TypeId) -> TypeId {
    while let TypeDefKind::Type(Type::Id(aliased)) = resolve.types[id].kind {
        id = aliased;
    }
    id
}

/// The full name of a resource: `zephyr:timer/timer@0.1.0#timer`.
pub fn resource(resolve: &Resolve, id: TypeId) -> String {
    let ty = &resolve.types[unaliased(resolve, id)];
    let interface = match ty.owner {
        TypeOwner::Interface(interface) => resolve.id_of(interface).unwrap_or_default(),
        _ => String::new(),
    };
    format!("{interface}#{}", ty.name.as_deref().unwrap_or_default())
}

/// The method by which the host learns that a guest dropped a resource.
pub fn drop_method(resolve: &Resolve, resource: TypeId) -> String {
    let name = resolve.types[resource].name.as_deref().unwrap_or_default();
    format!("{}_drop", name.to_snake_case())
}

/// A number that stands for a text at run time (FNV-1a).
pub fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_self_are_usable_names() {
        assert_eq!(value("type"), "type_");
        assert_eq!(value("self"), "this");
        assert_eq!(value("how-long"), "how_long");
    }

    #[test]
    fn docs_become_rustdoc_lines() {
        assert_eq!(docs(Some("One.\n\nTwo."), "  "), "  /// One.\n  ///\n  /// Two.\n");
        assert_eq!(docs(None, ""), "");
    }
}
