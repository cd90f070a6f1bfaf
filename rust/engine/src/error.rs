//! What ends a call of an app's code.

use crate::trap::TrapCode;
use crate::violation::Violation;
use core::fmt;
use core::num::NonZeroU32;
use wasmi::errors::{ErrorKind, HostError};

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

/// Where the numbers of violations begin: those of traps are smaller.
const VIOLATIONS: u32 = 0x80;
/// The number of [`Kind::Invalid`].
const INVALID: NonZeroU32 = NonZeroU32::new(0xff).unwrap();

impl Error {
    /// That the app broke a rule of WebAssembly.
    #[inline]
    pub const fn trap(code: TrapCode) -> Self {
        match NonZeroU32::new(code as u32) {
            Some(number) => Error(number),
            None => Error(INVALID),
        }
    }

    /// That the app broke a rule of a host call.
    #[inline]
    pub const fn violation(violation: Violation) -> Self {
        match NonZeroU32::new(VIOLATIONS + violation as u32) {
            Some(number) => Error(number),
            None => Error(INVALID),
        }
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        let number = self.0.get();
        if let Ok(code) = wasmi::TrapCode::try_from(number as u8) {
            return Kind::Trap(code.into());
        }
        let violation =
            number.checked_sub(VIOLATIONS + 1).and_then(|number| Violation::ALL.get(number as usize));
        violation.map_or(Kind::Invalid, |violation| Kind::Violation(*violation))
    }

    /// As the interpreter takes it of a host function.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise(self) -> wasmi::Error {
        match wasmi::TrapCode::try_from(self.0.get() as u8) {
            Ok(code) => wasmi::Error::from(code),
            Err(_) => wasmi::Error::host(Raised(self)),
        }
    }

    /// What an error of the interpreter is.
    #[cold]
    #[inline(never)]
    pub(crate) fn of(error: &wasmi::Error) -> Self {
        if let Some(code) = error.as_trap_code() {
            return Error::trap(code.into());
        }
        match error.kind() {
            // All of a host's are ours.
            ErrorKind::Host(_) => {
                error.downcast_ref::<Raised>().map_or(Violation::Pointer.error(), |raised| raised.0)
            }
            _ => Error(INVALID),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

/// An error of a host function, on its way through the interpreter.
struct Raised(Error);

impl HostError for Raised {}

/// The interpreter wants these of all errors of hosts, and never shows them.
impl fmt::Debug for Raised {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl fmt::Display for Raised {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl From<wasmi::Error> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: wasmi::Error) -> Self {
        Error::of(&error)
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
        for code in (0..=u8::MAX).filter_map(|number| wasmi::TrapCode::try_from(number).ok()) {
            assert!(u32::from(u8::from(code)) < VIOLATIONS);
            assert_eq!(Error::trap(code.into()).kind(), Kind::Trap(code.into()));
            assert_eq!(Error::from(Error::trap(code.into()).raise()).kind(), Kind::Trap(code.into()));
        }
        assert_eq!(Error(INVALID).kind(), Kind::Invalid);
        assert_eq!(Error::from(Violation::Loan.error().raise()).kind(), Kind::Violation(Violation::Loan));
    }
}
