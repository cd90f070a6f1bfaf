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
    /// All of them, in the order of their numbers, which begin with 1.
    const ALL: &[Self] = &[
        TrapCode::UnreachableCodeReached,
        TrapCode::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds,
        TrapCode::IndirectCallToNull,
        TrapCode::IntegerDivisionByZero,
        TrapCode::IntegerOverflow,
        TrapCode::BadConversionToInteger,
        TrapCode::StackOverflow,
        TrapCode::BadSignature,
        TrapCode::OutOfFuel,
        TrapCode::GrowthOperationLimited,
        TrapCode::OutOfSystemMemory,
    ];

    /// The one of this number, if there is one.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_number() {
        for code in TrapCode::ALL {
            assert_eq!(TrapCode::of_number(*code as u8), Some(*code));
        }
        assert_eq!(TrapCode::of_number(0), None);
        assert_eq!(TrapCode::of_number(TrapCode::ALL.len() as u8 + 1), None);
    }
}
