//! What a function passes, structurally: two functions of one shape exchange the same bytes with the same meaning,
//! whatever their types are called.

use crate::names;
use wit_bindgen_core::wit_parser::{Function, Handle, Resolve, Type, TypeDefKind, TypeId};

/// A function's shape in WIT's words, with every named type spelt out.
pub fn text(resolve: &Resolve, function: &Function) -> String {
    let parameters: Vec<String> = function.params.iter().map(|param| type_(resolve, &param.ty)).collect();
    let result = function.result.map_or(String::new(), |ty| format!(" -> {}", type_(resolve, &ty)));
    format!("func({}){result}", parameters.join(", "))
}

/// A number that stands for a function's shape.
pub fn hash(resolve: &Resolve, function: &Function) -> u32 {
    names::hash(&text(resolve, function))
}

fn type_(resolve: &Resolve, ty: &Type) -> String {
    let name = match ty {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::S8 => "s8",
        Type::U16 => "u16",
        Type::S16 => "s16",
        Type::U32 => "u32",
        Type::S32 => "s32",
        Type::U64 => "u64",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => "error-context",
        Type::Id(id) => return defined(resolve, *id),
    };
    name.to_owned()
}

fn defined(resolve: &Resolve, id: TypeId) -> String {
    let of = |ty: &Type| type_(resolve, ty);
    let case = |name: &str, ty: &Option<Type>| match ty {
        Some(ty) => format!("{name}({})", of(ty)),
        None => name.to_owned(),
    };
    let join = |items: Vec<String>| items.join(", ");
    match &resolve.types[id].kind {
        TypeDefKind::Type(ty) => of(ty),
        TypeDefKind::List(ty) => format!("list<{}>", of(ty)),
        TypeDefKind::Option(ty) => format!("option<{}>", of(ty)),
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (None, None) => "result".into(),
            (ok, err) => {
                let or_none = |ty: &Option<Type>| ty.as_ref().map_or("_".into(), of);
                format!("result<{}, {}>", or_none(ok), or_none(err))
            }
        },
        TypeDefKind::Tuple(tuple) => format!("tuple<{}>", join(tuple.types.iter().map(of).collect())),
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter().map(|field| format!("{}: {}", field.name, of(&field.ty)));
            format!("record {{ {} }}", join(fields.collect()))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|c| case(&c.name, &c.ty));
            format!("variant {{ {} }}", join(cases.collect()))
        }
        TypeDefKind::Enum(enum_) => {
            format!("enum {{ {} }}", join(enum_.cases.iter().map(|case| case.name.clone()).collect()))
        }
        TypeDefKind::Flags(flags) => {
            format!("flags {{ {} }}", join(flags.flags.iter().map(|flag| flag.name.clone()).collect()))
        }
        TypeDefKind::Handle(Handle::Own(resource)) => format!("own<{}>", names::resource(resolve, *resource)),
        TypeDefKind::Handle(Handle::Borrow(resource)) => {
            format!("borrow<{}>", names::resource(resolve, *resource))
        }
        _ => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(wit: &str) -> (String, u32) {
        let mut resolve = Resolve::default();
        resolve.push_str("shape.wit", &format!("package a:b@1.0.0;\ninterface c {{ {wit} }}")).unwrap();
        let (_, interface) = resolve.interfaces.iter().next().unwrap();
        let function = &interface.functions["f"];
        (text(&resolve, function), hash(&resolve, function))
    }

    #[test]
    fn names_of_types_do_not_count_and_their_structure_does() {
        let (one, one_hash) = shape("record pair { a: u8, b: string } f: func(p: pair) -> list<u32>;");
        let (other, other_hash) =
            shape("record two { a: u8, b: string } type t = list<u32>; f: func(q: two) -> t;");
        assert_eq!(one, "func(record { a: u8, b: string }) -> list<u32>");
        assert_eq!((&one, one_hash), (&other, other_hash));
        let (drifted, drifted_hash) =
            shape("record pair { b: string, a: u8 } f: func(p: pair) -> list<u32>;");
        assert_ne!((one, one_hash), (drifted, drifted_hash));
    }

    #[test]
    fn resources_count_by_name() {
        let (method, _) = shape("resource r { f: func(); } f: func(r: borrow<r>) -> result<r, u8>;");
        assert_eq!(method, "func(borrow<a:b/c@1.0.0#r>) -> result<own<a:b/c@1.0.0#r>, u8>");
    }
}
