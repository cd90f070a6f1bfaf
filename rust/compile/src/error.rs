//! Why a module cannot be compiled.

use std::fmt;

/// Why a module cannot be compiled.
#[derive(Debug)]
pub enum Error {
    /// An app's name has to be one in C.
    Name(String),
    /// It is no valid module.
    Invalid(String),
    /// It has what no compiled app can have: what and where, and what to do.
    Refused(String),
}

impl Error {
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Error::Refused(text.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Name(name) => {
                write!(
                    formatter,
                    "`{name}` is no name for C: give one of letters, digits and `_` that begins with no digit"
                )
            }
            Error::Invalid(why) => write!(formatter, "not valid: {why}"),
            Error::Refused(why) => formatter.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl From<wasmparser::BinaryReaderError> for Error {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Error::Invalid(error.to_string())
    }
}
