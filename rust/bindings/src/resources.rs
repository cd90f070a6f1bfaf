//! Which functions pass resources, and how.

use crate::names;
use crate::wit::{Wit, parts};
use wit_bindgen_core::wit_parser::{Function, Handle, Type, TypeDefKind};

/// Whether a value holds resources that whoever has it owns.
pub fn owns(wit: &Wit, ty: &Type) -> bool {
    holds(wit, ty, &|handle| matches!(handle, Handle::Own(_)))
}

/// Code that gives the guest a handle of each resource that it is to own in the value `place`, and writes that in the
/// place of the resource's number. What finds no room in the guest's table is dropped.
pub fn give(wit: &Wit, place: &str, ty: &Type) -> String {
    let Type::Id(id) = ty else { return String::new() };
    if !owns(wit, ty) {
        return String::new();
    }
    let within = |place: &str, ty: &Type| give(wit, place, ty);
    let case = |pattern: String, ty: &Option<Type>| match ty {
        Some(ty) if owns(wit, ty) => format!("{pattern}(v) => {{ {} }}\n", within("(*v)", ty)),
        _ => String::new(),
    };
    match &wit.resolve.types[*id].kind {
        TypeDefKind::Handle(handle) => {
            let (Handle::Own(id) | Handle::Borrow(id)) = handle;
            let resource = wit.resource(*id);
            let (path, number) = (wit.path(resource), wit.resource_id(resource));
            let drop = names::drop_method(&wit.resolve, resource);
            format!(
                "match cx.data_mut().handles().fit({number:#x}, {place}.0) {{\n\
                 Some(handle) => {place}.0 = handle as u32,\n\
                 None => cx.data_mut().{drop}({path}({place}.0)),\n}}\n"
            )
        }
        TypeDefKind::Type(ty) => within(place, ty),
        TypeDefKind::List(ty) => format!("for v in &mut {place} {{ {} }}\n", within("(*v)", ty)),
        TypeDefKind::Option(ty) => {
            format!("if let Some(v) = &mut {place} {{ {} }}\n", within("(*v)", ty))
        }
        TypeDefKind::Record(record) => record
            .fields
            .iter()
            .map(|field| within(&format!("{place}.{}", names::value(&field.name)), &field.ty))
            .collect(),
        TypeDefKind::Tuple(tuple) => {
            let fields = tuple.types.iter().enumerate();
            fields.map(|(index, ty)| within(&format!("{place}.{index}"), ty)).collect()
        }
        TypeDefKind::Result(result) => {
            let arms = case("Ok".into(), &result.ok) + &case("Err".into(), &result.err);
            format!("match &mut {place} {{\n{arms}_ => {{}}\n}}\n")
        }
        TypeDefKind::Variant(variant) => {
            let path = wit.path(wit.resource(*id));
            let arms: String = variant
                .cases
                .iter()
                .map(|each| case(format!("{path}::{}", names::type_(&each.name)), &each.ty))
                .collect();
            format!("match &mut {place} {{\n{arms}_ => {{}}\n}}\n")
        }
        _ => String::new(),
    }
}

/// Whether a call of the guest lends it a resource of the host's.
pub fn lends(wit: &Wit, function: &Function) -> bool {
    let lent = |handle: &Handle| match handle {
        Handle::Borrow(id) => !wit.guest_has(wit.resource(*id)),
        Handle::Own(_) => false,
    };
    function.params.iter().any(|param| holds(wit, &param.ty, &lent))
}

fn holds(wit: &Wit, ty: &Type, wanted: &dyn Fn(&Handle) -> bool) -> bool {
    let Type::Id(id) = ty else { return false };
    match &wit.resolve.types[*id].kind {
        TypeDefKind::Handle(handle) => wanted(handle),
        kind => parts(kind).iter().any(|part| holds(wit, part, wanted)),
    }
}
