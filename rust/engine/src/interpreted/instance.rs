//! Why the interpreter makes no instance.

use crate::error::{Error, NoInstance};
use wasmi::errors::{ErrorKind, InstantiationError};

impl NoInstance {
    #[cold]
    pub(crate) fn of(error: &wasmi::Error) -> Self {
        if error.as_trap_code().is_some() {
            return NoInstance::Trap(Error::of(error));
        }
        match error.kind() {
            ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
                NoInstance::ElementSegment
            }
            _ => NoInstance::Memory,
        }
    }
}
