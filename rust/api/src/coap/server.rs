//! The server: what becomes of each message that comes, whoever receives it. It is one for all apps of a board or of
//! `zephyr-wasm run`, in memory that these have for it, and of what comes it believes nothing.
//!
//! An exchange is a request from its first block to the time when nobody asks for its answer any more. Its answer takes
//! the place of its body: a message that comes twice is answered from there (RFC 7252, 4.5), and so are the other blocks
//! of a long answer (RFC 7959, 2.4), until a new request needs the place.

use super::packet::{Message, Type, Writer, code, empty, option};
use super::request::{Asked, Path, WELL_KNOWN};
use super::shared::Peer;
use super::state::{Arrival, Exchange, Head, Received, Resource, Server, State, restored};
use crate::Failure;

/// EXCHANGE_LIFETIME of RFC 7252, 4.8.2, in milliseconds: how long a message can come again.
const LIFETIME: u32 = 247_000;

impl Server<'_> {
    /// Serves a path; false if another does, or it is what the server tells of all.
    pub fn serve(&mut self, number: usize, path: &Path, capacity: u8) -> bool {
        if path.is_empty()
            || path.bytes() == WELL_KNOWN
            || self.resources.iter().any(|other| other.path.bytes() == path.bytes())
        {
            return false;
        }
        match self.resources.get_mut(number) {
            Some(resource) => *resource = Resource { path: path.clone(), capacity, is_observable: 0 },
            None => return false,
        }
        true
    }

    /// Ends that. Nothing is kept of what was asked and answered.
    pub fn end(&mut self, number: usize) {
        if let Some(resource) = self.resources.get_mut(number) {
            *resource = Resource::default();
        }
        for exchange in self.exchanges.iter_mut().filter(|one| usize::from(one.resource) == number) {
            *exchange = Exchange::default();
        }
        self.observers.iter_mut().for_each(|observer| observer.abandon(number));
    }

    /// Takes a message in. Its payload, or its end, is not there if it is cut.
    pub fn receive(
        &mut self,
        now: u32,
        peer: &Peer,
        datagram: &[u8],
        is_cut: bool,
        reply: &mut [u8],
    ) -> Received {
        let message = match Message::parse(datagram) {
            Ok(message) => message,
            Err(id) => return refuse(id, reply),
        };
        match message.kind {
            Type::Acknowledgement => self.acknowledged(peer, message.id),
            Type::Reset => self.refused(peer, message.id),
            _ if message.is_request() => {
                let is_confirmable = message.kind == Type::Confirmable;
                let head = Head::to(is_confirmable, message.id, message.token, self);
                return self.request(&Arrival { now, peer, message, head, is_cut }, reply);
            }
            kind => return refuse((kind == Type::Confirmable).then_some(message.id), reply),
        }
        Received::default()
    }

    fn request(&mut self, arrival: &Arrival<'_>, reply: &mut [u8]) -> Received {
        let &Arrival { now, peer, message, head, .. } = arrival;
        for old in self.exchanges.iter_mut() {
            let is_remembered = matches!(old.state, State::Assembling | State::Answered);
            if is_remembered && now.wrapping_sub(old.since) >= LIFETIME {
                old.state = State::Free;
            }
        }
        let known = self.find(|one| {
            one.state != State::Told
                && one.peer == *peer
                && (one.message == message.id || one.other_message == message.id)
        });
        let outcome = match (known, Asked::of(&message)) {
            (Some(known), asked) => self.again(known, head, &asked.unwrap_or_default(), reply),
            (None, Ok(asked)) => self.ask(arrival, &asked, reply),
            // RFC 7252, 5.4.1: who wants no acknowledgement is not answered.
            (None, Err(code::BAD_OPTION)) if message.kind == Type::NonConfirmable => Ok(Received::default()),
            (None, Err(code)) => Err(code),
        };
        outcome.unwrap_or_else(|code| {
            let mut writer = Writer::new(reply, head.kind, code, head.id, head.token);
            if code == code::TOO_LARGE {
                writer.number(option::SIZE1, self.body as u32);
            }
            Received { reply: writer.finish(&[]), arrived: None }
        })
    }

    /// A message has come once more.
    fn again(
        &mut self,
        known: usize,
        head: Head<'_>,
        asked: &Asked,
        reply: &mut [u8],
    ) -> Result<Received, u8> {
        let Some(exchange) = self.exchanges.get(known) else { return Ok(Received::default()) };
        let reply = match exchange.state {
            _ if head.kind == Type::NonConfirmable => 0,
            State::Assembling => self.go_on(head, asked.block1, reply),
            State::Answered => self.respond(known, head, asked.block2, reply)?,
            _ => 0,
        };
        Ok(Received { reply, arrived: None })
    }

    /// The oldest request that waits for a resource, which is taken by this.
    pub fn next(&mut self, number: usize) -> Option<Taken<'_>> {
        let waiting = |one: &Exchange| one.state == State::Waiting && usize::from(one.resource) == number;
        let all = self.exchanges.iter().enumerate().filter(|(_, one)| waiting(one));
        let (place, _) =
            all.min_by_key(|(_, one)| one.id.wrapping_sub(self.counters.request).wrapping_sub(1))?;
        self.exchanges[place].state = State::Taken;
        let size = usize::from(self.exchanges[place].size);
        let body = self.bodies.get(place * self.body..).and_then(|bodies| bodies.get(..size))?;
        let exchange = &self.exchanges[place];
        Some(Taken { id: exchange.id, method: exchange.method, path: exchange.path.bytes(), body })
    }

    /// Answers a request that the app has taken: where the answer goes, and how long it is.
    ///
    /// # Errors
    /// [`Failure::Timeout`] if nobody waits for it any more, [`Failure::TooLarge`].
    pub fn answer(
        &mut self,
        number: usize,
        id: u32,
        code: u8,
        payload: &[u8],
        out: &mut [u8],
    ) -> Result<(Peer, usize), Failure> {
        let taken =
            |one: &Exchange| one.state == State::Taken && one.id == id && usize::from(one.resource) == number;
        let place = self.find(taken).ok_or(Failure::Timeout)?;
        let room = self.body(place).get_mut(..payload.len()).ok_or(Failure::TooLarge)?;
        room.copy_from_slice(payload);
        self.register(place, code);
        let exchange = &mut self.exchanges[place];
        exchange.size = payload.len() as u16;
        exchange.code = code;
        exchange.state = State::Answered;
        let (token, peer, wanted) = (exchange.token, exchange.peer, restored(exchange.block2));
        let token = &token[..usize::from(exchange.token_length).min(8)];
        let head = Head::to(exchange.is_confirmable != 0, exchange.message, token, self);
        let size = match self.respond(place, head, wanted, out) {
            Ok(size) => size,
            Err(code) => Writer::new(out, head.kind, code, head.id, head.token).finish(&[]),
        };
        Ok((peer, size))
    }
}

/// A request that an app takes.
pub struct Taken<'a> {
    /// For the answer.
    pub id: u32,
    /// Its code.
    pub method: u8,
    /// Its path.
    pub path: &'a [u8],
    /// Its body.
    pub body: &'a [u8],
}

/// Says that a message is not understood, if there is one that wants to hear that.
fn refuse(id: Option<u16>, reply: &mut [u8]) -> Received {
    match (id, reply.first_chunk_mut()) {
        (Some(id), Some(room)) => {
            *room = empty(Type::Reset, id);
            Received { reply: room.len(), arrived: None }
        }
        _ => Received::default(),
    }
}
