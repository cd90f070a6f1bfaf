//! What the server writes: answers from memory, whole or in blocks, and what there is.

use super::packet::{Block, Writer, code, exponent, option};
use super::state::{Head, Server, restored};

/// The format of what tells what there is.
const LINK_FORMAT: u32 = 40;

/// A part of a body: which block of how many bytes, and where it begins.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub block: Block,
    offset: usize,
    length: usize,
}

impl Part {
    /// What it has of a body.
    pub fn of(part: Option<Self>, body: &[u8]) -> &[u8] {
        part.map_or(body, |part| body.get(part.offset..part.offset + part.length).unwrap_or_default())
    }
}

impl Server<'_> {
    /// The part of so many bytes that is sent; none if they are sent as a whole.
    pub(super) fn part(&self, whole: usize, wanted: Option<Block>) -> Result<Option<Part>, u8> {
        let exponent = wanted.map_or(6, |block| block.exponent).min(exponent(self.block));
        let offset = wanted.map_or(0, Block::offset);
        if wanted.is_none() && whole <= self.block {
            return Ok(None);
        }
        if offset > 0 && offset >= whole {
            return Err(code::BAD_REQUEST);
        }
        let length = (whole - offset).min(16 << exponent);
        let number = (offset >> (exponent + 4)) as u32;
        let block = Block { number, more: offset + length < whole, exponent };
        Ok(Some(Part { block, offset, length }))
    }

    /// Writes an answer that is known, or the block of it that is wanted.
    pub(super) fn respond(
        &self,
        place: usize,
        head: Head<'_>,
        wanted: Option<Block>,
        out: &mut [u8],
    ) -> Result<usize, u8> {
        let exchange = self.exchanges.get(place).ok_or(code::NOT_FOUND)?;
        let body = self.kept(place);
        let part = self.part(body.len(), wanted)?;
        let is_first = part.is_none_or(|part| part.offset == 0);
        let observed = (exchange.observes != 0 && is_first).then_some(exchange.sequence);
        let mut writer = Writer::new(out, head.kind, exchange.code, head.id, head.token);
        describe(&mut writer, body, part, observed);
        if let Some(block) = restored(exchange.block1) {
            writer.number(option::BLOCK1, block.value());
        }
        if part.is_some() && is_first {
            writer.number(option::SIZE2, body.len() as u32);
        }
        Ok(writer.finish(Part::of(part, body)))
    }

    /// 2.31: the next block may come, and of which size.
    pub(super) fn go_on(&self, head: Head<'_>, block: Option<Block>, reply: &mut [u8]) -> usize {
        let mut writer = Writer::new(reply, head.kind, code::CONTINUE, head.id, head.token);
        if let Some(block) = block {
            let exponent = block.exponent.min(exponent(self.block));
            writer.number(option::BLOCK1, Block { exponent, ..block }.value());
        }
        writer.finish(&[])
    }

    /// What is in the memory of an exchange.
    pub(super) fn kept(&self, place: usize) -> &[u8] {
        let size = self.exchanges.get(place).map_or(0, |exchange| usize::from(exchange.size));
        let start = place * self.body;
        self.bodies.get(start..start + size).unwrap_or_default()
    }

    /// RFC 6690, of which a block is written as it is asked for.
    pub(super) fn tell_what_there_is(
        &self,
        head: Head<'_>,
        wanted: Option<Block>,
        out: &mut [u8],
    ) -> Result<usize, u8> {
        let served = || self.resources.iter().filter(|resource| !resource.path.is_empty());
        let links = || {
            served().enumerate().flat_map(|(at, resource)| {
                let start: &[u8] = if at == 0 { b"</" } else { b",</" };
                let end: &[u8] = if resource.is_observable == 0 { b">" } else { b">;obs" };
                let path = resource.path.bytes().iter().flat_map(|byte| escaped(*byte));
                start.iter().copied().chain(path).chain(end.iter().copied())
            })
        };
        let whole = links().count();
        let part = self.part(whole, wanted)?;
        let mut writer = Writer::new(out, head.kind, code::CONTENT, head.id, head.token);
        writer.number(option::CONTENT_FORMAT, LINK_FORMAT);
        if let Some(part) = part {
            writer.number(option::BLOCK2, part.block.value());
        }
        let (offset, length) = part.map_or((0, whole), |part| (part.offset, part.length));
        Ok(writer.finish_with(links().skip(offset).take(length)))
    }
}

/// A byte of a path as a link has it. What would end that, or begin another, is escaped, too.
fn escaped(byte: u8) -> impl Iterator<Item = u8> {
    let is_plain = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+=:@".contains(&byte);
    let digit = |value: u8| value + if value < 10 { b'0' } else { b'A' - 10 };
    let text = if is_plain { [byte, 0, 0] } else { [b'%', digit(byte >> 4), digit(byte & 15)] };
    text.into_iter().take(if is_plain { 1 } else { 3 })
}

/// Writes what a client has to know of a part, and of a change.
pub(super) fn describe(writer: &mut Writer<'_>, body: &[u8], part: Option<Part>, observed: Option<u32>) {
    if part.is_some() {
        // So that nobody puts the blocks of two answers together: FNV-1a.
        let tag =
            body.iter().fold(0x811c_9dc5_u32, |tag, byte| (tag ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        writer.option(option::ETAG, &tag.to_be_bytes());
    }
    if let Some(sequence) = observed {
        writer.number(option::OBSERVE, sequence);
    }
    if let Some(part) = part {
        writer.number(option::BLOCK2, part.block.value());
    }
}
