//! Observers: RFC 7641. All of one path are told the same, which is kept once, and each by a message that it has to
//! acknowledge: while one is under way, what changes is told by the next. Who does not acknowledge, or refuses, is told no
//! more.

use super::answers::{Part, describe};
use super::observer::{Observer, Stage};
use super::packet::{Block, Type, Writer, code, option};
use super::request::Path;
use super::shared::Peer;
use super::state::{Exchange, Server, State, restored};
use crate::Failure;

/// RFC 7252, 4.8, in milliseconds: the first wait for an acknowledgement, and what is added by chance; how often is sent
/// again, after twice the wait before.
const ACK_TIMEOUT: u32 = 2000;
const ACK_RANDOM: u32 = 1000;
const MAX_RETRANSMIT: u8 = 4;
/// Numbers of changes have 24 bits.
const SEQUENCE_MASK: u32 = 0xff_ffff;

fn token_of(exchange: &Exchange) -> &[u8] {
    exchange.token.get(..usize::from(exchange.token_length)).unwrap_or_default()
}

impl Server<'_> {
    /// Lets clients observe what a resource has.
    pub fn make_observable(&mut self, number: usize) {
        if let Some(resource) = self.resources.get_mut(number) {
            resource.is_observable = 1;
        }
    }

    fn next_sequence(&mut self) -> u32 {
        self.counters.sequence = self.counters.sequence.wrapping_add(1) & SEQUENCE_MASK;
        self.counters.sequence
    }

    /// Notes whether a request wants its client to be told of changes, or no more.
    pub(super) fn look_at_observer(&mut self, place: usize, observe: Option<u32>) {
        let exchange = &mut self.exchanges[place];
        let resource = self.resources.get(usize::from(exchange.resource));
        if exchange.method != code::GET || observe.is_none() {
            return;
        }
        if observe == Some(0) {
            exchange.observes = resource.map_or(0, |resource| resource.is_observable);
        } else {
            let (peer, token) = (exchange.peer, exchange.token);
            let token = &token[..usize::from(exchange.token_length)];
            self.forget(|observer| observer.is(&peer, token));
        }
    }

    /// Has a client told of changes, whose request for that is answered now by a code.
    pub(super) fn register(&mut self, place: usize, code: u8) {
        let exchange = &self.exchanges[place];
        if exchange.observes == 0 {
            return;
        }
        // RFC 7641, 4.1: it is the same observer, which may have observed another path, or another app's.
        let known = self.observers.iter().position(|one| one.is(&exchange.peer, token_of(exchange)));
        if let Some(known) = known {
            self.forget_one(known);
        }
        let exchange = &self.exchanges[place];
        let of_resource = |one: &&Observer| one.stage != Stage::Nobody && one.resource == exchange.resource;
        let most = self.observers.len() / self.resources.len().max(1);
        let has_room = self.observers.iter().filter(of_resource).count() < most;
        let free = self.observers.iter().position(|one| one.stage == Stage::Nobody);
        let Some(at) = free.filter(|_| has_room && code >> 5 == 2) else {
            self.exchanges[place].observes = 0;
            return;
        };
        self.observers[at] = Observer {
            peer: exchange.peer,
            token: exchange.token,
            path: exchange.path.clone(),
            stage: Stage::Idle,
            resource: exchange.resource,
            token_length: exchange.token_length,
            message: exchange.message,
            block: exchange.block2,
            ..Observer::default()
        };
        self.exchanges[place].sequence = self.next_sequence();
    }

    /// Has those told who observe a path, which now has this to say, and returns how many they are.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a path that is not below the resource's, or a resource that is not observable,
    /// [`Failure::TooLarge`], [`Failure::Limit`].
    pub fn notify(&mut self, number: usize, path: &[u8], code: u8, payload: &[u8]) -> Result<u32, Failure> {
        let observable = self.resources.get(number).filter(|resource| resource.is_observable != 0);
        let resource = observable.ok_or(Failure::Invalid)?;
        let path = Path::of(path).filter(|path| path.is_in(&resource.path)).ok_or(Failure::Invalid)?;
        if payload.len() > self.body {
            return Err(Failure::TooLarge);
        }
        let count = self.observers.iter().filter(|one| one.looks_at(number, &path)).count();
        if count == 0 {
            return Ok(0);
        }
        let place = match self.told(number, &path) {
            Some(place) => place,
            None => {
                let place = self.free_place().ok_or(Failure::Limit)?;
                self.exchanges[place] = Exchange {
                    path: path.clone(),
                    state: State::Told,
                    resource: number as u8,
                    ..Exchange::default()
                };
                place
            }
        };
        let sequence = self.next_sequence();
        self.counters.request = self.counters.request.wrapping_add(1).max(1);
        let exchange = &mut self.exchanges[place];
        (exchange.id, exchange.sequence) = (self.counters.request, sequence);
        (exchange.code, exchange.size) = (code, payload.len() as u16);
        self.body(place).iter_mut().zip(payload).for_each(|(to, from)| *to = *from);
        for observer in self.observers.iter_mut().filter(|one| one.looks_at(number, &path)) {
            match observer.stage {
                Stage::Sent => observer.is_changed = 1,
                _ => observer.stage = Stage::Due,
            }
        }
        Ok(count as u32)
    }

    /// What those are told who observe a path.
    fn told(&self, number: usize, path: &Path) -> Option<usize> {
        self.find(|one| {
            one.state == State::Told
                && usize::from(one.resource) == number
                && one.path.bytes() == path.bytes()
        })
    }

    /// The next message that is to be sent by now: to whom, and how long it is.
    pub fn due(&mut self, now: u32, out: &mut [u8]) -> Option<(Peer, usize)> {
        (0..self.observers.len()).find_map(|at| {
            let Observer { stage, until, tries, is_changed, .. } = self.observers[at];
            match stage {
                Stage::Gone => return Some(self.part_from(at, out)),
                Stage::Due => {
                    let message = self.next_message();
                    let chance = u32::from(message).wrapping_mul(0x9e37_79b9) ^ now;
                    let observer = &mut self.observers[at];
                    observer.stage = Stage::Sent;
                    observer.tries = MAX_RETRANSMIT;
                    observer.timeout = ACK_TIMEOUT + chance % ACK_RANDOM;
                    observer.message = message;
                }
                Stage::Sent if is_reached(until, now) && tries == 0 => {
                    self.forget_one(at);
                    return None;
                }
                Stage::Sent if is_reached(until, now) => {
                    if is_changed != 0 {
                        self.observers[at].message = self.next_message();
                    }
                    self.observers[at].tries -= 1;
                    self.observers[at].timeout *= 2;
                }
                _ => return None,
            }
            let observer = &mut self.observers[at];
            observer.is_changed = 0;
            observer.until = now.wrapping_add(observer.timeout);
            let peer = observer.peer;
            let size = self.tell(at, out);
            if size == 0 {
                self.forget_one(at);
            }
            (size > 0).then_some((peer, size))
        })
    }

    /// Tells an observer that what it observed is gone.
    fn part_from(&mut self, at: usize, out: &mut [u8]) -> (Peer, usize) {
        let gone = core::mem::take(&mut self.observers[at]);
        let message = self.next_message();
        let writer = Writer::new(out, Type::NonConfirmable, code::NOT_FOUND, message, gone.token());
        (gone.peer, writer.finish(&[]))
    }

    /// Writes what an observer is told.
    fn tell(&self, at: usize, out: &mut [u8]) -> usize {
        let observer = &self.observers[at];
        let Some(place) = self.told(usize::from(observer.resource), &observer.path) else { return 0 };
        let exchange = &self.exchanges[place];
        let body = self.kept(place);
        // From its first block on.
        let wanted = restored(observer.block).map(|block| Block { number: 0, ..block });
        let part = self.part(body.len(), wanted).unwrap_or(None);
        let observed = (exchange.code >> 5 == 2).then_some(exchange.sequence);
        let kind = Type::Confirmable;
        let mut writer = Writer::new(out, kind, exchange.code, observer.message, observer.token());
        describe(&mut writer, body, part, observed);
        if part.is_some() {
            writer.number(option::SIZE2, body.len() as u32);
        }
        writer.finish(Part::of(part, body))
    }

    /// How many milliseconds it is until there is a message to be sent; none for never.
    pub fn wait(&self, now: u32) -> Option<u32> {
        let of_one = |observer: &Observer| match observer.stage {
            Stage::Due | Stage::Gone => Some(0),
            Stage::Sent if is_reached(observer.until, now) => Some(0),
            Stage::Sent => Some(observer.until.wrapping_sub(now)),
            Stage::Nobody | Stage::Idle => None,
        };
        self.observers.iter().filter_map(of_one).min()
    }

    /// An observer knows what it was told.
    pub(super) fn acknowledged(&mut self, peer: &Peer, message: u16) {
        let is_it = |one: &Observer| one.stage == Stage::Sent && one.message == message && one.peer == *peer;
        let Some(at) = self.observers.iter().position(is_it) else { return };
        let (number, path) = (usize::from(self.observers[at].resource), &self.observers[at].path);
        let is_error = self.told(number, path).is_some_and(|place| self.exchanges[place].code >> 5 != 2);
        let observer = &mut self.observers[at];
        match observer.is_changed {
            // RFC 7641, 4.2: an error is the last that is told.
            0 if is_error => self.forget_one(at),
            0 => observer.stage = Stage::Idle,
            _ => observer.stage = Stage::Due,
        }
    }

    /// An observer does not want to be told.
    pub(super) fn refused(&mut self, peer: &Peer, message: u16) {
        self.forget(|one| one.message == message && one.peer == *peer && one.stage != Stage::Nobody);
    }

    fn forget(&mut self, who: impl Fn(&Observer) -> bool) {
        if let Some(at) = self.observers.iter().position(who) {
            self.forget_one(at);
        }
    }

    /// Tells somebody no more, and keeps nothing that is told nobody.
    fn forget_one(&mut self, at: usize) {
        let gone = core::mem::take(&mut self.observers[at]);
        let number = usize::from(gone.resource);
        if !self.observers.iter().any(|one| one.looks_at(number, &gone.path))
            && let Some(place) = self.told(number, &gone.path)
        {
            self.exchanges[place] = Exchange::default();
        }
    }
}

fn is_reached(until: u32, now: u32) -> bool {
    now.wrapping_sub(until).cast_signed() >= 0
}
