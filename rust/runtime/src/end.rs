//! How an app ended.

use crate::message::Message;
use zephyr_wasm_engine::error::{Error, Kind};
use zephyr_wasm_engine::{TrapCode, Violation};

/// How an app ended. The numbers are the C API's `enum zephyr_wasm_end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum End {
    /// `run` returned this value; 0 means success.
    Returned(i32) = 1,
    /// The app broke a rule of WebAssembly.
    Trapped(TrapCode) = 2,
    /// The app broke the rules of a host call: a pointer, a handle, a string.
    Violated(Violation) = 3,
    /// An allocation did not fit the app's region.
    OutOfMemory = 4,
    /// Someone asked for its end.
    Killed = 5,
    /// It did not start: nothing of it ran.
    Refused(Refusal) = 6,
    /// The runtime panicked on the app's thread.
    Panicked = 7,
    /// The processor faulted on the app's thread, for example because its stack was full.
    Faulted = 8,
    /// It has not given the signs of life that its manifest promised.
    Unresponsive = 9,
}

/// Why an app did not start. The numbers are the C API's `enum zephyr_wasm_refusal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// The file ends in the middle of a section.
    Truncated = 1,
    /// The file does not begin as a WebAssembly module does.
    NotWasm = 2,
    /// The module is of a version other than 1.
    Version = 3,
    /// The file is a component, which the build host has to unwrap.
    Component = 4,
    /// The module is malformed, invalid, uses a proposal that the engine does not have, or has what the engine computes
    /// wrongly: a select that packing writes otherwise, a block with parameters, or a `br_table` with values.
    Invalid = 5,
    /// The module has a start function, which would run before its imports are bound.
    StartFunction = 6,
    /// The module imports an interface that nobody here knows, or another version of one.
    UnknownInterface = 7,
    /// The module imports an interface that Kconfig left out of the image.
    Disabled = 8,
    /// The interface is there, and has no function of that name.
    UnknownFunction = 9,
    /// The function is there, and has another type.
    Signature = 10,
    /// The module imports something that is not a function.
    NotAFunction = 11,
    /// The module does not export `run: func() -> s32`.
    NoRun = 12,
    /// The module asks for more memory than the app's region has.
    Memory = 13,
    /// The module was not validated by the build, and the image cannot validate.
    Unvalidated = 14,
    /// The function is there, and its types have changed since the module was built.
    Shape = 15,
    /// The module does not export the function to call.
    NoFunction = 16,
    /// The arguments do not fit the function to call.
    Arguments = 17,
    /// The module's manifest does not grant an interface that it imports.
    NotGranted = 18,
    /// The module, or its manifest, asks for more than the image gives to an app.
    Limits = 19,
    /// The module has no signature, and the image takes signed ones only.
    Unsigned = 20,
    /// The module is signed by a key that the image does not trust.
    UnknownKey = 21,
    /// The module is not what was signed.
    BadSignature = 22,
    /// The file of the module cannot be read.
    File = 23,
    /// The image has no interpreter, and cannot run the module's machine code.
    Code = 24,
}

impl End {
    /// The number of the variant, and the detail that comes with it.
    pub fn codes(self) -> (u8, i32) {
        match self {
            End::Returned(value) => (1, value),
            End::Trapped(code) => (2, code as i32),
            End::Violated(violation) => (3, violation as i32),
            End::OutOfMemory => (4, 0),
            End::Killed => (5, 0),
            End::Refused(refusal) => (6, refusal as i32),
            End::Panicked => (7, 0),
            End::Faulted => (8, 0),
            End::Unresponsive => (9, 0),
        }
    }

    /// How an app ends whose call ended so.
    #[inline(never)]
    pub(crate) fn of(error: Error) -> Self {
        match error.kind() {
            Kind::Trap(code) => End::Trapped(code),
            Kind::Violation(violation) => End::Violated(violation),
            Kind::Invalid => End::Refused(Refusal::Invalid),
        }
    }

    /// Whether this is an end as its author wants it.
    pub fn is_success(self) -> bool {
        self == End::Returned(0)
    }

