//! Log macros. A plain text costs no formatting code; a format string brings `core::fmt`.

use crate::bindings::wasi::logging::logging;
use core::fmt::{Arguments, Write};

pub use logging::Level;

/// The longest formatted message in bytes; the rest is cut off.
const LONGEST: usize = 96;

/// A line to log, put together without formatting code: an app that logs numbers by this is several kilobytes smaller
/// than one that does by the macros' `{}`. What does not fit is cut off.
///
/// ```ignore
/// Line::new().number(21).text(" C").info();
/// ```
pub struct Line {
    bytes: [u8; LONGEST],
    used: usize,
}

impl Line {
    /// An empty line.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Line { bytes: [0; LONGEST], used: 0 }
    }

    /// Appends a text.
    pub fn text(mut self, text: &str) -> Self {
        let mut end = text.len().min(LONGEST - self.used);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        for byte in &text.as_bytes()[..end] {
            self.push(*byte);
        }
        self
    }

    /// Appends a whole number.
    pub fn number(mut self, number: i64) -> Self {
        if number < 0 {
            self.push(b'-');
        }
        self.digits(number.unsigned_abs());
        self
    }

    /// Appends a number of millionths with so many decimals, cut and not rounded: 21_500_000 is 21.5 with 1.
    pub fn micro(mut self, micro: i64, decimals: u32) -> Self {
        if micro < 0 {
            self.push(b'-');
        }
        let micro = micro.unsigned_abs();
        self.digits(micro / 1_000_000);
        let mut rest = micro % 1_000_000;
        for decimal in 0..decimals.min(6) {
            if decimal == 0 {
                self.push(b'.');
            }
            rest *= 10;
            self.push(b'0' + (rest / 1_000_000) as u8);
            rest %= 1_000_000;
        }
        self
    }

    /// Logs it as what an operator may want to know.
    pub fn info(self) {
        self.log(Level::Info);
    }

    /// Logs it as what is wrong while the app goes on.
    pub fn warn(self) {
        self.log(Level::Warn);
    }

    /// The text so far.
    pub fn as_str(&self) -> &str {
        // SAFETY: only whole characters were appended.
        unsafe { core::str::from_utf8_unchecked(self.bytes.get_unchecked(..self.used)) }
    }

    fn log(self, level: Level) {
        logging::log(level, "", self.as_str());
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.used) {
            *place = byte;
            self.used += 1;
        }
    }

    fn digits(&mut self, mut number: u64) {
        let mut divisor = 1;
        while number / divisor >= 10 {
            divisor *= 10;
        }
        while divisor > 0 {
            self.push(b'0' + (number / divisor) as u8);
            number %= divisor;
            divisor /= 10;
        }
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        *self = core::mem::replace(self, Line::new()).text(text);
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
    let mut line = Line::new();
    // `write_str` does not fail, and cuts between characters.
    let _ = line.write_fmt(message);
    line.log(level);
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
