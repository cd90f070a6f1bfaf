//! What the server remembers: what apps serve, what was asked and answered, and whom it tells.

use super::observer::Observer;
use super::packet::{Block, Message, Type};
use super::request::Path;
use super::shared::{Counters, Peer};

/// What an app serves, by its number.
#[repr(C)]
#[derive(Clone, Default)]
pub struct Resource {
    /// Empty if nobody has this number.
    pub(super) path: Path,
    pub(super) capacity: u8,
    pub(super) is_observable: u8,
}

/// Where an exchange is. What is 0 is free.
#[repr(u8)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Free,
    /// Not all blocks of the request have come.
    Assembling,
    /// For the app to take.
    Waiting,
    /// For the app to answer.
    Taken,
    /// Its answer is remembered.
    Answered,
    /// No exchange, but what observers of its path are told.
    Told,
}

/// What a block option says, if there is one: its value plus 1, or 0.
pub(super) fn stored(block: Option<Block>) -> u32 {
    block.map_or(0, |block| block.value() + 1)
}

pub(super) fn restored(value: u32) -> Option<Block> {
    value.checked_sub(1).and_then(Block::of)
}

/// A request and its answer.
#[repr(C)]
#[derive(Clone, Default)]
pub struct Exchange {
    /// For the app, and for its place among others.
    pub(super) id: u32,
    /// When a message of it has come last, in milliseconds.
    pub(super) since: u32,
    pub(super) peer: Peer,
    pub(super) token: [u8; 8],
    pub(super) path: Path,
    pub(super) state: State,
    pub(super) resource: u8,
    pub(super) method: u8,
    pub(super) is_confirmable: u8,
    pub(super) token_length: u8,
    /// Of its answer.
    pub(super) code: u8,
    /// It registers an observer.
    pub(super) observes: u8,
    /// The messages that it is known by: the last one whose body went to the app, and another.
    pub(super) message: u16,
    pub(super) other_message: u16,
    /// Of what is in its memory.
    pub(super) size: u16,
    /// Of what the answer has to say, and to be.
    pub(super) block1: u32,
    pub(super) block2: u32,
    /// Of the answer, to who observes.
    pub(super) sequence: u32,
}

/// What a response answers.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    pub kind: Type,
    pub id: u16,
    pub token: &'a [u8],
}

impl<'a> Head<'a> {
    /// The answer to a message: its acknowledgement, if it wants one, and else a message of the server's own.
    pub(super) fn to(is_confirmable: bool, id: u16, token: &'a [u8], server: &mut Server<'_>) -> Self {
        match is_confirmable {
            true => Head { kind: Type::Acknowledgement, id, token },
            false => Head { kind: Type::NonConfirmable, id: server.next_message(), token },
        }
    }
}

/// A request that has come.
pub(super) struct Arrival<'a> {
    pub now: u32,
    pub peer: &'a Peer,
    pub message: Message<'a>,
    pub head: Head<'a>,
    pub is_cut: bool,
}

/// The server, in the memory of whoever has it.
pub struct Server<'a> {
    /// What apps serve.
    pub resources: &'a mut [Resource],
    /// More than all resources can have at once, so that there is always one to take.
    pub exchanges: &'a mut [Exchange],
    /// The body of each exchange.
    pub bodies: &'a mut [u8],
    /// Those who are told of changes.
    pub observers: &'a mut [Observer],
    /// What is counted.
    pub counters: &'a mut Counters,
    /// The longest body, of at most 65,535 bytes.
    pub body: usize,
    /// The longest payload of a message.
    pub block: usize,
}

/// What is to be done about a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// How long the reply is; 0 if there is none.
    pub reply: usize,
    /// The resource that a request has come for.
    pub arrived: Option<usize>,
}

impl Server<'_> {
    pub(super) fn next_message(&mut self) -> u16 {
        self.counters.message = self.counters.message.wrapping_add(1);
        self.counters.message as u16
    }

    pub(super) fn body(&mut self, exchange: usize) -> &mut [u8] {
        let start = exchange * self.body;
        self.bodies.get_mut(start..start + self.body).unwrap_or_default()
    }

    pub(super) fn find(&self, is_it: impl Fn(&Exchange) -> bool) -> Option<usize> {
        self.exchanges.iter().position(|one| one.state != State::Free && is_it(one))
    }
}
