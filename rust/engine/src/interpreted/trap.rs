//! Traps of the interpreter.

use crate::trap::TrapCode;

/// Writes both conversions: the numbers are the same, so that neither has any code.
macro_rules! same {
    ($($name:ident)*) => {
        impl From<wasmi::TrapCode> for TrapCode {
            #[inline]
            fn from(code: wasmi::TrapCode) -> Self {
                match code { $(wasmi::TrapCode::$name => TrapCode::$name,)* }
            }
        }

        impl From<TrapCode> for wasmi::TrapCode {
            #[inline]
            fn from(code: TrapCode) -> Self {
                match code { $(TrapCode::$name => wasmi::TrapCode::$name,)* }
            }
        }

        $(const _: () = assert!(TrapCode::$name as u8 == wasmi::TrapCode::$name as u8);)*
    };
}

same! {
    UnreachableCodeReached MemoryOutOfBounds TableOutOfBounds IndirectCallToNull IntegerDivisionByZero IntegerOverflow
    BadConversionToInteger StackOverflow BadSignature OutOfFuel GrowthOperationLimited OutOfSystemMemory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_interpreters() {
        for code in (0..=u8::MAX).filter_map(TrapCode::of_number) {
            assert_eq!(code.describe(), wasmi::TrapCode::from(code).trap_message());
        }
    }
}
