//! Types as a module's section has them: WIT with every named type spelt out.

use super::text::Text;
use alloc::boxed::Box;
use alloc::vec::Vec;
use zephyr_wasm_engine::{FunctionType, ValueType};

/// How deep types may be nested: each level takes native stack.
const MOST_NESTED: usize = 8;

/// A type that can be passed from a console.
#[derive(Clone, Debug, PartialEq)]
pub enum Type<'a> {
    /// `bool`
    Bool,
    /// An integer of so many bits, and whether it has a sign.
    Integer(u8, bool),
    /// `f32` or `f64`, by its bits.
    Float(u8),
    /// `char`
    Char,
    /// `string`
    Text,
    /// `list<t>`
    List(Box<Type<'a>>),
    /// `record` by its fields' names, or `tuple` without.
    Fields(Vec<(Option<&'a str>, Type<'a>)>),
    /// `variant`, `enum`, `option` or `result`, by the cases' names and payloads.
    Cases(Vec<(&'a str, Option<Type<'a>>)>),
    /// `flags`
    Flags(Vec<&'a str>),
}

/// What a function takes and returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature<'a> {
    /// Its parameters' types.
    pub params: Vec<Type<'a>>,
    /// Its result's type.
    pub result: Option<Type<'a>>,
}

impl Type<'_> {
    /// Whether it is an `option`.
    pub(super) fn is_option(&self) -> bool {
        matches!(self, Type::Cases(cases) if cases.first().is_some_and(|(name, _)| *name == "none"))
    }
}

impl<'a> Signature<'a> {
    /// Reads `func(u8, string) -> bool`; none if it is not one, or passes what a console cannot.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut text = Text::new(text);
        text.take("func").then_some(())?;
        let params = sequence(&mut text, '(', ')', |text| type_(text, MOST_NESTED))?;
        let result = if text.take("->") { Some(type_(&mut text, MOST_NESTED)?) } else { None };
        text.is_empty().then_some(Signature { params, result })
    }

    /// Takes a core function's values as they are.
    pub(super) fn of_core(ty: &FunctionType) -> Self {
        let value = |ty: ValueType| match ty {
            ValueType::I64 => Type::Integer(64, true),
            ValueType::F32 => Type::Float(32),
            ValueType::F64 => Type::Float(64),
            _ => Type::Integer(32, true),
        };
        Signature { params: ty.params().map(value).collect(), result: ty.results().next().map(value) }
    }
}

/// Items between brackets and commas.
fn sequence<'a, T>(
    text: &mut Text<'a>,
    open: char,
    close: char,
    mut item: impl FnMut(&mut Text<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    text.punctuation(open).then_some(())?;
    let mut items = Vec::new();
    while !text.punctuation(close) {
        if !items.is_empty() {
            text.punctuation(',').then_some(())?;
        }
        items.push(item(text)?);
    }
    Some(items)
}

fn type_<'a>(text: &mut Text<'a>, levels: usize) -> Option<Type<'a>> {
    let levels = levels.checked_sub(1)?;
    let inner = |text: &mut Text<'a>| type_(text, levels);
    let named = |text: &mut Text<'a>| {
        let name = text.name()?;
        let payload = if text.punctuation('(') {
            let ty = type_(text, levels)?;
            text.punctuation(')').then_some(Some(ty))?
        } else {
            None
        };
        Some((name, payload))
    };
    Some(match text.name()? {
        "bool" => Type::Bool,
        "char" => Type::Char,
        "string" => Type::Text,
        "u8" => Type::Integer(8, false),
        "s8" => Type::Integer(8, true),
        "u16" => Type::Integer(16, false),
        "s16" => Type::Integer(16, true),
        "u32" => Type::Integer(32, false),
        "s32" => Type::Integer(32, true),
        "u64" => Type::Integer(64, false),
        "s64" => Type::Integer(64, true),
        "f32" => Type::Float(32),
        "f64" => Type::Float(64),
        "list" => Type::List(Box::new(sequence(text, '<', '>', inner)?.pop()?)),
        "tuple" => Type::Fields(sequence(text, '<', '>', inner)?.into_iter().map(|ty| (None, ty)).collect()),
        "record" => Type::Fields(sequence(text, '{', '}', |text| {
            let name = text.name()?;
            text.punctuation(':').then_some(())?;
            Some((Some(name), inner(text)?))
        })?),
        "option" => {
            Type::Cases(alloc::vec![("none", None), ("some", Some(sequence(text, '<', '>', inner)?.pop()?))])
        }
        "result" if text.next_is('<') => {
            let mut sides =
                sequence(
                    text,
                    '<',
                    '>',
                    |text| {
                        if text.take("_") { Some(None) } else { Some(Some(inner(text)?)) }
                    },
                )?;
            let (err, ok) = (sides.pop()?, sides.pop()?);
            Type::Cases(alloc::vec![("ok", ok), ("err", err)])
        }
        "result" => Type::Cases(alloc::vec![("ok", None), ("err", None)]),
        "variant" | "enum" => Type::Cases(sequence(text, '{', '}', named)?),
        "flags" => Type::Flags(sequence(text, '{', '}', Text::name)?),
        _ => return None,
    })
    .filter(|ty| match ty {
        Type::Cases(cases) => !cases.is_empty(),
        Type::Fields(fields) => !fields.is_empty(),
        Type::Flags(flags) => (1..=32).contains(&flags.len()),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read() {
        let text = "func(record { a: u8, b: list<string> }, option<f32>, tuple<char, s64>) -> result<_, enum { x, y }>";
        let signature = Signature::parse(text).unwrap();
        assert_eq!(signature.params.len(), 3);
        let Some(Type::Cases(cases)) = signature.result else { panic!() };
        assert_eq!(cases[0], ("ok", None));
        assert!(cases[1].1.is_some());
    }

    #[test]
    fn what_a_console_cannot_pass_is_refused() {
        for text in
            ["func(own<a#b>)", "func(list<u8)", "func(u8", "u8", "func() -> future<u8>", "func(tuple<>)"]
        {
            assert_eq!(Signature::parse(text), None, "{text}");
        }
        // What has no bytes has no place in a list.
        for text in ["tuple<>", "record {}", "flags {}", "enum {}", "tuple<record {}>", "list<tuple<>>"] {
            assert_eq!(Signature::parse(&alloc::format!("func() -> list<{text}>")), None, "{text}");
        }
        let deep = |levels| alloc::format!("func({}u8{})", "list<".repeat(levels), ">".repeat(levels));
        assert!(Signature::parse(&deep(MOST_NESTED - 1)).is_some());
        assert!(Signature::parse(&deep(MOST_NESTED)).is_none());
    }
}
