//! What ends a call of an app's code.

use crate::trap::TrapCode;
use crate::violation::Violation;
use core::fmt;
use core::num::NonZeroU32;

/// What ends a call of an app's code: a [`Kind`] in one word, so that a result of it and of an integer stays in two
/// registers. A host call that fails allocates nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Error(NonZeroU32);

/// What ends a call of an app's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The app broke a rule of WebAssembly.
    Trap(TrapCode),
    /// The app broke a rule of a host call.
    Violation(Violation),
    /// A function that is translated on its first call turned out to be invalid. Nothing that was validated is so.
    Invalid,
}

/// Why there is no instance of a module.
pub enum NoInstance {
    /// It broke a rule of WebAssembly as it began.
    Trap(Error),
    /// An element segment does not fit its table.
    ElementSegment,
    /// There is no memory for it.
    Memory,
}

/// Where the numbers of violations begin: those of traps are smaller.
const VIOLATIONS: u32 = 0x80;

impl Error {
    /// [`Kind::Invalid`].
    pub(crate) const INVALID: Self = Error(NonZeroU32::new(0xff).unwrap());

    /// The number that it is.
    pub(crate) fn number(self) -> NonZeroU32 {
        self.0
    }

    /// The one of a number that is not 0.
    #[cfg(feature = "compiled")]
    pub(crate) fn of_number(number: u32) -> Self {
        NonZeroU32::new(number).map_or(Error::INVALID, Error)
    }

    /// What has ended a call, if it has.
    #[cfg(feature = "compiled")]
    pub(crate) fn check(number: u32) -> Result<(), Self> {
        NonZeroU32::new(number).map_or(Ok(()), |number| Err(Error(number)))
    }

    /// That the app broke a rule of WebAssembly.
    #[inline]
    pub const fn trap(code: TrapCode) -> Self {
        match NonZeroU32::new(code as u32) {
            Some(number) => Error(number),
            None => Error::INVALID,
        }
    }

    /// That the app broke a rule of a host call.
    #[inline]
    pub const fn violation(violation: Violation) -> Self {
        match NonZeroU32::new(VIOLATIONS + violation as u32) {
            Some(number) => Error(number),
            None => Error::INVALID,
        }
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        let number = self.0.get();
        if let Some(code) = u8::try_from(number).ok().and_then(TrapCode::of_number) {
            return Kind::Trap(code);
        }
        let violation =
            number.checked_sub(VIOLATIONS + 1).and_then(|number| Violation::ALL.get(number as usize));
        violation.map_or(Kind::Invalid, |violation| Kind::Violation(*violation))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

impl Violation {
    /// As an error that ends the guest's call.
    #[inline]
    pub const fn error(self) -> Error {
        Error::violation(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_has_all_of_it() {
        for (index, violation) in Violation::ALL.iter().enumerate() {
            assert_eq!(*violation as usize, index + 1);
            assert_eq!(violation.error().kind(), Kind::Violation(*violation));
        }
        for code in (0..=u8::MAX).filter_map(TrapCode::of_number) {
            assert!((code as u32) < VIOLATIONS);
            assert_eq!(Error::trap(code).kind(), Kind::Trap(code));
        }
        assert_eq!(Error::INVALID.kind(), Kind::Invalid);
        // Machine code can return any number.
        assert_eq!(Error(NonZeroU32::new(0xdead_be01).unwrap()).kind(), Kind::Invalid);
    }
}
