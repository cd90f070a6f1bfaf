//! From the bytes of values to text.

use super::Output;
use super::floats::Floats;
use super::layout::{self, Place};
use super::types::Type;
use crate::abi::{self, bad_discriminant};
use crate::message::Message;
use crate::text::is_shown;
use zephyr_wasm_engine::Error;

/// Writes a value. What it points to is in the guest's memory, and checked as all that a guest names.
pub fn value(
    memory: &[u8],
    ty: &Type<'_>,
    place: Place<'_>,
    floats: Option<&Floats>,
    output: Output<'_>,
) -> Result<(), Error> {
    match ty {
        Type::Bool => output(if place.number(1) == 0 { "false" } else { "true" }),
        Type::Integer(bits, signed) => integer(place.number(usize::from(*bits) / 8), *bits, *signed, output),
        Type::Float(bits) => match floats {
            Some(floats) => (floats.write)(place.number(usize::from(*bits) / 8), *bits, output),
            None => output("(CONFIG_WASM_CALL_FLOATS=n)"),
        },
        Type::Char => quoted('\'', &[abi::character(place.number(4) as i32)?], output),
        Type::Text => {
            let (start, length) = place.pointer();
            let text = abi::text(memory, start, length)?;
            output("\"");
            for character in text.chars() {
                escaped('"', character, output);
            }
            output("\"");
        }
        Type::List(element) => {
            let (start, length) = place.pointer();
            let size = layout::of(element).size;
            let bytes = abi::elements(memory, start, length, size as u32)?;
            output("[");
            for (index, bytes) in bytes.chunks_exact(size).enumerate() {
                separate(index, output);
                value(memory, element, Place::of(bytes), floats, output)?;
            }
            output("]");
        }
        Type::Fields(fields) => {
            let named = fields.iter().all(|(name, _)| name.is_some());
            output(if named { "{" } else { "(" });
            let mut outcome = Ok(());
            let mut index = 0;
            layout::all(fields.iter().map(|(_, ty)| ty), |offset| {
                let (name, ty) = &fields[index];
                separate(index, output);
                if let Some(name) = name {
                    output(name);
                    output(": ");
                }
                if outcome.is_ok() {
                    outcome = value(memory, ty, place.at(offset), floats, output);
                }
                index += 1;
            });
            outcome?;
            output(if named { "}" } else { ")" });
        }
        Type::Cases(cases) => {
            let case = place.number(layout::discriminant(cases.len())) as usize;
            let (name, payload) = cases.get(case).ok_or_else(bad_discriminant)?;
            output(name);
            if let Some(ty) = payload {
                output("(");
                value(memory, ty, place.at(layout::payload(cases)), floats, output)?;
                output(")");
            }
        }
        Type::Flags(flags) => {
            let set = place.number(layout::flags_layout(flags.len()).size);
            output("{");
            let on = flags.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
            for (index, (_, name)) in on.enumerate() {
                separate(index, output);
                output(name);
            }
            output("}");
        }
    }
    Ok(())
}

fn separate(index: usize, output: Output<'_>) {
    if index > 0 {
        output(", ");
    }
}

fn integer(bits: u64, width: u8, signed: bool, output: Output<'_>) {
    let mut text = Message::new();
    match signed {
        true => text.signed((bits as i64) << (64 - width) >> (64 - width)),
        false => text.number(bits),
    };
    output(text.as_str());
}

fn quoted(quote: char, characters: &[char], output: Output<'_>) {
    let mut bytes = [0; 4];
    output(quote.encode_utf8(&mut bytes));
    for character in characters {
        escaped(quote, *character, output);
    }
    output(quote.encode_utf8(&mut bytes));
}

fn escaped(quote: char, character: char, output: Output<'_>) {
    match character {
        '\n' => output("\\n"),
        '\r' => output("\\r"),
        '\t' => output("\\t"),
        '\\' => output("\\\\"),
        character if character == quote => {
            output("\\");
            output(quote.encode_utf8(&mut [0; 4]));
        }
        // All of these have at most four digits.
        character if !is_shown(character) => {
            let mut digits = [0u8; 4];
            for (digit, shift) in digits.iter_mut().zip([12, 8, 4, 0]) {
                *digit = b"0123456789abcdef"[(character as usize >> shift) & 15];
            }
            let digits = core::str::from_utf8(&digits).unwrap_or_default();
            output("\\u{");
            output(digits.strip_prefix("00").unwrap_or(digits));
            output("}");
        }
        character => output(character.encode_utf8(&mut [0; 4])),
    }
}
