//! The live table of `zephyr-wasm run --watch`: which apps run, and what they last did.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::time::{Duration, Instant};
use zephyr_wasm_platform_host::activity;

/// How often the table is drawn on a terminal, and how often it is printed elsewhere.
const REDRAW: Duration = Duration::from_millis(250);
const REPRINT: Duration = Duration::from_secs(2);

/// Draws the table as time goes on.
pub struct Watch {
    start: Instant,
    last: Option<Instant>,
    /// The lines that the terminal shows of it, which the next drawing goes over.
    shown: usize,
}

impl Watch {
    pub fn new() -> Self {
        Watch { start: Instant::now(), last: None, shown: 0 }
    }

    /// Draws it if it is time, or if it is the last time.
    pub fn draw(&mut self, running: Vec<String>, last: bool) {
        let on_terminal = std::io::stdout().is_terminal();
        let interval = if on_terminal { REDRAW } else { REPRINT };
        if !last && self.last.is_some_and(|last| last.elapsed() < interval) {
            return;
        }
        self.last = Some(Instant::now());
        let table = table(self.start.elapsed(), &running, &activity());
        let mut out = std::io::stdout().lock();
        if on_terminal && self.shown > 0 {
            // Up to the old table's first line, and clear from there.
            let _ = write!(out, "\x1b[{}F\x1b[J", self.shown);
        }
        self.shown = table.lines().count();
        let _ = out.write_all(table.as_bytes());
        let _ = out.flush();
    }
}

fn table(time: Duration, running: &[String], activity: &[(String, String, u64, String)]) -> String {
    let mut text = format!("-- {}.{:01} s --\n", time.as_secs(), time.subsec_millis() / 100);
    let mut names: Vec<&str> = running.iter().map(String::as_str).collect();
    names.extend(activity.iter().map(|(app, ..)| app.as_str()));
    names.sort_unstable();
    names.dedup();
    for name in names {
        let state = if running.iter().any(|app| app == name) { "running" } else { "ended" };
        let _ = writeln!(text, "{name:<16} {state}");
        for (_, what, count, value) in activity.iter().filter(|(app, ..)| app == name) {
            let _ = writeln!(text, "  {what:<30} {count:>6} x  {value}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_apps_and_what_they_did() {
        let did = [("b".into(), "published x".into(), 3, "21".into())];
        let text = table(Duration::from_millis(1530), &["a".into()], &did);
        assert_eq!(
            text,
            "-- 1.5 s --\na                running\nb                ended\n  published x                         3 x  21\n"
        );
    }
}
