//! Reads the sections of a file. The file may be anybody's.

use crate::word::{Word, written};
use crate::{
    ALIGNMENT, Code, Digest, FORMAT, HEADER, Header, Info, LONGEST_NAME, PLACES, SECTION, SPEED, Target,
    UNALIGNED,
};
use core::fmt;
use hmac_sha256::Hash;
use zephyr_wasm_manifest::section::length;

/// A module's magic number and version.
const MODULE: usize = 8;
const CUSTOM: u8 = 0;
const SIGNATURE: &[u8] = b"signature";

/// Why a section of code cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It ends too early, or has what its format does not say.
    Content,
    /// It is of another version of the format, which it says.
    Format(u16),
    /// It is for a target that is not known here.
    Target(u16),
}

impl Malformed {
    /// Says it, of a file whose name comes before.
    pub fn describe(&self, mut say: impl FnMut(Word<'_>)) {
        say(Word::Text("has a section "));
        say(Word::Text(SECTION));
        match self {
            Malformed::Content => say(Word::Text(" that cannot be read")),
            Malformed::Format(other) => {
                say(Word::Text(" of format "));
                say(Word::Number((*other).into()));
                say(Word::Text(", and the one known here is "));
                say(Word::Number(FORMAT.into()));
            }
            Malformed::Target(number) => {
                say(Word::Text(" for target "));
                say(Word::Number((*number).into()));
                say(Word::Text(", which is not known here"));
            }
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, |say| self.describe(say))
    }
}

/// A section of a file.
#[derive(Clone, Copy)]
pub(crate) struct Section<'a> {
    /// From its number to its end.
    pub whole: &'a [u8],
    /// Of a custom section, its name and what is behind it.
    pub named: Option<(&'a [u8], &'a [u8])>,
}

impl Section<'_> {
    pub fn is_code(&self) -> bool {
        self.named.is_some_and(|(name, _)| name == SECTION.as_bytes())
    }

    pub fn is_signature(&self) -> bool {
        self.named.is_some_and(|(name, _)| name == SIGNATURE)
    }
}

/// The sections of a module, as far as they can be read.
pub(crate) fn sections(file: &[u8]) -> impl Iterator<Item = Section<'_>> {
    let mut rest = file.get(MODULE..).unwrap_or_default();
    core::iter::from_fn(move || {
        let (&id, after_id) = rest.split_first()?;
        let (size, body) = length(after_id)?;
        let (body, behind) = body.split_at_checked(size)?;
        let whole = &rest[..rest.len() - behind.len()];
        rest = behind;
        let named = (id == CUSTOM).then(|| {
            let (size, named) = length(body)?;
            named.split_at_checked(size)
        });
        Some(Section { whole, named: named.flatten() })
    })
}

/// The code of a file, in the order of its sections.
pub fn codes(file: &[u8]) -> impl Iterator<Item = Result<Code<'_>, Malformed>> {
    let mut offset = MODULE;
    sections(file).filter_map(move |section| {
        let end = offset + section.whole.len();
        offset = end;
        let (_, content) = section.named.filter(|_| section.is_code())?;
        Some(read(content, end - content.len()))
    })
}

/// Reads what is behind a section's name, which is at `offset` in its file.
fn read(content: &[u8], offset: usize) -> Result<Code<'_>, Malformed> {
    let (&count, padded) = content.split_first().ok_or(Malformed::Content)?;
    let (padding, rest) = padded.split_at_checked(usize::from(count)).ok_or(Malformed::Content)?;
    let (header, rest) = rest.split_first_chunk::<HEADER>().ok_or(Malformed::Content)?;
    let short = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let word = |at: usize| u32::from(short(at)) | u32::from(short(at + 2)) << 16;
    if short(0) != FORMAT {
        return Err(Malformed::Format(short(0)));
    }
    let target = Target::of_number(short(2)).ok_or(Malformed::Target(short(2)))?;
    let (flags, size) = (word(4), word(8) as usize);
    let known = if target.is_arm() { SPEED | PLACES } else { SPEED | PLACES | UNALIGNED };
    let is_known = flags & !known == 0 && word(20) == 0;
    let is_padding = usize::from(count) < 2 * ALIGNMENT && padding.iter().all(|byte| *byte == 0);
    // Behind the properties, there is a function at least.
    let is_whole = size > Info::SIZE && size.is_multiple_of(ALIGNMENT);
    if !is_known || !is_padding || !is_whole {
        return Err(Malformed::Content);
    }
    let (bytes, compiler) = rest.split_at_checked(size).ok_or(Malformed::Content)?;
    let compiler = name(compiler).ok_or(Malformed::Content)?;
    let offset = offset + 1 + padding.len() + HEADER;
    let mut digest = Digest::default();
    digest.copy_from_slice(&header[24..]);
    let header = Header {
        target,
        speed: flags & SPEED != 0,
        unaligned: flags & UNALIGNED != 0,
        places: flags & PLACES != 0,
        frame: word(12),
        largest_table: word(16),
        digest,
    };
    Ok(Code { header, bytes, offset, compiler })
}

/// What a compiler calls itself: bytes that nobody has to look at are not to be anything else.
fn name(bytes: &[u8]) -> Option<&str> {
    let is_text = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    if bytes.len() > LONGEST_NAME || !is_text {
        return None;
    }
    core::str::from_utf8(bytes).ok()
}

/// The SHA-256 of all sections of a file but those of code and of signatures: code that was made of another app has
/// another one in its header.
#[must_use]
pub fn digest(file: &[u8]) -> Digest {
    let mut hash = Hash::new();
    for section in sections(file).filter(|section| !section.is_code() && !section.is_signature()) {
        hash.update(section.whole);
    }
    hash.finalize()
}
