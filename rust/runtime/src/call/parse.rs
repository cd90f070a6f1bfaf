//! From text to the bytes of values, with what they point to in the guest's memory.

use super::floats::Floats;
use super::layout;
use super::text::Text;
use super::types::{Signature, Type};
use super::{Failure, Refusal};
use crate::abi::{self, HostState};
use crate::message::Message;
use alloc::string::String;
use alloc::vec::Vec;
use zephyr_wasm_engine::{Error, Store};

/// Why a value was not made: the text is wrong, or the guest failed to take it.
enum Wrong {
    /// What is expected there.
    Text(&'static str),
    Ended(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Wrong::Ended(error)
    }
}

/// The bytes of arguments, laid out as parameters that go through memory.
pub fn arguments<T: HostState + 'static>(
    store: &mut Store<T>,
    signature: &Signature<'_>,
    arguments: &str,
    floats: Option<&Floats>,
    message: &mut Message,
) -> Result<Vec<u8>, Failure> {
    let params = &signature.params;
    let mut bytes = alloc::vec![0; layout::fields(params).size];
    let mut offsets = Vec::with_capacity(params.len());
    layout::all(params.iter(), |offset| offsets.push(offset));
    let mut text = Text::new(arguments);
    let mut parser = Parser { store, floats };
    for (index, (ty, offset)) in params.iter().zip(offsets).enumerate() {
        let outcome = if text.is_empty() && ty.is_option() {
            Ok(())
        } else if index > 0 && !text.punctuation(',') {
            Err(Wrong::Text("another argument after a comma"))
        } else {
            parser.value(ty, &mut text, &mut bytes[offset..])
        };
        match outcome {
            Ok(()) => {}
            Err(Wrong::Ended(error)) => return Err(Failure::Ended(error)),
            Err(Wrong::Text(expected)) => return Err(refuse(index, expected, &text, message)),
        }
    }
    if !text.is_empty() {
        return Err(refuse(params.len(), "no more arguments", &text, message));
    }
    Ok(bytes)
}

fn refuse(index: usize, expected: &str, text: &Text<'_>, message: &mut Message) -> Failure {
    message.text("argument ").number(index as u64 + 1).text(": expected ").text(expected);
    match text.is_empty() {
        true => message.text(" at the end"),
        false => message.text(" at `").text(text.rest()).text("`"),
    };
    Failure::Refused(Refusal::Arguments)
}

/// Where values go.
struct Parser<'a, T: 'static> {
    store: &'a mut Store<T>,
    floats: Option<&'a Floats>,
}

impl<T: HostState + 'static> Parser<'_, T> {
    fn value(&mut self, ty: &Type<'_>, text: &mut Text<'_>, bytes: &mut [u8]) -> Result<(), Wrong> {
        match ty {
            Type::Bool => {
                let value = match text.name() {
                    Some("true") => 1,
                    Some("false") => 0,
                    _ => return Err(Wrong::Text("true or false")),
                };
                put(bytes, value, 1);
            }
            Type::Integer(bits, signed) => put(bytes, integer(text, *bits, *signed)?, usize::from(*bits) / 8),
            Type::Float(bits) => {
                let Some(floats) = self.floats else {
                    return Err(Wrong::Text(
                        "no floating-point numbers, which this image leaves out (CONFIG_WASM_CALL_FLOATS)",
                    ));
                };
                let digits = text.number().unwrap_or_default();
                let number = (floats.read)(digits, *bits).ok_or(Wrong::Text("a number"))?;
                put(bytes, number, usize::from(*bits) / 8);
            }
            Type::Char => {
                let character = if text.quote('\'', true) { text.character() } else { None };
                let character = character.filter(|_| text.quote('\'', false));
                put(bytes, character.ok_or(Wrong::Text("a character in single quotes"))?.into(), 4);
            }
            Type::Text => {
                let string = string(text).ok_or(Wrong::Text("a string in double quotes"))?;
                let (start, length) = abi::put_new(self.store.context(), string.as_bytes())?;
                put_pointer(bytes, start, length);
            }
            Type::List(element) => self.list(element, text, bytes)?,
            Type::Fields(fields) => self.fields(fields, text, bytes)?,
            Type::Cases(cases) => {
                let name = text.name().unwrap_or_default();
                let Some(index) = cases.iter().position(|(case, _)| *case == name) else {
                    return Err(Wrong::Text("the name of a case"));
                };
                put(bytes, index as u64, layout::discriminant(cases.len()));
                if let Some(ty) = &cases[index].1 {
                    expect(text, '(', "a payload in brackets")?;
                    self.value(ty, text, &mut bytes[layout::payload(cases)..])?;
                    expect(text, ')', "a closing bracket")?;
                }
            }
            Type::Flags(flags) => {
                expect(text, '{', "flags in braces")?;
                let mut value = 0u64;
                while !text.punctuation('}') {
                    let name = text.name().unwrap_or_default();
                    let flag = flags.iter().position(|flag| *flag == name);
                    value |= 1 << flag.ok_or(Wrong::Text("the name of a flag"))?;
                    if !text.punctuation(',') && !text.next_is('}') {
                        return Err(Wrong::Text("a comma or a closing brace"));
                    }
                }
                put(bytes, value, layout::flags_layout(flags.len()).size);
            }
        }
        Ok(())
    }

