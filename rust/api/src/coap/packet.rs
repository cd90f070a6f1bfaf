//! Messages of CoAP: RFC 7252, 3, and the blocks of RFC 7959. Nothing of what is read is believed.

/// Options that are known here.
pub mod option {
    #![allow(missing_docs)]
    pub const IF_MATCH: u16 = 1;
    pub const URI_HOST: u16 = 3;
    pub const ETAG: u16 = 4;
    pub const IF_NONE_MATCH: u16 = 5;
    pub const OBSERVE: u16 = 6;
    pub const URI_PORT: u16 = 7;
    pub const URI_PATH: u16 = 11;
    pub const CONTENT_FORMAT: u16 = 12;
    pub const URI_QUERY: u16 = 15;
    pub const ACCEPT: u16 = 17;
    pub const BLOCK2: u16 = 23;
    pub const BLOCK1: u16 = 27;
    pub const SIZE2: u16 = 28;
    pub const PROXY_URI: u16 = 35;
    pub const PROXY_SCHEME: u16 = 39;
    pub const SIZE1: u16 = 60;
}

/// Codes, as they are in a message: a class of 3 bits, and a detail of 5.
pub mod code {
    #![allow(missing_docs)]
    pub const EMPTY: u8 = 0;
    pub const GET: u8 = 1;
    pub const DELETE: u8 = 4;
    pub const CONTENT: u8 = 0x45;
    pub const CONTINUE: u8 = 0x5f;
    pub const BAD_REQUEST: u8 = 0x80;
    pub const BAD_OPTION: u8 = 0x82;
    pub const NOT_FOUND: u8 = 0x84;
    pub const METHOD_NOT_ALLOWED: u8 = 0x85;
    pub const INCOMPLETE: u8 = 0x88;
    pub const PRECONDITION_FAILED: u8 = 0x8c;
    pub const TOO_LARGE: u8 = 0x8d;
    pub const UNAVAILABLE: u8 = 0xa3;
    pub const PROXYING: u8 = 0xa5;

    /// The code that is written as 205, if there can be one: of a response, which has a class from 2 to 5.
    pub fn of_response(written: u16) -> Option<u8> {
        let (class, detail) = (written / 100, written % 100);
        ((2..=5).contains(&class) && detail < 32).then_some(((class << 5) | detail) as u8)
    }

    /// 205 for 2.05.
    pub fn written(code: u8) -> u16 {
        u16::from(code >> 5) * 100 + u16::from(code & 31)
    }
}

/// The most that is written before a payload: the header, a token, the longest path with what comes before each of its
/// segments, and other options.
pub const HEAD: usize = 4 + 8 + super::LONGEST_PATH + 8 + 32;
const MARKER: u8 = 0xff;

/// What a message wants of its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Type {
    /// An acknowledgement.
    Confirmable,
    /// Nothing.
    NonConfirmable,
    /// It is one.
    Acknowledgement,
    /// It refuses a message.
    Reset,
}

/// A message that was received.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// What it wants.
    pub kind: Type,
    /// Its code.
    pub code: u8,
    /// Its number.
    pub id: u16,
    /// At most 8 bytes.
    pub token: &'a [u8],
    options: &'a [u8],
    /// What it says.
    pub payload: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// What is no message: its number if it wants to hear that, or nothing if it is to be ignored.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Option<u16>> {
        let &[first, code, high, low, ref rest @ ..] = bytes else { return Err(None) };
        if first >> 6 != 1 {
            return Err(None);
        }
        let id = u16::from_be_bytes([high, low]);
        let kind = match (first >> 4) & 3 {
            0 => Type::Confirmable,
            1 => Type::NonConfirmable,
            2 => Type::Acknowledgement,
            _ => Type::Reset,
        };
        let message = Self::after(kind, code, id, usize::from(first & 15), rest);
        message.ok_or((kind == Type::Confirmable).then_some(id))
    }

    fn after(kind: Type, code: u8, id: u16, token: usize, rest: &'a [u8]) -> Option<Self> {
        let (token, options) = rest.split_at_checked(token).filter(|(token, _)| token.len() <= 8)?;
        if code == code::EMPTY && !rest.is_empty() {
            return None;
        }
        let (mut at, mut number) = (options, 0);
        loop {
            match step(at, number)? {
                Step::Option(found, _, rest) => (number, at) = (found, rest),
                Step::Payload(payload) => {
                    return Some(Message { kind, code, id, token, options, payload });
                }
                Step::End => return Some(Message { kind, code, id, token, options, payload: &[] }),
            }
        }
    }

    /// Its options by their numbers, which ascend.
    pub fn options(&self) -> impl Iterator<Item = (u16, &'a [u8])> + use<'a> {
        let (mut at, mut number) = (self.options, 0);
        core::iter::from_fn(move || match step(at, number) {
            Some(Step::Option(found, value, rest)) => {
                (number, at) = (found, rest);
                Some((found, value))
            }
            _ => None,
        })
    }

    /// Whether it asks for something.
    pub fn is_request(&self) -> bool {
        self.code != code::EMPTY && self.code >> 5 == 0
    }

    /// Whether it answers something.
    pub fn is_response(&self) -> bool {
        matches!(self.code >> 5, 2..=5)
    }
}

