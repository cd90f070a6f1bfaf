//! `zephyr-wasm explain`: where in its source an app was as it ended.

use crate::lines::Lines;
use crate::module;
use crate::text::console;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Says in which function and line an app was, from the place that a board told as it ended ("trapped: ... at 0x4d2"). The
/// app has to be packed with --trace.
#[derive(Args)]
pub struct Explain {
    /// The module that was packed, as its compiler made it: with line tables (-g), or at least names.
    module: PathBuf,
    /// Places in it.
    #[arg(required_unless_present = "log", value_parser = place)]
    places: Vec<u32>,
    /// A board's console (- for the standard input): it is copied with its colours, and what stands in it explained.
    #[arg(long)]
    log: Option<PathBuf>,
}

impl Explain {
    pub fn execute(&self) -> Result<ExitCode> {
        let lines = lines_of(&self.module)?;
        for place in &self.places {
            let Some(text) = lines.described(*place) else {
                bail!(
                    "{}: has no code at {place:#x}; is it the file that was packed?",
                    self.module.display()
                );
            };
            say!("{place:#x}:\n{text}");
        }
        if let Some(log) = &self.log {
            let input: Box<dyn Read> = if log == Path::new("-") {
                Box::new(std::io::stdin())
            } else {
                Box::new(std::fs::File::open(log).with_context(|| format!("cannot read {}", log.display()))?)
            };
            copy(BufReader::new(input), &lines, &mut std::io::stdout().lock())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What a module tells of its sources.
///
/// # Errors
/// If it cannot be read.
pub fn lines_of(path: &Path) -> Result<Lines> {
    Ok(Lines::of(&module::read(path)?.core))
}

/// The longest line in bytes: what goes on is another one.
const LONGEST_LINE: u64 = 1 << 20;

/// Copies a console, with what its places mean behind them.
pub fn copy(mut log: impl BufRead, lines: &Lines, out: &mut impl std::io::Write) -> Result<()> {
    let mut read = Vec::new();
    while log.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut read)? > 0 {
        let line = String::from_utf8_lossy(read.strip_suffix(b"\n").unwrap_or(&read));
        writeln!(out, "{}", console(&line))?;
        let place = place_in(&line);
        if let Some(text) = place.and_then(|place| lines.described(place)) {
            writeln!(out, "{text}")?;
        }
        out.flush()?;
        read.clear();
    }
    Ok(())
}

/// The place that an end tells, with what a terminal shows as colours behind it.
fn place_in(line: &str) -> Option<u32> {
    // What an app says of its panic comes behind it.
    let line = line.split_once("; panicked").map_or(line, |(end, _)| end);
    let (_, rest) = line.rsplit_once(" at 0x")?;
    let digits = rest.split(|character: char| !character.is_ascii_hexdigit()).next()?;
    u32::from_str_radix(digits, 16).ok()
}

fn place(text: &str) -> Result<u32, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| format!("{text} is no place such as 0x4d2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_a_console() {
        let line = "[00:00:01.000] \x1b[1;31m<err> zephyr_wasm: app: trapped: unreachable at 0x4d2\x1b[0m\r";
        assert_eq!(place_in(line), Some(0x4d2));
        assert_eq!(place_in("app: trapped: unreachable at 0x4d2; panicked: at 0x10"), Some(0x4d2));
        assert_eq!(place_in("looks at 0 things"), None);
        assert_eq!(place("0x10"), Ok(16));
        assert_eq!(place("16"), Ok(16));
        assert!(place("x").is_err());
    }

    #[test]
    fn a_place_has_a_function_and_a_line() {
        let source = "(module\n  (func $other)\n  (func $broken\n    nop\n    unreachable))";
        let mut parser = wat::Parser::new();
        let bytes = parser
            .generate_dwarf(wat::GenerateDwarf::Lines)
            .parse_bytes(Some(Path::new("app.wat")), source.as_bytes());
        let bytes = bytes.unwrap();
        let lines = Lines::of(&bytes);
        let place = bytes.windows(3).position(|window| window == [0x01, 0x00, 0x0b]).unwrap() + 1;
        let text = lines.described(place as u32).unwrap();
        assert!(text.contains("broken") && text.contains("app.wat:5"), "{text}");
        assert!(lines.described(0).is_none());
    }

    #[test]
    fn a_second_code_section_is_no_crash() {
        let mut parser = wat::Parser::new();
        let source = b"(module (func unreachable))";
        let mut bytes =
            parser.generate_dwarf(wat::GenerateDwarf::Lines).parse_bytes(None, source).unwrap().into_owned();
        // Of one function of two instructions, as it is in the module.
        let section = [10, 5, 1, 3, 0, 0, 11];
        let first = bytes.windows(section.len()).position(|window| window == section).unwrap();
        bytes.extend(section);
        let lines = Lines::of(&bytes);
        assert!(lines.has_lines());
        assert!(lines.described(first as u32 + 6).is_some());
    }

    #[test]
    fn names_will_do() {
        let bytes = wat::parse_str("(module (func $broken unreachable))").unwrap();
        let place = bytes.windows(2).position(|window| window == [0x00, 0x0b]).unwrap();
        let text = Lines::of(&bytes).described(place as u32).unwrap();
        assert!(text.starts_with("    broken (no line tables"), "{text}");
    }
}
