//! Errors on their way through the interpreter.

use crate::error::Error;
use crate::violation::Violation;
use core::fmt;
use wasmi::errors::{ErrorKind, HostError};

impl Error {
    /// As the interpreter takes it of a host function.
    #[cold]
    #[inline(never)]
    pub(crate) fn raise(self) -> wasmi::Error {
        match wasmi::TrapCode::try_from(self.number().get() as u8) {
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
            _ => Error::INVALID,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_way_through_changes_nothing() {
        for code in (0..=u8::MAX).filter_map(|number| wasmi::TrapCode::try_from(number).ok()) {
            assert_eq!(Error::trap(code.into()).kind(), Kind::Trap(code.into()));
            assert_eq!(Error::from(Error::trap(code.into()).raise()).kind(), Kind::Trap(code.into()));
        }
        assert_eq!(Error::from(Violation::Loan.error().raise()).kind(), Kind::Violation(Violation::Loan));
    }
}
