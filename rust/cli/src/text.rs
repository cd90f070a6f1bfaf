//! What boards and files of others say, on the terminal of whoever reads it: there, it is no command.

use zephyr_wasm_runtime::text::is_hidden;

/// A text as it is shown.
pub fn shown(text: &str) -> String {
    text.replace(|character| !matches!(character, '\n' | '\t') && is_hidden(character), "?")
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
    fn a_character_may_come_in_two_pieces() {
        let mut stream = Stream::default();
        assert_eq!(stream.shown(b"gr\xc3"), "gr");
        assert_eq!(stream.shown(b"\xbcn\xc2"), "\u{fc}n");
        assert_eq!(stream.shown(b"\x9b2J\xff."), "?2J\u{fffd}.");
    }
}
