//! Between Rust values and those of C, as Rust expressions.

use super::types::{CTypes, value};
use crate::names;
use crate::wit::Wit;
use wit_bindgen_core::wit_parser::{Type, TypeDefKind, TypeId};

/// Converts the values of one function.
pub struct Converter<'a, 'b> {
    pub wit: &'a Wit,
    pub types: &'b mut CTypes<'a>,
    /// What begins the names of types without one.
    pub prefix: String,
}

impl Converter<'_, '_> {
    fn c_type(&mut self, ty: &Type) -> String {
        format!("c::{}", self.types.of(&self.prefix, ty).1)
    }

    /// The path of a named type, from the crate's root.
    fn path(&self, id: TypeId) -> String {
        self.wit.path(self.wit.resource(id)).replace("super::", "bindings::")
    }

    /// A value for C that points into the Rust value, which is a place; none for lists inside others.
    pub fn c_of(&mut self, place: &str, ty: &Type) -> Option<String> {
        let id = match ty {
            Type::Char => return Some(format!("({place} as u32)")),
            Type::String => {
                return Some(format!("c::Text {{ data: {place}.as_ptr(), size: {place}.len() }}"));
            }
            Type::Id(id) => *id,
            _ => return Some(place.to_owned()),
        };
        let c = self.c_type(ty);
        let kind = self.wit.resolve.types[id].kind.clone();
        Some(match &kind {
            TypeDefKind::Type(ty) => return self.c_of(place, ty),
            TypeDefKind::Handle(_) => format!("{place}.0"),
            TypeDefKind::Enum(_) => format!("({place} as u32)"),
            TypeDefKind::Flags(_) => format!("{place}.0[0]"),
            TypeDefKind::List(Type::U8) => {
                format!("c::Bytes {{ data: {place}.as_ptr(), size: {place}.len() }}")
            }
            TypeDefKind::List(_) => return None,
            TypeDefKind::Record(record) => {
                let mut fields = String::new();
                for field in &record.fields {
                    let of = self.c_of(&format!("{place}.{}", names::value(&field.name)), &field.ty)?;
                    fields += &format!("{}: {of}, ", value(&field.name));
                }
                format!("{c} {{ {fields}}}")
            }
            TypeDefKind::Tuple(tuple) => {
                let mut fields = String::new();
                for (index, ty) in tuple.types.iter().enumerate() {
                    fields += &format!("f{index}: {}, ", self.c_of(&format!("{place}.{index}"), ty)?);
                }
                format!("{c} {{ {fields}}}")
            }
            TypeDefKind::Option(ty) => {
                let some = self.c_of("(*v)", ty)?;
                format!(
                    "match &{place} {{ Some(v) => {c} {{ is_some: true, some: {some} }}, None => zero::<{c}>() }}"
                )
            }
            TypeDefKind::Result(result) => {
                let ok = self.case_of("Ok", "is_err = false", "ok", result.ok.as_ref(), true)?;
                let err = self.case_of("Err", "is_err = true", "err", result.err.as_ref(), true)?;
                format!("{{ let mut r = zero::<{c}>(); match &{place} {{ {ok} {err} }} r }}")
            }
            TypeDefKind::Variant(variant) => {
                let path = self.path(id);
                let mut arms = String::new();
                for (index, case) in variant.cases.iter().enumerate() {
                    let pattern = format!("{path}::{}", names::type_(&case.name));
                    let tag = format!("tag = {index}");
                    arms += &self.case_of(&pattern, &tag, &value(&case.name), case.ty.as_ref(), false)?;
                }
                format!("{{ let mut r = zero::<{c}>(); match &{place} {{ {arms} }} r }}")
            }
            _ => return None,
        })
    }

    fn case_of(
        &mut self,
        pattern: &str,
        tag: &str,
        field: &str,
        ty: Option<&Type>,
        unit: bool,
    ) -> Option<String> {
        Some(match ty {
            Some(ty) => {
                format!("{pattern}(v) => {{ r.{tag}; r.of.{field} = {}; }}", self.c_of("(*v)", ty)?)
            }
            None if unit => format!("{pattern}(()) => {{ r.{tag}; }}"),
            None => format!("{pattern} => {{ r.{tag}; }}"),
        })
    }

