//! `wasi:logging` on the standard output.

use crate::platform::Desk;
use crate::{clocks, current};
use std::io::Write;
use zephyr_wasm_api::log::{Level, Log};
use zephyr_wasm_runtime::text::is_hidden;

/// Writes one line as the firmware's log does: when, how severe, who, what.
pub fn log_line(level: &str, name: &str, message: &str) {
    let time = clocks::start().elapsed();
    let mut out = std::io::stdout().lock();
    // Nobody is left to tell if the output is gone.
    let _ = writeln!(out, "[{:5}.{:03}] <{level}> {name}: {message}", time.as_secs(), time.subsec_millis());
    let _ = out.flush();
}

fn abbreviation(level: Level) -> &'static str {
    match level {
        Level::Trace | Level::Debug => "dbg",
        Level::Info => "inf",
        Level::Warn => "wrn",
        Level::Error | Level::Critical => "err",
    }
}

impl Log for Desk {
    fn log(&self, level: Level, context: &str, message: &str) {
        current::outside(|app| {
            let separator = if context.is_empty() { "" } else { ": " };
            // An app writes lines of its own, and no commands to whoever reads them.
            let line = format!("{context}{separator}{message}").replace(is_hidden, "?");
            log_line(abbreviation(level), &app.name, &line);
        });
    }
}
