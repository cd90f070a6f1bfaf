//! What a function passes, structurally: two functions of one shape exchange the same bytes with the same meaning,
//! whatever their types are called.

use crate::names;
use wit_bindgen_core::wit_parser::{Function, Handle, Resolve, Type, TypeDefKind, TypeId};

/// How deep types may be one in another, the names of types included.
const DEEPEST: usize = 100;

/// A function's shape in WIT's words, with every named type spelt out. None if it is longer than that many bytes, which
/// takes few types: each may have another one several times, and that one others.
pub fn text(resolve: &Resolve, function: &Function, most: usize) -> Option<String> {
    let mut words = Words { resolve, text: String::new(), most };
    words.put("func(")?;
    words.all(&function.params, |words, param| words.type_(&param.ty, DEEPEST))?;
    words.put(")")?;
    if let Some(ty) = &function.result {
        words.put(" -> ")?;
        words.type_(ty, DEEPEST)?;
    }
    Some(words.text)
}

/// A number that stands for a shape in words.
pub fn number(text: &str) -> u32 {
    names::hash(text)
}

/// A number that stands for a function's shape; 0 if that has no words.
pub fn hash(resolve: &Resolve, function: &Function) -> u32 {
    text(resolve, function, usize::MAX).map_or(0, |text| number(&text))
}

/// A shape that is being written.
struct Words<'a> {
    resolve: &'a Resolve,
    text: String,
    /// The most bytes of it.
    most: usize,
}

impl<'a> Words<'a> {
    fn put(&mut self, text: &str) -> Option<()> {
        (text.len() <= self.most - self.text.len()).then(|| self.text.push_str(text))
    }

    /// Items between commas.
    fn all<T>(&mut self, items: &'a [T], each: impl Fn(&mut Self, &'a T) -> Option<()>) -> Option<()> {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.put(", ")?;
            }
            each(self, item)?;
        }
        Some(())
    }

    /// A name with a type behind it, in brackets.
    fn of(&mut self, name: &str, brackets: [&str; 2], ty: &Type, levels: usize) -> Option<()> {
        self.put(name)?;
        self.put(brackets[0])?;
        self.type_(ty, levels)?;
        self.put(brackets[1])
    }

    fn type_(&mut self, ty: &Type, levels: usize) -> Option<()> {
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
            Type::Id(id) => return self.defined(*id, levels.checked_sub(1)?),
        };
        self.put(name)
    }

    fn defined(&mut self, id: TypeId, levels: usize) -> Option<()> {
        const ANGLES: [&str; 2] = ["<", ">"];
        let resolve = self.resolve;
        match &resolve.types[id].kind {
            TypeDefKind::Type(ty) => self.type_(ty, levels),
            TypeDefKind::List(ty) => self.of("list", ANGLES, ty, levels),
            TypeDefKind::Option(ty) => self.of("option", ANGLES, ty, levels),
            TypeDefKind::Result(result) => {
                if result.ok.is_none() && result.err.is_none() {
                    return self.put("result");
                }
                self.put("result<")?;
                self.or_none(result.ok.as_ref(), levels)?;
                self.put(", ")?;
                self.or_none(result.err.as_ref(), levels)?;
                self.put(">")
            }
            TypeDefKind::Tuple(tuple) => {
                self.put("tuple<")?;
                self.all(&tuple.types, |words, ty| words.type_(ty, levels))?;
                self.put(">")
            }
            TypeDefKind::Record(record) => {
                self.put("record { ")?;
                self.all(&record.fields, |words, field| {
                    words.of(&field.name, [": ", ""], &field.ty, levels)
                })?;
                self.put(" }")
            }
            TypeDefKind::Variant(variant) => {
                self.put("variant { ")?;
                self.all(&variant.cases, |words, case| match &case.ty {
                    Some(ty) => words.of(&case.name, ["(", ")"], ty, levels),
                    None => words.put(&case.name),
                })?;
                self.put(" }")
            }
            TypeDefKind::Enum(enum_) => {
                self.put("enum { ")?;
                self.all(&enum_.cases, |words, case| words.put(&case.name))?;
                self.put(" }")
            }
            TypeDefKind::Flags(flags) => {
                self.put("flags { ")?;
                self.all(&flags.flags, |words, flag| words.put(&flag.name))?;
                self.put(" }")
            }
            TypeDefKind::Handle(Handle::Own(resource)) => {
                self.put(&format!("own<{}>", names::resource(resolve, *resource)))
            }
            TypeDefKind::Handle(Handle::Borrow(resource)) => {
                self.put(&format!("borrow<{}>", names::resource(resolve, *resource)))
            }
            _ => self.put("unknown"),
        }
    }

    fn or_none(&mut self, ty: Option<&Type>, levels: usize) -> Option<()> {
        match ty {
            Some(ty) => self.type_(ty, levels),
            None => self.put("_"),
        }
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
        (text(&resolve, function, usize::MAX).unwrap(), hash(&resolve, function))
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

    #[test]
    fn few_types_may_have_more_words_than_fit() {
        let names = (1..60).map(|n| format!("type t{n} = tuple<t{0}, t{0}>; ", n - 1));
        let wit = format!("type t0 = u8; {}f: func(all: t59);", names.collect::<String>());
        let mut resolve = Resolve::default();
        resolve.push_str("shape.wit", &format!("package a:b@1.0.0;\ninterface c {{ {wit} }}")).unwrap();
        let (_, interface) = resolve.interfaces.iter().next().unwrap();
        assert_eq!(text(&resolve, &interface.functions["f"], 1 << 20), None);
    }

    #[test]
    fn what_fits_to_the_last_byte_is_told() {
        let mut resolve = Resolve::default();
        let wit = "interface c { variant v { a(u8), b } f: func(v: v) -> result<_, list<v>>; }";
        resolve.push_str("shape.wit", &format!("package a:b@1.0.0;\n{wit}")).unwrap();
        let (_, interface) = resolve.interfaces.iter().next().unwrap();
        let whole = "func(variant { a(u8), b }) -> result<_, list<variant { a(u8), b }>>";
        let of = |most| text(&resolve, &interface.functions["f"], most);
        assert_eq!(of(whole.len()).as_deref(), Some(whole));
        assert_eq!(of(whole.len() - 1), None);
    }
}
