//! What the synchronous host side of a WIT function can be made of.

use anyhow::{Result, bail};
use wit_bindgen_core::wit_parser::{Function, Resolve, Type, TypeDefKind};

/// Refuses a function that passes what only the asynchronous ABI has.
pub fn check(resolve: &Resolve, interface: &str, function: &Function) -> Result<()> {
    for ty in function.params.iter().map(|param| &param.ty).chain(&function.result) {
        if let Some(what) = unsupported(resolve, ty) {
            bail!("{interface}: `{}` uses {what}, which host bindings cannot pass yet", function.name);
        }
    }
    Ok(())
}

fn unsupported(resolve: &Resolve, ty: &Type) -> Option<&'static str> {
    let within = |ty: &Type| unsupported(resolve, ty);
    let id = match ty {
        Type::ErrorContext => return Some("error-context"),
        Type::Id(id) => id,
        _ => return None,
    };
    match &resolve.types[*id].kind {
        TypeDefKind::Type(ty) | TypeDefKind::List(ty) | TypeDefKind::Option(ty) => within(ty),
        TypeDefKind::Record(record) => record.fields.iter().find_map(|field| within(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().find_map(within),
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().filter_map(|case| case.ty.as_ref()).find_map(within)
        }
        TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).find_map(within),
        TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Handle(_) | TypeDefKind::Resource => None,
        TypeDefKind::Future(_) => Some("a future"),
        TypeDefKind::Stream(_) => Some("a stream"),
        TypeDefKind::Map(..) => Some("a map"),
        TypeDefKind::FixedLengthList(..) => Some("a list of fixed length"),
        _ => Some("an unknown type"),
    }
}
