//! Turns what was lifted as a borrow of guest memory into a value that owns its strings and lists.

use crate::wit::Wit;
use wit_bindgen_core::wit_parser::{Type, TypeDefKind};

impl Wit {
    /// An expression for `value` with its strings and byte lists copied. Named types are owned already.
    pub fn owned(&self, value: &str, ty: &Type) -> String {
        let Some(convert) = self.conversion(ty) else { return value.to_owned() };
        convert.replace('$', value)
    }

    /// How to own a value of type `ty`, with `$` for the value; none if nothing is borrowed in it.
    fn conversion(&self, ty: &Type) -> Option<String> {
        let id = match ty {
            Type::String => return Some("alloc::string::String::from($)".into()),
            Type::Id(id) => id,
            _ => return None,
        };
        let closure = |ty: &Type| self.conversion(ty).map(|code| format!("|v| {}", code.replace('$', "v")));
        match &self.resolve.types[*id].kind {
            TypeDefKind::Type(ty) => self.conversion(ty),
            TypeDefKind::List(Type::U8) => Some("<[u8]>::to_vec($)".into()),
            TypeDefKind::List(ty) => Some(format!("$.into_iter().map({}).collect()", closure(ty)?)),
            TypeDefKind::Option(ty) => Some(format!("$.map({})", closure(ty)?)),
            TypeDefKind::Result(result) => {
                let ok = result.ok.as_ref().and_then(closure).map(|f| format!(".map({f})"));
                let err = result.err.as_ref().and_then(closure).map(|f| format!(".map_err({f})"));
                if ok.is_none() && err.is_none() {
                    return None;
                }
                Some(format!("${}{}", ok.unwrap_or_default(), err.unwrap_or_default()))
            }
            TypeDefKind::Tuple(tuple) => {
                tuple.types.iter().any(|ty| self.conversion(ty).is_some()).then(|| {
                    let items: Vec<String> = tuple
                        .types
                        .iter()
                        .enumerate()
                        .map(|(i, ty)| self.owned(&format!("t.{i}"), ty) + ", ")
                        .collect();
                    format!("{{ let t = $; ({}) }}", items.concat())
                })
            }
            _ => None,
        }
    }
}
