//! What the tool prints on its standard output.

use std::fmt::Arguments;
use std::io::Write;

/// Prints a line as `println!` does, and ends the tool in words where that cannot be, as on a full disk.
macro_rules! say {
    ($($arguments:tt)*) => { $crate::say::line(format_args!($($arguments)*)) };
}

/// Prints a line.
pub fn line(text: Arguments<'_>) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
        eprintln!("zephyr-wasm: cannot write to the standard output: {error}");
        std::process::exit(1);
    }
}