enum Step<'a> {
    Option(u16, &'a [u8], &'a [u8]),
    Payload(&'a [u8]),
    End,
}

/// The next option after one of that number; none if this is malformed.
fn step(bytes: &[u8], last: u16) -> Option<Step<'_>> {
    let Some((&head, rest)) = bytes.split_first() else { return Some(Step::End) };
    if head == MARKER {
        return (!rest.is_empty()).then_some(Step::Payload(rest));
    }
    let (delta, rest) = extended(head >> 4, rest)?;
    let (length, rest) = extended(head & 15, rest)?;
    let (value, rest) = rest.split_at_checked(length)?;
    let number = u16::try_from(usize::from(last) + delta).ok()?;
    Some(Step::Option(number, value, rest))
}

fn extended(short: u8, bytes: &[u8]) -> Option<(usize, &[u8])> {
    match (short, bytes) {
        (0..=12, _) => Some((usize::from(short), bytes)),
        (13, &[byte, ref rest @ ..]) => Some((usize::from(byte) + 13, rest)),
        (14, &[high, low, ref rest @ ..]) => Some((usize::from(u16::from_be_bytes([high, low])) + 269, rest)),
        _ => None,
    }
}

/// The number that an option's value is; none if it is too long for one.
pub fn number(value: &[u8]) -> Option<u32> {
    (value.len() <= 4).then(|| value.iter().fold(0, |all, byte| (all << 8) | u32::from(*byte)))
}

/// A part of a body: RFC 7959, 2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its place among those of its size.
    pub number: u32,
    /// Others come after it.
    pub more: bool,
    /// How many bytes it has: 16 for 0, twice as many for each more, 1024 for 6.
    pub exponent: u8,
}

impl Block {
    /// Reads it; none if it is of a size that there is not.
    pub fn of(value: u32) -> Option<Self> {
        let exponent = (value & 7) as u8;
        (exponent < 7 && value < 1 << 24).then_some(Block {
            number: value >> 4,
            more: value & 8 != 0,
            exponent,
        })
    }

    /// As an option's value.
    pub fn value(self) -> u32 {
        (self.number << 4) | (u32::from(self.more) << 3) | u32::from(self.exponent)
    }

    /// Its size in bytes.
    pub fn size(self) -> usize {
        16 << self.exponent
    }

    /// Where it begins.
    pub fn offset(self) -> usize {
        (self.number as usize) << (self.exponent + 4)
    }
}

/// The exponent of the largest block of at most that many bytes.
pub fn exponent(bytes: usize) -> u8 {
    (0..6).rev().find(|exponent| 32 << exponent <= bytes).map_or(0, |exponent| exponent + 1)
}

/// Writes a message.
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    /// None if it does not fit.
    length: Option<usize>,
    last: u16,
}

impl<'a> Writer<'a> {
    /// Begins with the header.
    pub fn new(buffer: &'a mut [u8], kind: Type, code: u8, id: u16, token: &[u8]) -> Self {
        let mut writer = Writer { buffer, length: Some(0), last: 0 };
        let [high, low] = id.to_be_bytes();
        let token = &token[..token.len().min(8)];
        writer.bytes(&[(1 << 6) | ((kind as u8) << 4) | token.len() as u8, code, high, low]);
        writer.bytes(token);
        writer
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length = self.length.and_then(|length| {
            let end = length + bytes.len();
            self.buffer.get_mut(length..end)?.copy_from_slice(bytes);
            Some(end)
        });
    }

    /// Adds an option, whose number is none before the last.
    pub fn option(&mut self, number: u16, value: &[u8]) {
        let short = |value: usize| match value {
            0..=12 => value as u8,
            13..=268 => 13,
            _ => 14,
        };
        let delta = usize::from(number.saturating_sub(self.last));
        self.last = number;
        self.bytes(&[(short(delta) << 4) | short(value.len())]);
        for long in [delta, value.len()] {
            match long {
                0..=12 => {}
                13..=268 => self.bytes(&[(long - 13) as u8]),
                _ => self.bytes(&((long - 269) as u16).to_be_bytes()),
            }
        }
        self.bytes(value);
    }

    /// Adds an option that is a number.
    pub fn number(&mut self, number: u16, value: u32) {
        self.option(number, &value.to_be_bytes()[value.leading_zeros() as usize / 8..]);
    }

    /// Adds the segments of a path.
    pub fn path(&mut self, path: &[u8]) {
        path.split(|byte| *byte == b'/').for_each(|segment| self.option(option::URI_PATH, segment));
    }

    /// How long it is with its payload; 0 if it does not fit.
    pub fn finish(self, payload: &[u8]) -> usize {
        self.finish_with(payload.iter().copied())
    }

    /// The same, of a payload that comes by itself.
    pub fn finish_with(mut self, payload: impl Iterator<Item = u8>) -> usize {
        let mut payload = payload.peekable();
        if payload.peek().is_some() {
            self.bytes(&[MARKER]);
        }
        payload.for_each(|byte| self.bytes(&[byte]));
        self.length.unwrap_or(0)
    }
}

/// An empty message: an acknowledgement or a refusal.
pub fn empty(kind: Type, id: u16) -> [u8; 4] {
    let [high, low] = id.to_be_bytes();
    [(1 << 6) | ((kind as u8) << 4), code::EMPTY, high, low]
}