    /// A Rust value that owns all, of a value that C wrote.
    pub fn rust_of(&mut self, place: &str, ty: &Type) -> String {
        let id = match ty {
            Type::Char => return format!("char::from_u32({place}).unwrap_or(char::REPLACEMENT_CHARACTER)"),
            Type::String => return format!("text({place})"),
            Type::Id(id) => *id,
            _ => return place.to_owned(),
        };
        let kind = self.wit.resolve.types[id].kind.clone();
        match &kind {
            TypeDefKind::Type(ty) => self.rust_of(place, ty),
            TypeDefKind::Handle(handle) => {
                use wit_bindgen_core::wit_parser::Handle::{Borrow, Own};
                let (Own(resource) | Borrow(resource)) = handle;
                format!("{}({place})", self.path(*resource))
            }
            TypeDefKind::Enum(cases) => {
                let path = self.path(id);
                let last = cases.cases.len() - 1;
                let arm = |(index, name): (usize, &str)| match index {
                    _ if index == last => format!("_ => {path}::{}, ", names::type_(name)),
                    _ => format!("{index} => {path}::{}, ", names::type_(name)),
                };
                let arms: String =
                    cases.cases.iter().map(|case| case.name.as_str()).enumerate().map(arm).collect();
                format!("match {place} {{ {arms} }}")
            }
            TypeDefKind::Flags(_) => format!("{}::from_words([{place}])", self.path(id)),
            TypeDefKind::List(Type::U8) => format!("items({place}.data, {place}.size).to_vec()"),
            TypeDefKind::List(element) => {
                let item = self.rust_of("(*v)", element);
                format!("items({place}.data, {place}.size).iter().map(|v| {item}).collect()")
            }
            TypeDefKind::Record(record) => {
                let path = self.path(id);
                let mut fields = String::new();
                for field in &record.fields {
                    let of = self.rust_of(&format!("{place}.{}", value(&field.name)), &field.ty);
                    fields += &format!("{}: {of}, ", names::value(&field.name));
                }
                format!("{path} {{ {fields}}}")
            }
            TypeDefKind::Tuple(tuple) => {
                let fields = tuple.types.iter().enumerate();
                let fields: String =
                    fields.map(|(n, ty)| self.rust_of(&format!("{place}.f{n}"), ty) + ", ").collect();
                format!("({fields})")
            }
            TypeDefKind::Option(ty) => {
                let some = self.rust_of(&format!("{place}.some"), ty);
                format!("if {place}.is_some {{ Some({some}) }} else {{ None }}")
            }
            TypeDefKind::Result(result) => {
                let ok = self.payload(place, "ok", result.ok.as_ref());
                let err = self.payload(place, "err", result.err.as_ref());
                format!("if {place}.is_err {{ Err({err}) }} else {{ Ok({ok}) }}")
            }
            TypeDefKind::Variant(variant) => {
                let path = self.path(id);
                let last = variant.cases.len() - 1;
                let mut arms = String::new();
                for (index, case) in variant.cases.iter().enumerate() {
                    let pattern = if index == last { "_".into() } else { index.to_string() };
                    let payload = match &case.ty {
                        Some(ty) => format!("({})", self.payload(place, &value(&case.name), Some(ty))),
                        None => String::new(),
                    };
                    arms += &format!("{pattern} => {path}::{}{payload}, ", names::type_(&case.name));
                }
                format!("match {place}.tag {{ {arms} }}")
            }
            _ => unreachable!("refused by `supported`"),
        }
    }

    /// What a case holds. Its place is only looked at where C says that it is that case.
    fn payload(&mut self, place: &str, field: &str, ty: Option<&Type>) -> String {
        match ty {
            Some(ty) => {
                let value = self.rust_of("v", ty);
                format!("{{ let v = unsafe {{ {place}.of.{field} }}; {value} }}")
            }
            None => "()".into(),
        }
    }
}
