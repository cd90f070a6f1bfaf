//! Sentences, piece by piece.

use core::fmt;

/// A piece of a sentence: firmware writes sentences without `core::fmt`, which is large.
pub enum Word<'a> {
    /// As it is.
    Text(&'a str),
    /// In decimal.
    Number(u32),
}

/// Writes a sentence where there is `core::fmt`.
pub(crate) fn written(
    f: &mut fmt::Formatter<'_>,
    describe: impl FnOnce(&mut dyn FnMut(Word<'_>)),
) -> fmt::Result {
    let mut result = Ok(());
    describe(&mut |word| {
        result = result.and_then(|()| match word {
            Word::Text(text) => f.write_str(text),
            Word::Number(number) => write!(f, "{number}"),
        });
    });
    result
}
