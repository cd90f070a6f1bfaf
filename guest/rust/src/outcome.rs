//! What an app's main function may return.

/// A result of an app, as the firmware reports it.
pub trait Outcome {
    /// 0 for success, anything else is the app's own error code.
    fn code(self) -> i32;
}

impl Outcome for () {
    fn code(self) -> i32 {
        0
    }
}

impl Outcome for i32 {
    fn code(self) -> i32 {
        self
    }
}

impl<T: Outcome, E: Into<i32>> Outcome for Result<T, E> {
    fn code(self) -> i32 {
        match self {
            Ok(value) => value.code(),
            Err(error) => error.into(),
        }
    }
}