    fn list(&mut self, element: &Type<'_>, text: &mut Text<'_>, bytes: &mut [u8]) -> Result<(), Wrong> {
        let layout = layout::of(element);
        let mut elements = Vec::new();
        let mut count = 0;
        expect(text, '[', "a list in square brackets")?;
        while !text.punctuation(']') {
            let start = elements.len();
            elements.resize(start + layout.size, 0);
            self.value(element, text, &mut elements[start..])?;
            count += 1;
            if !text.punctuation(',') && !text.next_is(']') {
                return Err(Wrong::Text("a comma or a closing bracket"));
            }
        }
        let start = abi::put_params(self.store.context(), &elements, layout.align)?;
        put_pointer(bytes, start, count);
        Ok(())
    }

    /// A tuple in brackets, or a record in braces. A field that is left out has to be an option.
    fn fields(
        &mut self,
        fields: &[(Option<&str>, Type<'_>)],
        text: &mut Text<'_>,
        bytes: &mut [u8],
    ) -> Result<(), Wrong> {
        let mut offsets = Vec::with_capacity(fields.len());
        layout::all(fields.iter().map(|(_, ty)| ty), |offset| offsets.push(offset));
        let named = fields.iter().all(|(name, _)| name.is_some());
        let (open, close) = if named { ('{', '}') } else { ('(', ')') };
        expect(text, open, if named { "a record in braces" } else { "a tuple in brackets" })?;
        let mut given = alloc::vec![false; fields.len()];
        let mut next = 0;
        // A record of nothing but options that are left out.
        text.punctuation(':');
        while !text.punctuation(close) {
            let index = if named {
                let name = text.name();
                expect(text, ':', "a field's name and a colon")?;
                fields.iter().position(|(field, _)| *field == name)
            } else {
                Some(next).filter(|next| *next < fields.len())
            };
            let index = index.ok_or(Wrong::Text("a field of the type"))?;
            self.value(&fields[index].1, text, &mut bytes[offsets[index]..])?;
            given[index] = true;
            next += 1;
            if !text.punctuation(',') && !text.next_is(close) {
                return Err(Wrong::Text("a comma or the end of the fields"));
            }
        }
        match fields.iter().zip(given).all(|((_, ty), given)| given || (named && ty.is_option())) {
            true => Ok(()),
            false => Err(Wrong::Text("all fields")),
        }
    }
}

fn integer(text: &mut Text<'_>, bits: u8, signed: bool) -> Result<u64, Wrong> {
    let before = text.clone();
    let number = text.number().and_then(|digits| decimal(digits, bits, signed));
    number.ok_or_else(|| {
        *text = before;
        Wrong::Text("an integer that its type can hold")
    })
}

/// The bits of a number in decimal, if it has so many.
fn decimal(digits: &str, bits: u8, signed: bool) -> Option<u64> {
    let negative = digits.strip_prefix('-');
    let magnitude: u64 = negative.unwrap_or(digits).parse().ok()?;
    let most = u64::MAX >> (64 - bits + u8::from(signed));
    match negative {
        None => (magnitude <= most).then_some(magnitude),
        Some(_) => (signed && magnitude <= most + 1).then_some(magnitude.wrapping_neg()),
    }
}

fn string(text: &mut Text<'_>) -> Option<String> {
    text.quote('"', true).then_some(())?;
    let mut string = String::new();
    while !text.quote('"', false) {
        string.push(text.character()?);
    }
    Some(string)
}

fn expect(text: &mut Text<'_>, mark: char, what: &'static str) -> Result<(), Wrong> {
    if text.punctuation(mark) { Ok(()) } else { Err(Wrong::Text(what)) }
}

fn put(bytes: &mut [u8], value: u64, size: usize) {
    bytes[..size].copy_from_slice(&value.to_le_bytes()[..size]);
}

fn put_pointer(bytes: &mut [u8], start: i32, length: i32) {
    put(bytes, u64::from(start as u32), 4);
    put(&mut bytes[4..], u64::from(length as u32), 4);
}
