//! What the parts of the generator ask about the WIT.

use crate::names;
use std::collections::HashSet;
use wit_bindgen_core::wit_parser::{InterfaceId, Resolve, SizeAlign, Type, TypeDefKind, TypeId, TypeOwner};

/// The WIT, as seen from the host's side of the imports, or from the calls of a guest's exports.
pub struct Wit {
    pub resolve: Resolve,
    pub sizes: SizeAlign,
    /// The interfaces that the guest exports, when its exports are generated; none else.
    exported: HashSet<InterfaceId>,
    in_exports: bool,
}

impl Wit {
    /// The view from the host's side of the imports.
    pub fn of_imports(resolve: Resolve) -> anyhow::Result<Self> {
        let mut sizes = SizeAlign::default();
        sizes.fill(&resolve)?;
        Ok(Wit { resolve, sizes, exported: HashSet::new(), in_exports: false })
    }

    /// The view from the calls of what a guest exports, among them these interfaces.
    pub fn of_exports(resolve: Resolve, exported: HashSet<InterfaceId>) -> anyhow::Result<Self> {
        Ok(Wit { exported, in_exports: true, ..Self::of_imports(resolve)? })
    }

    /// The name of an interface's module in the generated code.
    pub fn module(&self, id: InterfaceId) -> String {
        names::module(&self.resolve, id)
    }

    /// The path of a named type from the module of another interface.
    pub fn path(&self, id: TypeId) -> String {
        let ty = &self.resolve.types[id];
        let name = names::type_(ty.name.as_deref().expect("only named types have a path"));
        match ty.owner {
            TypeOwner::Interface(interface) if self.in_exports && !self.exported.contains(&interface) => {
                format!("super::super::{}::{name}", self.module(interface))
            }
            TypeOwner::Interface(interface) => format!("super::{}::{name}", self.module(interface)),
            _ => name,
        }
    }

    /// The type itself, behind `use`d names of it.
    pub fn resource(&self, id: TypeId) -> TypeId {
        names::unaliased(&self.resolve, id)
    }

    /// The number of a resource type at run time.
    pub fn resource_id(&self, id: TypeId) -> u32 {
        let side = if self.guest_has(self.resource(id)) { "[export]" } else { "" };
        names::hash(&format!("{side}{}", names::resource(&self.resolve, id)))
    }

    /// Whether the guest implements a resource.
    pub fn guest_has(&self, resource: TypeId) -> bool {
        match self.resolve.types[resource].owner {
            TypeOwner::Interface(interface) => self.exported.contains(&interface),
            _ => false,
        }
    }

    /// Whether a value holds resources that the guest implements.
    pub fn has_guest_resource(&self, ty: &Type) -> bool {
        let within = |ty: &Type| self.has_guest_resource(ty);
        let Type::Id(id) = ty else { return false };
        match &self.resolve.types[*id].kind {
            TypeDefKind::Resource => self.guest_has(*id),
            TypeDefKind::Handle(handle) => {
                use wit_bindgen_core::wit_parser::Handle::{Borrow, Own};
                let (Own(resource) | Borrow(resource)) = handle;
                self.guest_has(self.resource(*resource))
            }
            kind => parts(kind).iter().any(within),
        }
    }
}

/// The types that a type is made of.
pub fn parts(kind: &TypeDefKind) -> Vec<Type> {
    match kind {
        TypeDefKind::Type(ty) | TypeDefKind::List(ty) | TypeDefKind::Option(ty) => vec![*ty],
        TypeDefKind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Tuple(tuple) => tuple.types.clone(),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Result(result) => result.ok.into_iter().chain(result.err).collect(),
        _ => Vec::new(),
    }
}
