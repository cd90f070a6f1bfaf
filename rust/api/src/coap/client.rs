//! The client: one request, and what becomes of it until it is answered. Long bodies go and come in blocks (RFC 7959),
//! each by a message of its own, which its caller sends until something comes back.

use super::packet::{Block, Message, Type, Writer, code, empty, exponent, number, option};
use crate::Failure;

/// A request under way.
#[repr(C)]
#[derive(Clone, Default)]
pub struct Ask {
    token: [u8; 8],
    message: u16,
    method: u8,
    /// Of the blocks that go and come, as exponents.
    sends: u8,
    takes: u8,
    /// The request goes in blocks.
    in_blocks: u8,
    /// Some of the answer is there, of this code.
    code: u8,
    has_tag: u8,
    /// How much has gone, and come.
    sent: u32,
    taken: u32,
    tag: u32,
}

/// What the caller has for it.
#[derive(Clone, Copy)]
pub struct Asks<'a> {
    /// The path, without a slash in front.
    pub path: &'a [u8],
    /// What to send.
    pub payload: &'a [u8],
    /// The longest payload of a message.
    pub block: usize,
    /// The longest body.
    pub body: usize,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes on waiting.
    Wait,
    /// Likewise, and does not send again: the request is there.
    Listen,
    /// Another message is to be sent.
    Send,
    /// The answer is there: its code, and how long it is.
    Done(u8, usize),
    /// There will be none.
    Failed(Failure),
}

impl Ask {
    /// Begins a request of a method by its code.
    pub fn new(method: u8, block: usize, chance: [u8; 10]) -> Self {
        let [id_high, id_low, token @ ..] = chance;
        let exponent = exponent(block);
        Ask {
            token,
            message: u16::from_be_bytes([id_high, id_low]),
            method,
            sends: exponent,
            takes: exponent,
            ..Ask::default()
        }
    }

    /// Writes the message that is to be sent, and returns how long it is; 0 if it does not fit.
    pub fn write(&self, asks: &Asks<'_>, out: &mut [u8]) -> usize {
        let mut writer = Writer::new(out, Type::Confirmable, self.method, self.message, &self.token);
        writer.path(asks.path);
        let mut payload = asks.payload;
        if self.taken > 0 {
            let number = self.taken >> (self.takes + 4);
            writer.number(option::BLOCK2, Block { number, more: false, exponent: self.takes }.value());
            payload = &[];
        } else if asks.block < asks.body && asks.block < 1024 {
            // A server would take larger ones.
            let wanted = Block { number: 0, more: false, exponent: self.takes };
            writer.number(option::BLOCK2, wanted.value());
        }
        if self.taken == 0 && self.goes_in_blocks(asks) {
            let block = self.block(asks);
            writer.number(option::BLOCK1, block.value());
            if block.number == 0 {
                writer.number(option::SIZE1, asks.payload.len() as u32);
            }
            let rest = asks.payload.get(block.offset()..).unwrap_or_default();
            payload = &rest[..rest.len().min(block.size())];
        }
        writer.finish(payload)
    }

    fn goes_in_blocks(&self, asks: &Asks<'_>) -> bool {
        self.in_blocks != 0 || asks.payload.len() > asks.block
    }

    /// The block that is to be sent.
    fn block(&self, asks: &Asks<'_>) -> Block {
        let more = self.sent as usize + (16 << self.sends) < asks.payload.len();
        Block { number: self.sent >> (self.sends + 4), more, exponent: self.sends }
    }

    /// Takes in what has come from the server, whose end is not there if it is cut. `reply` is to be sent to it if it is
    /// not empty.
    pub fn read(
        &mut self,
        asks: &Asks<'_>,
        datagram: &[u8],
        is_cut: bool,
        body: &mut [u8],
        reply: &mut Option<[u8; 4]>,
    ) -> Next {
        let message = match Message::parse(datagram) {
            Ok(message) => message,
            Err(id) => {
                *reply = id.map(|id| empty(Type::Reset, id));
                return Next::Wait;
            }
        };
        let is_ours = message.id == self.message;
        match message.kind {
            Type::Reset if is_ours => return Next::Failed(Failure::Io),
            Type::Acknowledgement if is_ours && message.code == code::EMPTY => return Next::Listen,
            Type::Reset => return Next::Wait,
            Type::Acknowledgement if !is_ours => return Next::Wait,
            _ => {}
        }
        let answer = Answer::of(&message).filter(|_| message.is_response() && message.token == self.token);
        if message.kind == Type::Confirmable {
            let kind = if answer.is_some() { Type::Acknowledgement } else { Type::Reset };
            *reply = Some(empty(kind, message.id));
        }
        match answer {
            None => Next::Wait,
            Some(_) if is_cut => Next::Failed(Failure::TooLarge),
            Some(answer) => self.go_on(asks, &message, &answer, body).unwrap_or_else(Next::Failed),
        }
    }

