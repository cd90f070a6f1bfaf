//! Which functions pass resources, and how.

use crate::wit::{Wit, parts};
use wit_bindgen_core::wit_parser::{Function, Handle, Type, TypeDefKind};

/// Whether a function's result holds a resource for the guest to own.
pub fn gives(wit: &Wit, function: &Function) -> bool {
    function.result.iter().any(|ty| holds(wit, ty, &|handle| matches!(handle, Handle::Own(_))))
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
