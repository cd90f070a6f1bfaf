//! Requests that are new: what they are for, and the places that they have.

use super::packet::{Block, Type, code};
use super::request::{Asked, WELL_KNOWN};
use super::state::{Arrival, Exchange, Received, Server, State, stored};

impl Server<'_> {
    /// A request that is new.
    pub(super) fn ask(
        &mut self,
        arrival: &Arrival<'_>,
        asked: &Asked,
        reply: &mut [u8],
    ) -> Result<Received, u8> {
        let &Arrival { now, peer, message, head, .. } = arrival;
        let path = asked.path.as_ref().ok_or(code::NOT_FOUND)?;
        if path.bytes() == WELL_KNOWN {
            if message.code != code::GET {
                return Err(code::METHOD_NOT_ALLOWED);
            }
            if !asked.is_met(true) {
                return Err(code::PRECONDITION_FAILED);
            }
            let reply = self.tell_what_there_is(head, asked.block2, reply)?;
            return Ok(Received { reply, arrived: None });
        }
        let all = self.resources.iter().enumerate();
        let (number, resource) = all
            .filter(|(_, resource)| path.is_in(&resource.path))
            .max_by_key(|(_, resource)| resource.path.bytes().len())
            .ok_or(code::NOT_FOUND)?;
        if !(code::GET..=code::DELETE).contains(&message.code) {
            return Err(code::METHOD_NOT_ALLOWED);
        }
        if !asked.is_met(resource.path.bytes() == path.bytes()) {
            return Err(code::PRECONDITION_FAILED);
        }
        let is_of_path =
            |one: &Exchange| usize::from(one.resource) == number && one.path.bytes() == path.bytes();
        let is_of_client =
            |one: &Exchange| is_of_path(one) && one.method == message.code && one.peer == *peer;
        if let Some(block) = asked.block2.filter(|block| block.number > 0) {
            let known = self.newest(|one| match one.state {
                State::Answered => is_of_client(one),
                State::Told => message.code == code::GET && is_of_path(one),
                _ => false,
            });
            if let Some(known) = known {
                let exchange = &mut self.exchanges[known];
                if exchange.state == State::Answered {
                    (exchange.other_message, exchange.since) = (message.id, now);
                }
                let reply = self.respond(known, head, Some(block), reply)?;
                return Ok(Received { reply, arrived: None });
            }
            // The app is asked once more only where that changes nothing.
            if message.code != code::GET {
                return Err(code::INCOMPLETE);
            }
        }
        let former = self.find(|one| one.state == State::Assembling && is_of_client(one));
        let place = self.place(number, former, arrival, asked)?;
        let exchange = &mut self.exchanges[place];
        if exchange.state == State::Free {
            exchange.state = State::Assembling;
            exchange.path = path.clone();
            exchange.peer = *peer;
            exchange.resource = number as u8;
            exchange.method = message.code;
            exchange.message = message.id;
        }
        exchange.since = now;
        exchange.other_message = message.id;
        let start = usize::from(exchange.size);
        let end = start + message.payload.len();
        exchange.size = end as u16;
        self.body(place).get_mut(start..end).ok_or(code::TOO_LARGE)?.copy_from_slice(message.payload);
        if asked.block1.is_some_and(|block| block.more) {
            return Ok(Received { reply: self.go_on(head, asked.block1, reply), arrived: None });
        }
        self.complete(place, arrival, asked);
        Ok(Received { reply: 0, arrived: Some(number) })
    }

    /// All of a request is there: the app may take it.
    fn complete(&mut self, place: usize, arrival: &Arrival<'_>, asked: &Asked) {
        let message = &arrival.message;
        self.counters.request = self.counters.request.wrapping_add(1).max(1);
        let exchange = &mut self.exchanges[place];
        exchange.id = self.counters.request;
        exchange.other_message = exchange.message;
        exchange.message = message.id;
        exchange.state = State::Waiting;
        exchange.is_confirmable = u8::from(message.kind == Type::Confirmable);
        exchange.token_length = message.token.len() as u8;
        exchange.token[..message.token.len()].copy_from_slice(message.token);
        exchange.block1 = stored(asked.block1);
        exchange.block2 = stored(asked.block2);
        self.look_at_observer(place, asked.observe);
    }

    /// The place of the request that this goes on with, or a new one.
    fn place(
        &mut self,
        number: usize,
        former: Option<usize>,
        arrival: &Arrival<'_>,
        asked: &Asked,
    ) -> Result<usize, u8> {
        let block = asked.block1.unwrap_or(Block { number: 0, more: false, exponent: 6 });
        let length = arrival.message.payload.len();
        let goes_on = former
            .filter(|former| block.number > 0 && usize::from(self.exchanges[*former].size) == block.offset());
        // What comes late is no reason to forget what has come after it.
        if block.number > 0 && goes_on.is_none() {
            return Err(code::INCOMPLETE);
        }
        let too_large = block.offset() + length > self.body || asked.size1 as usize > self.body;
        let is_wrong = match asked.block1 {
            Some(Block { more: true, .. }) => length != block.size(),
            Some(_) => length > block.size(),
            None => false,
        };
        if let Some(former) = former.filter(|_| goes_on.is_none() || too_large || arrival.is_cut) {
            self.exchanges[former].state = State::Free;
        }
        match goes_on {
            _ if too_large || arrival.is_cut => Err(code::TOO_LARGE),
            _ if is_wrong => Err(code::BAD_REQUEST),
            Some(place) => Ok(place),
            None => self.take_place(number),
        }
    }

    /// A place for a new request.
    fn take_place(&mut self, number: usize) -> Result<usize, u8> {
        let is_its = |one: &Exchange| usize::from(one.resource) == number;
        let is_open = |one: &&Exchange| {
            is_its(one) && matches!(one.state, State::Assembling | State::Waiting | State::Taken)
        };
        let capacity = self.resources.get(number).map_or(0, |resource| usize::from(resource.capacity));
        if self.exchanges.iter().filter(is_open).count() >= capacity {
            // Who does not get on makes room for who comes.
            let slow = self.oldest(|one| is_its(one) && one.state == State::Assembling);
            self.exchanges[slow.ok_or(code::UNAVAILABLE)?].state = State::Free;
        }
        let place = self.free_place().ok_or(code::UNAVAILABLE)?;
        self.exchanges[place] = Exchange::default();
        Ok(place)
    }

    /// One that is free, or else the oldest answer of the resource that has most of them remembered, so that none has
    /// those of others forgotten.
    pub(super) fn free_place(&self) -> Option<usize> {
        if let Some(free) = self.exchanges.iter().position(|one| one.state == State::Free) {
            return Some(free);
        }
        let is_of = |one: &Exchange, number: u8| one.state == State::Answered && one.resource == number;
        let count = |number: u8| self.exchanges.iter().filter(|one| is_of(one, number)).count();
        let most =
            (0..self.resources.len()).map(|number| number as u8).max_by_key(|number| count(*number))?;
        self.oldest(|one| is_of(one, most))
    }

    fn oldest(&self, is_it: impl Fn(&Exchange) -> bool) -> Option<usize> {
        let mut found: Option<usize> = None;
        for (at, one) in self.exchanges.iter().enumerate().filter(|(_, one)| is_it(one)) {
            let is_older =
                |other: usize| one.since.wrapping_sub(self.exchanges[other].since).cast_signed() < 0;
            if found.is_none_or(is_older) {
                found = Some(at);
            }
        }
        found
    }

    fn newest(&self, is_it: impl Fn(&Exchange) -> bool) -> Option<usize> {
        let all = self.exchanges.iter().enumerate().filter(|(_, one)| is_it(one));
        all.max_by_key(|(_, one)| one.id).map(|(at, _)| at)
    }
}
