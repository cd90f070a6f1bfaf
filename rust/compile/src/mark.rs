//! Marks of where lines of C come from, and what becomes of them: `#line`, by which debuggers show the source of a module.

use std::fmt::Write;

const BEGIN: &str = "/* @";
const END: &str = " */";

/// The line before one that comes from this place of a module's file; 0 for one that comes of no place.
#[must_use]
pub fn mark(place: u64) -> String {
    format!("{BEGIN}{place:#x}{END}")
}

/// The place that a line marks.
fn marked(line: &str) -> Option<u64> {
    u64::from_str_radix(line.strip_prefix(BEGIN)?.strip_suffix(END)?.strip_prefix("0x")?, 16).ok()
}

/// A file of C with the lines of a source in place of the marks: `line_of` says which file and line a place comes from. What
/// comes from none has its line in the file itself, `path`.
#[must_use]
pub fn with_lines(c: &str, path: &str, line_of: impl Fn(u64) -> Option<(String, u32)>) -> String {
    let mut text = String::with_capacity(c.len());
    for (index, line) in c.lines().enumerate() {
        let Some(place) = marked(line) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let found = if place == 0 { None } else { line_of(place) };
        // That of the line behind this one, where lines count from 1.
        let (file, number) = found.unwrap_or_else(|| (path.to_owned(), index as u32 + 2));
        let _ = writeln!(text, "#line {} {}", number.clamp(1, i32::MAX as u32), quoted(&file));
    }
    text
}

/// A file's name in C. It is of a module, which may be anybody's: nothing ends the line or the text early.
fn quoted(name: &str) -> String {
    let mut text = String::from('"');
    for character in name.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            _ if character.is_control() => text.push('.'),
            _ => text.push(character),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_lines() {
        let c = format!("head\n{}\none\n{}\ntwo\n{}\nthree\n", mark(0x20), mark(0x21), mark(0));
        let lines = with_lines(&c, "app.c", |place| (place == 0x20).then(|| ("a \"b\\\n.rs".to_owned(), 7)));
        assert_eq!(
            lines,
            "head\n#line 7 \"a \\\"b\\\\..rs\"\none\n#line 5 \"app.c\"\ntwo\n#line 7 \"app.c\"\nthree\n"
        );
    }
}
