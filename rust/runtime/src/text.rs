//! Texts of apps where they are shown. `src/core/text.c` does the same on boards.

/// Whether a terminal just shows a character, and does not obey it, or turn what follows around.
pub fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character is not to be shown, for `str::replace`.
pub fn is_hidden(character: char) -> bool {
    !is_shown(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_of_unicode_are_not_shown() {
        for hidden in "\0\t\n\r\u{1b}\u{7f}\u{80}\u{90}\u{9b}\u{9d}\u{9f}\u{61c}\u{200e}\u{200f}\u{2028}\u{202a}\u{202e}\u{2066}\u{2069}".chars() {
            assert!(is_hidden(hidden), "{hidden:?}");
        }
        for shown in " az~\u{a0}äß€\u{2010}\u{2030}\u{206a}日😀".chars() {
            assert!(is_shown(shown), "{shown:?}");
        }
    }
}
