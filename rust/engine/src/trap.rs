//! The rules of WebAssembly that an app can break.

/// The rule of WebAssembly that an app broke, which ended it. The numbers are part of the C API: `detail` of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TrapCode {
    /// It came to an `unreachable`: a panic, an `abort`.
    UnreachableCodeReached = 1,
    /// It read or wrote outside its memory.
    MemoryOutOfBounds = 2,
    /// It reached outside a table.
    TableOutOfBounds = 3,
    /// It called by an element of a table that has no function.
    IndirectCallToNull = 4,
    /// It divided by zero.
    IntegerDivisionByZero = 5,
    /// The smallest number divided by -1 is too large.
    IntegerOverflow = 6,
    /// A floating-point number fits no integer.
    BadConversionToInteger = 7,
    /// Its calls are too deep.
    StackOverflow = 8,
    /// It called by an element of a table that has a function of another type.
    BadSignature = 9,
    /// It has burnt all its fuel.
    OutOfFuel = 10,
    /// Its memory or a table was not allowed to grow. Not in use: an app is told that growing failed.
    GrowthOperationLimited = 11,
    /// There is no memory for what it asked.
    OutOfSystemMemory = 12,
}

impl TrapCode {
    /// In words, as the specification's tests have them.
    pub fn describe(self) -> &'static str {
        match self {
            TrapCode::UnreachableCodeReached => "wasm `unreachable` instruction executed",
            TrapCode::MemoryOutOfBounds => "out of bounds memory access",
            TrapCode::TableOutOfBounds => "undefined element: out of bounds table access",
            TrapCode::IndirectCallToNull => "uninitialized element 2",
            TrapCode::IntegerDivisionByZero => "integer divide by zero",
            TrapCode::IntegerOverflow => "integer overflow",
            TrapCode::BadConversionToInteger => "invalid conversion to integer",
            TrapCode::StackOverflow => "call stack exhausted",
            TrapCode::BadSignature => "indirect call type mismatch",
            TrapCode::OutOfFuel => "all fuel consumed by WebAssembly",
            TrapCode::GrowthOperationLimited => "growth operation limited",
            TrapCode::OutOfSystemMemory => "out of system memory",
        }
    }
}

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

        #[cfg(test)]
        const ALL: &[TrapCode] = &[$(TrapCode::$name),*];
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
        for code in ALL {
            assert_eq!(code.describe(), wasmi::TrapCode::from(*code).trap_message());
        }
    }
}