    /// The next message has another number and token, so that nothing late is taken for its answer.
    fn again(&mut self) -> Result<Next, Failure> {
        self.message = self.message.wrapping_add(1);
        self.token[7] = self.token[7].wrapping_add(1);
        Ok(Next::Send)
    }

    fn go_on(
        &mut self,
        asks: &Asks<'_>,
        message: &Message<'_>,
        answer: &Answer,
        body: &mut [u8],
    ) -> Result<Next, Failure> {
        if self.taken == 0 {
            let smaller = answer.block1.filter(|block| block.exponent < self.sends);
            if message.code == code::TOO_LARGE
                && self.sent == 0
                && let Some(block) = smaller
                && 16 << block.exponent < asks.payload.len()
            {
                (self.sends, self.in_blocks) = (block.exponent, 1);
                return self.again();
            }
            // 2.31, or 2.04 of a server that does with each block as it comes.
            let block = self.block(asks);
            if self.goes_in_blocks(asks) && block.more && message.code >> 5 == 2 {
                let echo = answer.block1.filter(|echo| echo.number == block.number);
                let exponent = echo.ok_or(Failure::Io)?.exponent.min(self.sends);
                self.sent += 16 << self.sends;
                self.sends = exponent;
                return self.again();
            }
            if message.code == code::CONTINUE {
                return Err(Failure::Io);
            }
            self.code = message.code;
            self.has_tag = u8::from(answer.tag.is_some());
            self.tag = answer.tag.unwrap_or(0);
        } else if message.code != self.code {
            // What was begun is not there any more: this is why.
            (self.taken, self.code) = (0, message.code);
            return self.take(message.payload, body).map(|()| Next::Done(self.code, self.taken as usize));
        }
        let block = answer.block2.unwrap_or(Block { number: 0, more: false, exponent: 6 });
        let is_same = (self.has_tag != 0).then_some(self.tag) == answer.tag;
        let is_next = block.offset() == self.taken as usize && is_same;
        if !is_next || block.more && message.payload.len() != block.size() {
            return Err(Failure::Io);
        }
        if answer.size2 as usize > body.len() {
            return Err(Failure::TooLarge);
        }
        self.take(message.payload, body)?;
        if block.more {
            self.takes = block.exponent;
            return self.again();
        }
        Ok(Next::Done(self.code, self.taken as usize))
    }

    fn take(&mut self, payload: &[u8], body: &mut [u8]) -> Result<(), Failure> {
        let start = self.taken as usize;
        let room = body.get_mut(start..start + payload.len()).ok_or(Failure::TooLarge)?;
        room.copy_from_slice(payload);
        self.taken += payload.len() as u32;
        Ok(())
    }
}

/// What of an answer's options is understood.
#[derive(Default)]
struct Answer {
    block1: Option<Block>,
    block2: Option<Block>,
    size2: u32,
    /// A tag's bytes, as far as a number goes.
    tag: Option<u32>,
}

impl Answer {
    /// None if there is one that has to be understood, and is not.
    fn of(message: &Message<'_>) -> Option<Self> {
        let mut answer = Answer::default();
        for (at, value) in message.options() {
            let block = || (value.len() <= 3).then(|| number(value)).flatten().and_then(Block::of);
            match at {
                option::BLOCK1 if answer.block1.is_none() => answer.block1 = Some(block()?),
                option::BLOCK2 if answer.block2.is_none() => answer.block2 = Some(block()?),
                option::SIZE2 => answer.size2 = number(value).unwrap_or(0),
                option::ETAG => {
                    answer.tag =
                        Some(value.iter().fold(0_u32, |tag, byte| tag.rotate_left(8) ^ u32::from(*byte)))
                }
                _ if at % 2 == 1 => return None,
                _ => {}
            }
        }
        Some(answer)
    }
}
