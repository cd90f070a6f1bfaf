//! Names of functions as C takes them.

/// The longest part of a name that comes from a module.
const LONGEST: usize = 48;

/// Whether this is a name in C.
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// What a function is called: its number, which no other has, and what is left of its name. Between them are two `_`, as
/// functions 32 and 64 could be `f32_min` and `f64_of` of operations.h otherwise.
pub fn function(prefix: &str, index: usize, name: Option<&str>) -> String {
    let mut text = format!("{prefix}f{index}");
    let name = name.unwrap_or_default();
    if !name.is_empty() {
        text.push_str("__");
    }
    for character in name.chars().take(LONGEST) {
        text.push(if character.is_ascii_alphanumeric() { character } else { '_' });
    }
    text
}

/// A name in a comment: no line ends in it, nor does the comment.
pub fn comment(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        let is_shown = character.is_ascii_graphic() || character == ' ';
        let shown = if is_shown && character != '\\' && character != '?' { character } else { '.' };
        if matches!((text.chars().last(), shown), (Some('*'), '/') | (Some('/'), '*')) {
            text.push(' ');
        }
        text.push(shown);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_in_c() {
        assert_eq!(function("", 12, Some("core::fmt::write")), "f12__core__fmt__write");
        assert_eq!(function("a_", 3, None), "a_f3");
        assert!(is_identifier(&function("", 1, Some("\u{e4}*/\n"))));
        assert_eq!(function("", 1, Some(&"x".repeat(500))).len(), LONGEST + 4);
    }

    #[test]
    fn names_are_none_of_ours() {
        const OPERATIONS: &str = include_str!("operations.h");
        for name in ["min", "of", "bits", "sqrt", "quiet"] {
            assert!(OPERATIONS.contains(&format!("f32_{name}(")), "{name}");
            assert!(!OPERATIONS.contains(&function("", 32, Some(name))), "{name}");
        }
    }

    #[test]
    fn comments_do_not_end_early() {
        assert_eq!(comment("a*/b/*c\\\n??/"), "a* /b/ *c..../");
    }
}
