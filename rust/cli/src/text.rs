//! What boards and files of others say, on the terminal of whoever reads it: there, it is no command.

use zephyr_wasm_runtime::text::is_hidden;

/// A text as it is shown.
pub fn shown(text: &str) -> String {
    text.replace(|character| !matches!(character, '\n' | '\t') && is_hidden(character), "?")
}

/// A line of a board's console as it is shown: its colours stay, and nothing else that a terminal obeys. A program may
/// have written it.
pub fn console(line: &str) -> String {
    let (mut rest, end) = line.strip_suffix('\r').map_or((line, ""), |rest| (rest, "\r"));
    let mut text = String::new();
    while let Some(at) = rest.find(ESCAPE) {
        text += &shown(&rest[..at]);
        let (command, length) = command(&rest[at..]);
        // With a `?`, it is a question, which a terminal answers.
        text += if command.ends_with('m') && !command.contains('?') { command } else { "" };
        rest = &rest[at + length..];
    }
    text + &shown(rest) + end
}

const ESCAPE: char = '\u{1b}';

/// The command to a terminal that a text begins with, as `ESC [ 1 ; 31 m`, and how long it is; of what is none, nothing is
/// one, and it is the escape.
fn command(text: &str) -> (&str, usize) {
    let is_parameter = |c: char| c.is_ascii_digit() || c == ';' || c == '?';
    let begin = "\u{1b}[";
    let length = text.strip_prefix(begin).and_then(|rest| {
        let end = rest.find(|c: char| !is_parameter(c))?;
        rest[end..].starts_with(|c: char| c.is_ascii_alphabetic()).then_some(begin.len() + end + 1)
    });
    length.map_or(("", ESCAPE.len_utf8()), |length| (&text[..length], length))
}

/// Bytes as they come, of which a character may come in two pieces.
#[derive(Default)]
pub struct Stream {
    begun: Vec<u8>,
}

impl Stream {
    /// What can be shown so far.
    pub fn shown(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let end = match std::str::from_utf8(&self.begun) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.begun.len(),
        };
        let rest = self.begun.split_off(end);
        let text = shown(&String::from_utf8_lossy(&self.begun));
        self.begun = rest;
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_not_shown() {
        assert_eq!(shown("a\x1b[2Jb\u{9b}c\u{202e}d\r\n\te"), "a?[2Jb?c?d?\n\te");
        assert_eq!(shown("gr\u{fc}n"), "gr\u{fc}n");
    }

    #[test]
    fn a_console_keeps_its_colours() {
        assert_eq!(
            console("uart:~$ \x1b[8D\x1b[J\x1b[1;31m<err> app\x1b[0m\r"),
            "uart:~$ \x1b[1;31m<err> app\x1b[0m\r"
        );
        assert_eq!(console("a\x1b[2Jb\x1b]0;title\x07c\x1b[?25ld\u{9b}2Je\x1b"), "ab]0;title?cd?2Je");
        assert_eq!(console("a\rb\tc\x1b[\x1b[m\x1b[1"), "a?b\tc[\x1b[m[1");
    }

    #[test]
    fn a_character_may_come_in_two_pieces() {
        let mut stream = Stream::default();
        assert_eq!(stream.shown(b"gr\xc3"), "gr");
        assert_eq!(stream.shown(b"\xbcn\xc2"), "\u{fc}n");
        assert_eq!(stream.shown(b"\x9b2J\xff."), "?2J\u{fffd}.");
    }
}
