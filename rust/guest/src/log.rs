//! Log macros. A plain text costs no formatting code; a format string brings `core::fmt`.

use crate::bindings::wasi::logging::logging;
use core::fmt::{Arguments, Write};

pub use logging::Level;

/// The longest formatted message in bytes; the rest is cut off.
const LONGEST: usize = 96;

struct Line {
    bytes: [u8; LONGEST],
    used: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let mut end = text.len().min(LONGEST - self.used);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.bytes[self.used..self.used + end].copy_from_slice(&text.as_bytes()[..end]);
        self.used += end;
        Ok(())
    }
}

/// Logs a message; the macros call this. It is inlined so that a text without arguments is found to be one when
/// the app is compiled, and brings no formatting code.
#[inline(always)]
pub fn log(level: Level, message: Arguments<'_>) {
    match message.as_str() {
        Some(text) => logging::log(level, "", text),
        None => formatted(level, message),
    }
}

#[inline(never)]
fn formatted(level: Level, message: Arguments<'_>) {
    let mut line = Line { bytes: [0; LONGEST], used: 0 };
    // `write_str` does not fail, and cuts between characters.
    let _ = line.write_fmt(message);
    logging::log(level, "", core::str::from_utf8(&line.bytes[..line.used]).unwrap_or_default());
}

/// Logs what an operator may want to know.
#[macro_export]
macro_rules! info {
    ($($message:tt)*) => { $crate::log::log($crate::log::Level::Info, format_args!($($message)*)) };
}

/// Logs what is wrong while the app goes on.
#[macro_export]
macro_rules! warn {
    ($($message:tt)*) => { $crate::log::log($crate::log::Level::Warn, format_args!($($message)*)) };
}

/// Logs what failed.
#[macro_export]
macro_rules! error {
    ($($message:tt)*) => { $crate::log::log($crate::log::Level::Error, format_args!($($message)*)) };
}