    /// Says it in words. A refusal has its message already, which is more precise.
    pub fn describe(self, message: &mut Message) {
        match self {
            End::Returned(0) => message.text("returned"),
            End::Returned(value) => message.text("returned error ").signed(value.into()),
            End::Trapped(code) => message.text("trapped: ").text(code.describe()),
            End::Violated(violation) => {
                message.text("broke a host call's contract: ").text(violation.describe())
            }
            End::OutOfMemory => message.text("out of memory"),
            End::Killed => message.text("killed"),
            // Ended by a number that is none of a trap: no validated code does that, and machine code of anybody may.
            End::Refused(Refusal::Invalid) if message.as_str().is_empty() => {
                message.text("invalid code: it ended in a way that there is not")
            }
            End::Refused(_) => message,
            End::Panicked => message.text("the runtime panicked on its thread"),
            End::Faulted => message.text("its thread faulted"),
            End::Unresponsive => message.text("missed its heartbeat"),
        };
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::String;

    /// The C header is written by hand, for its comments; this keeps it honest.
    #[test]
    fn numbers_are_those_of_the_c_header() {
        let header = include_str!("../../../include/zephyr_wasm/zephyr_wasm.h");
        let expected = [
            ("END_RETURNED", End::Returned(0).codes().0),
            ("END_TRAPPED", End::Trapped(TrapCode::StackOverflow).codes().0),
            ("END_VIOLATED", End::Violated(Violation::Handle).codes().0),
            ("END_OUT_OF_MEMORY", End::OutOfMemory.codes().0),
            ("END_KILLED", End::Killed.codes().0),
            ("END_REFUSED", End::Refused(Refusal::Invalid).codes().0),
            ("END_PANICKED", End::Panicked.codes().0),
            ("END_FAULTED", End::Faulted.codes().0),
            ("END_UNRESPONSIVE", End::Unresponsive.codes().0),
            ("REFUSED_TRUNCATED", Refusal::Truncated as u8),
            ("REFUSED_NOT_WASM", Refusal::NotWasm as u8),
            ("REFUSED_VERSION", Refusal::Version as u8),
            ("REFUSED_COMPONENT", Refusal::Component as u8),
            ("REFUSED_INVALID", Refusal::Invalid as u8),
            ("REFUSED_START_FUNCTION", Refusal::StartFunction as u8),
            ("REFUSED_UNKNOWN_INTERFACE", Refusal::UnknownInterface as u8),
            ("REFUSED_DISABLED", Refusal::Disabled as u8),
            ("REFUSED_UNKNOWN_FUNCTION", Refusal::UnknownFunction as u8),
            ("REFUSED_SIGNATURE", Refusal::Signature as u8),
            ("REFUSED_NOT_A_FUNCTION", Refusal::NotAFunction as u8),
            ("REFUSED_NO_RUN", Refusal::NoRun as u8),
            ("REFUSED_MEMORY", Refusal::Memory as u8),
            ("REFUSED_UNVALIDATED", Refusal::Unvalidated as u8),
            ("REFUSED_SHAPE", Refusal::Shape as u8),
            ("REFUSED_NO_FUNCTION", Refusal::NoFunction as u8),
            ("REFUSED_ARGUMENTS", Refusal::Arguments as u8),
            ("REFUSED_NOT_GRANTED", Refusal::NotGranted as u8),
            ("REFUSED_LIMITS", Refusal::Limits as u8),
            ("REFUSED_UNSIGNED", Refusal::Unsigned as u8),
            ("REFUSED_UNKNOWN_KEY", Refusal::UnknownKey as u8),
            ("REFUSED_BAD_SIGNATURE", Refusal::BadSignature as u8),
            ("REFUSED_FILE", Refusal::File as u8),
            ("REFUSED_CODE", Refusal::Code as u8),
        ];
        for (name, number) in expected {
            let line = std::format!("ZEPHYR_WASM_{name} = {number},");
            assert!(header.contains(&line), "the header lacks `{line}`");
        }
        let lines = header.lines().filter(|line| {
            line.trim().starts_with("ZEPHYR_WASM_END_") || line.trim().starts_with("ZEPHYR_WASM_REFUSED_")
        });
        assert_eq!(lines.count(), expected.len() + 1, "one more than `END_NONE = 0` is not known here");
    }

    #[test]
    fn ends_are_told_in_words() {
        let told = |end: End| {
            let mut message = Message::new();
            end.describe(&mut message);
            String::from(message.as_str())
        };
        assert_eq!(told(End::Returned(-3)), "returned error -3");
        assert!(told(End::Trapped(TrapCode::MemoryOutOfBounds)).starts_with("trapped: "));
        assert_eq!(told(End::Violated(Violation::Handle)), "broke a host call's contract: no such handle");
    }
}
