//! `wasi:logging` on the standard output.

use crate::platform::HostPlatform;
use crate::wait::wait_for_room;
use crate::world::world;
use crate::{current, time};
use std::io::Write;
use zephyr_wasm_api::log::{Device, Level};
use zephyr_wasm_runtime::text::is_hidden;

/// Writes one line as the firmware's log does: when, how severe, who, what.
pub fn log_line(level: &str, name: &str, message: &str) {
    let time = time::start().elapsed();
    let mut out = std::io::stdout().lock();
    // Nobody is left to tell if the output is gone.
    let _ = writeln!(out, "[{:5}.{:03}] <{level}> {name}: {message}", time.as_secs(), time.subsec_millis());
    let _ = out.flush();
}

/// A level as it is written, and as Kconfig counts them.
fn level_of(level: Level) -> (&'static str, usize) {
    match level {
        Level::Trace | Level::Debug => ("dbg", 4),
        Level::Info => ("inf", 3),
        Level::Warn => ("wrn", 2),
        Level::Error | Level::Critical => ("err", 1),
    }
}

/// The first bytes of a line that a board has no room for the whole of.
fn cut(line: &str, most: usize) -> &str {
    let most = most.min(line.len());
    let end = (0..=most).rev().find(|end| line.is_char_boundary(*end)).unwrap_or(0);
    &line[..end]
}

impl Device for HostPlatform {
    fn log(&self, level: Level, context: &str, message: &str) {
        current::outside(|app| {
            let separator = if context.is_empty() { "" } else { ": " };
            let line = format!("{context}{separator}{message}");
            // An app writes lines of its own, and no commands to whoever reads them.
            let line = cut(&line, world().configured.log_message).replace(is_hidden, "?");
            let (name, number) = level_of(level);
            if number <= world().configured.log_level && wait_for_room(app, 1) {
                log_line(name, &app.name, &line);
            }
        });
    }
}
