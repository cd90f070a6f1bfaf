//! What a request asks for, of a server that has resources of apps: the options of RFC 7252, 5.10, RFC 7641 and RFC 7959.

use super::LONGEST_PATH;
use super::packet::{Block, Message, code, number, option};

/// The path that tells what there is: RFC 6690.
pub(super) const WELL_KNOWN: &[u8] = b".well-known/core";

/// A path, its segments with a slash between two.
#[repr(C)]
#[derive(Clone)]
pub struct Path {
    bytes: [u8; LONGEST_PATH],
    length: u8,
}

impl Default for Path {
    fn default() -> Self {
        Path { bytes: [0; LONGEST_PATH], length: 0 }
    }
}

impl Path {
    /// The path that is written so, if it is not too long.
    pub fn of(text: &[u8]) -> Option<Self> {
        let mut path = Path::default();
        path.add(text).then_some(path)
    }

    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// None there is.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether this is the other, or below it.
    pub fn is_in(&self, other: &Path) -> bool {
        match self.bytes().strip_prefix(other.bytes()) {
            Some(rest) => !other.is_empty() && matches!(rest, [] | [b'/', ..]),
            None => false,
        }
    }

    fn add(&mut self, text: &[u8]) -> bool {
        let start = usize::from(self.length);
        match self.bytes.get_mut(start..start + text.len()) {
            Some(room) => {
                room.copy_from_slice(text);
                self.length += text.len() as u8;
                true
            }
            None => false,
        }
    }
}

/// What is asked.
#[derive(Default)]
pub struct Asked {
    /// Of what; none if no app can serve that: it is longer than any, or not a text that a path can have.
    pub path: Option<Path>,
    /// The part of the request's body that comes with it.
    pub block1: Option<Block>,
    /// The part of the answer's body that is wanted.
    pub block2: Option<Block>,
    /// How long the request's body is in all.
    pub size1: u32,
    /// 0 to be told of changes, 1 to be no more.
    pub observe: Option<u32>,
    /// Only if there is what it is about.
    pub if_match: bool,
    /// Only if that has one of some tags.
    pub if_tag: bool,
    /// Only if there is nothing.
    pub if_none_match: bool,
}

impl Asked {
    /// Reads it.
    ///
    /// # Errors
    /// What is not understood and has to be, or makes no sense: the code to answer.
    pub fn of(message: &Message<'_>) -> Result<Self, u8> {
        let mut asked = Asked { path: Some(Path::default()), ..Asked::default() };
        let (mut last, mut is_first) = (0, true);
        for (number, value) in message.options() {
            let again = number == last;
            last = number;
            // RFC 7252, 5.4.5: more than there may be is not understood, nor is (5.4.3) what is longer or shorter.
            if !asked.take(number, value, again, &mut is_first)? && number % 2 == 1 {
                return Err(code::BAD_OPTION);
            }
        }
        Ok(asked)
    }

    /// Whether an option is understood.
    fn take(&mut self, at: u16, value: &[u8], again: bool, is_first: &mut bool) -> Result<bool, u8> {
        let length = value.len();
        let block = || Block::of(number(value).unwrap_or(u32::MAX)).ok_or(code::BAD_REQUEST);
        match at {
            option::IF_MATCH if length == 0 => self.if_match = true,
            option::IF_MATCH if length <= 8 => self.if_tag = true,
            option::IF_NONE_MATCH if length == 0 && !again => self.if_none_match = true,
            option::URI_HOST if (1..=255).contains(&length) && !again => {}
            option::URI_PORT | option::ACCEPT if length <= 2 && !again => {}
            option::URI_QUERY if length <= 255 => {}
            option::URI_PATH if length <= 255 => {
                self.enter(value, *is_first);
                *is_first = false;
            }
            option::OBSERVE if length <= 3 && !again => self.observe = number(value),
            option::BLOCK1 if length <= 3 && !again => self.block1 = Some(block()?),
            option::BLOCK2 if length <= 3 && !again => self.block2 = Some(block()?),
            option::SIZE1 if length <= 4 && !again => self.size1 = number(value).unwrap_or(0),
            option::PROXY_URI | option::PROXY_SCHEME => return Err(code::PROXYING),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// One segment deeper.
    fn enter(&mut self, segment: &[u8], is_first: bool) {
        // RFC 7252, 5.10.1: no dots that mean another segment; and a slash in one is none between two.
        let is_good = !matches!(segment, b"." | b"..")
            && !segment.iter().any(|byte| matches!(byte, 0 | b'/'))
            && str::from_utf8(segment).is_ok();
        self.path = self.path.take().filter(|_| is_good).and_then(|mut path| {
            let fits = (is_first || path.add(b"/")) && path.add(segment);
            fits.then_some(path)
        });
    }

    /// Whether what it wants to be so is so, as far as can be known: what an app serves is there, what is below that may
    /// not be, and nothing has a tag.
    pub fn is_met(&self, is_served: bool) -> bool {
        let unconditional = !self.if_match && !self.if_tag;
        !self.if_none_match && (unconditional || self.if_match && is_served)
    }
}
