//! The server and the client, message by message.

mod blocks;
mod client;
mod observers;

use super::packet::{Block, HEAD, Message, Type, Writer, code, number, option};
use super::shared::{Counters, Peer};
use super::state::{Exchange, Received, Resource, Server};
use super::{Observer, Path};
use crate::Failure;
use alloc::format;
use alloc::vec::Vec;
use alloc::{string::String, vec};

const BODY: usize = 128;
const BLOCK: usize = 32;

/// A server whose resource 0 is `store`, and whoever talks to it.
struct Bench {
    resources: Vec<Resource>,
    exchanges: Vec<Exchange>,
    bodies: Vec<u8>,
    observers: Vec<Observer>,
    counters: Counters,
    now: u32,
    peer: Peer,
    id: u16,
}

/// A reply as it is read.
#[derive(Debug, PartialEq, Eq)]
struct Reply {
    kind: Type,
    code: u16,
    id: u16,
    payload: Vec<u8>,
    options: Vec<(u16, u32)>,
}

impl Reply {
    fn of(bytes: &[u8]) -> Option<Self> {
        let message = Message::parse(bytes).ok()?;
        Some(Reply {
            kind: message.kind,
            code: code::written(message.code),
            id: message.id,
            payload: message.payload.to_vec(),
            options: message.options().map(|(at, value)| (at, number(value).unwrap_or(0))).collect(),
        })
    }

    fn option(&self, at: u16) -> Option<u32> {
        self.options.iter().find(|(number, _)| *number == at).map(|(_, value)| *value)
    }
}

impl Bench {
    /// Two requests may wait, two answers are remembered, one client may observe.
    fn new() -> Self {
        let mut bench = Bench {
            resources: vec![Resource::default(); 2],
            exchanges: vec![Exchange::default(); 2 * 3 + 2],
            bodies: vec![0; 8 * BODY],
            observers: vec![Observer::default(); 2],
            counters: Counters::default(),
            now: u32::MAX - 1000,
            peer: Peer { port: 1, ..Peer::default() },
            id: 1000,
        };
        assert!(bench.server().serve(0, &Path::of(b"store").unwrap(), 2));
        bench
    }

    fn server(&mut self) -> Server<'_> {
        Server {
            resources: &mut self.resources,
            exchanges: &mut self.exchanges,
            bodies: &mut self.bodies,
            observers: &mut self.observers,
            counters: &mut self.counters,
            body: BODY,
            block: BLOCK,
        }
    }

    fn receive(&mut self, bytes: &[u8]) -> (Option<Reply>, Option<usize>) {
        let (now, peer) = (self.now, self.peer);
        let mut out = [0; HEAD + BLOCK];
        let Received { reply, arrived } = self.server().receive(now, &peer, bytes, false, &mut out);
        (Reply::of(&out[..reply]), arrived)
    }

    /// A confirmable request for `store`, with options by their order.
    fn request(&mut self, method: u8, options: &[(u16, &[u8])], payload: &[u8]) -> Vec<u8> {
        self.id += 1;
        request_of(Type::Confirmable, method, self.id, &[&[b"store"]], options, payload)
    }

    /// What is answered at once.
    fn refused(&mut self, bytes: &[u8]) -> u16 {
        let (reply, arrived) = self.receive(bytes);
        assert_eq!(arrived, None);
        reply.map_or(0, |reply| reply.code)
    }

    /// Has the app take the request that waits, and answer; what it was, and the answer.
    fn serve(&mut self, answer: u16, payload: &[u8]) -> (u8, String, Vec<u8>, Reply) {
        self.serve_of(0, answer, payload)
    }

    /// The same, of the app that has this resource.
    fn serve_of(&mut self, number: usize, answer: u16, payload: &[u8]) -> (u8, String, Vec<u8>, Reply) {
        let taken = self.server().next(number).map(|taken| {
            let path = String::from_utf8(taken.path.to_vec()).unwrap();
            (taken.id, taken.method, path, taken.body.to_vec())
        });
        let (id, method, path, body) = taken.expect("a request waits");
        let mut out = [0; HEAD + BLOCK];
        let answer = code::of_response(answer).unwrap();
        let (peer, size) = self.server().answer(number, id, answer, payload, &mut out).unwrap();
        assert_eq!(peer, self.peer);
        (method, path, body, Reply::of(&out[..size]).unwrap())
    }

    fn waits(&mut self) -> bool {
        self.server().next(0).is_some()
    }

    /// What is sent by now.
    fn due(&mut self) -> Vec<Reply> {
        let now = self.now;
        let mut out = [0; HEAD + BLOCK];
        let mut all = Vec::new();
        while let Some((peer, size)) = self.server().due(now, &mut out) {
            assert_eq!(peer, self.peer);
            all.push(Reply::of(&out[..size]).unwrap());
        }
        all
    }

    fn notify(&mut self, answer: u16, payload: &[u8]) -> Result<u32, Failure> {
        self.server().notify(0, b"store", code::of_response(answer).unwrap(), payload)
    }

    /// A request to observe, as it is answered.
    fn observe(&mut self, token: u8) -> Reply {
        self.observe_at(0, token, b"store")
    }

    /// The same, for a path of a resource.
    fn observe_at(&mut self, number: usize, token: u8, path: &[u8]) -> Reply {
        self.id += 1;
        let mut out = [0; 64];
        let mut writer = Writer::new(&mut out, Type::Confirmable, code::GET, self.id, &[token]);
        writer.number(option::OBSERVE, 0);
        writer.path(path);
        let size = writer.finish(&[]);
        assert_eq!(self.receive(&out[..size]).1, Some(number));
        self.serve_of(number, 205, b"first").3
    }
}

fn request_of(
    kind: Type,
    method: u8,
    id: u16,
    path: &[&[&[u8]]],
    options: &[(u16, &[u8])],
    payload: &[u8],
) -> Vec<u8> {
    let mut all: Vec<(u16, &[u8])> = options.to_vec();
    all.extend(path.iter().flat_map(|segments| segments.iter()).map(|one| (option::URI_PATH, *one)));
    all.sort_by_key(|(number, _)| *number);
    let mut out = vec![0; 2048];
    let mut writer = Writer::new(&mut out, kind, method, id, &[1, 2]);
    all.iter().for_each(|(number, value)| writer.option(*number, value));
    let size = writer.finish(payload);
    assert_ne!(size, 0);
    out.truncate(size);
    out
}

fn block(number: u32, more: bool, exponent: u8) -> [u8; 1] {
    [Block { number, more, exponent }.value() as u8]
}

#[test]
fn what_is_no_message_is_refused_or_ignored() {
    let mut bench = Bench::new();
    let reset = |id: u16| Reply { kind: Type::Reset, code: 0, id, payload: vec![], options: vec![] };
    // A ping, a token of 9 bytes, a marker without a payload, an option without its value, one of length 15, a
    // response, and a class that there is not.
    let malformed: &[&[u8]] = &[
        b"\x40\x00\x12\x34",
        b"\x49\x01\x12\x34123456789",
        b"\x40\x01\x12\x34\xff",
        b"\x40\x01\x12\x34\xb5st",
        b"\x40\x01\x12\x34\xbf",
        b"\x40\x01\x12\x34\xed",
        b"\x40\x45\x12\x34",
        b"\x40\x21\x12\x34",
        b"\x40\x00\x12\x34x",
    ];
    for bytes in malformed {
        assert_eq!(bench.receive(bytes), (Some(reset(0x1234)), None), "{bytes:x?}");
        let mut quiet = bytes.to_vec();
        quiet[0] |= 0x10;
        assert_eq!(bench.receive(&quiet), (None, None), "{bytes:x?}");
    }
    for bytes in [&b""[..], b"\x40\x01\x12", b"\x80\x01\x12\x34", b"\x60\x00\x12\x34", b"\x70\x00\x12\x34"] {
        assert_eq!(bench.receive(bytes), (None, None), "{bytes:x?}");
    }
}

#[test]
fn options_that_are_not_understood_are_refused() {
    let mut bench = Bench::new();
    let bad: &[(u16, &[u8])] = &[
        (99, b"x"),
        (9, b""),
        (option::URI_PORT, b"123"),
        (option::IF_NONE_MATCH, b"x"),
        (option::BLOCK1, b"1234"),
        (option::URI_HOST, b""),
        (0xffff, b""),
    ];
    for option in bad {
        let request = bench.request(3, &[*option], b"half");
        assert_eq!(bench.refused(&request), 402, "{option:?}");
    }
    let twice: &[(u16, &[u8])] = &[(option::ACCEPT, b"2"), (option::ACCEPT, b"2")];
    let request = bench.request(1, twice, b"");
    assert_eq!(bench.refused(&request), 402);
    let request = request_of(Type::NonConfirmable, 3, 1, &[&[b"store"]], &[(99, b"x")], b"");
    assert_eq!(bench.receive(&request), (None, None));
    let request = bench.request(1, &[(option::PROXY_URI, b"coap://x/store")], b"");
    assert_eq!(bench.refused(&request), 505);
    assert!(!bench.waits());
    // What need not be understood, and what is.
    let long = [b'h'; 255];
    let good: &[(u16, &[u8])] =
        &[(option::URI_HOST, &long), (option::URI_QUERY, b"n=1"), (98, b"x"), (option::ACCEPT, b"2")];
    let request = bench.request(1, good, b"");
    assert_eq!(bench.receive(&request), (None, Some(0)));
    assert_eq!(bench.serve(205, b"yes").3.code, 205);
}

#[test]
fn conditions_hold_as_far_as_is_known() {
    /// The options of a request, and whether it is done at the path, and below it.
    type Case = (&'static [(u16, &'static [u8])], bool, bool);
    let mut bench = Bench::new();
    let all: &[Case] = &[
        (&[(option::IF_NONE_MATCH, b"")], false, false),
        (&[(option::IF_MATCH, b"")], true, false),
        (&[(option::IF_MATCH, b"tag")], false, false),
        (&[(option::IF_MATCH, b"tag"), (option::IF_MATCH, b"")], true, false),
        (&[(option::IF_MATCH, b""), (option::IF_NONE_MATCH, b"")], false, false),
        (&[], true, true),
    ];
    for (options, at_path, below) in all {
        for (segments, is_met) in [(&[&b"store"[..]][..], *at_path), (&[b"store", b"x"], *below)] {
            bench.id += 1;
            let request = request_of(Type::Confirmable, 3, bench.id, &[segments], options, b"v");
            let (reply, arrived) = bench.receive(&request);
            assert_eq!(arrived, is_met.then_some(0), "{options:?} {segments:?}");
            assert_eq!(reply.map(|reply| reply.code), (!is_met).then_some(412));
            if is_met {
                bench.serve(204, b"");
            }
        }
    }
}

#[test]
fn paths_are_whole_or_not_found() {
    let mut bench = Bench::new();
    let ten: Vec<&[u8]> = [&b"store"[..]].into_iter().chain((0..29).map(|_| &b"1"[..])).collect();
    let long = [b'x'; 57];
    let good: &[(&[&[u8]], &str)] = &[
        (&[b"store", b""], "store/"),
        (&[b"store", "\u{e9}".as_bytes()], "store/\u{e9}"),
        (&[b"store", &long], &format!("store/{}", "x".repeat(57))),
        (&ten, &format!("store{}", "/1".repeat(29))),
    ];
    for (segments, path) in good {
        bench.id += 1;
        let request = request_of(Type::Confirmable, 1, bench.id, &[segments], &[], b"");
        assert_eq!(bench.receive(&request), (None, Some(0)), "{path}");
        assert_eq!(bench.serve(205, b"").1, *path);
    }
    let longer = [b'x'; 58];
    let longest = [b'x'; 255];
    let bad: &[&[&[u8]]] = &[
        &[],
        &[b"stor"],
        &[b"stores"],
        &[b"store\0x"],
        &[b"store", b"a/b"],
        &[b"store", b"a\0b"],
        &[b"store", b"\xff\xfe"],
        &[b"store", b"."],
        &[b"store", b".."],
        &[b"store", &longer],
        &[b"store", &longest, &longest],
        &[b"store/x"],
    ];
    for segments in bad {
        bench.id += 1;
        let request = request_of(Type::Confirmable, 1, bench.id, &[segments], &[], b"");
        assert_eq!(bench.refused(&request), 404, "{segments:?}");
    }
    for method in [5, 6, 7, 31] {
        let request = bench.request(method, &[], b"");
        assert_eq!(bench.refused(&request), 405, "{method}");
    }
}

#[test]
fn the_longest_path_is_the_app_s() {
    let mut bench = Bench::new();
    for taken in [&b"store"[..], b".well-known/core"] {
        assert!(!bench.server().serve(1, &Path::of(taken).unwrap(), 1));
    }
    assert!(bench.server().serve(1, &Path::of(b"store/shelf").unwrap(), 1));
    let request = request_of(Type::Confirmable, 1, 1, &[&[b"store", b"shelf", b"1"]], &[], b"");
    assert_eq!(bench.receive(&request), (None, Some(1)));
    let request = request_of(Type::Confirmable, 1, 2, &[&[b"store", b"shelf", b"2"]], &[], b"");
    assert_eq!(bench.refused(&request), 503);
    let list = request_of(Type::Confirmable, 1, 3, &[&[b".well-known", b"core"]], &[], b"");
    let (reply, _) = bench.receive(&list);
    assert_eq!(reply.unwrap().payload, b"</store>,</store/shelf>");
    let wanted = block(1, false, 0);
    let list =
        request_of(Type::Confirmable, 1, 4, &[&[b".well-known", b"core"]], &[(option::BLOCK2, &wanted)], b"");
    let reply = bench.receive(&list).0.unwrap();
    assert_eq!((&reply.payload[..], reply.option(option::BLOCK2)), (&b"/shelf>"[..], Some(0x10)));
    let change = request_of(Type::Confirmable, 2, 6, &[&[b".well-known", b"core"]], &[], b"");
    assert_eq!(bench.refused(&change), 405);
    let unless = [(option::IF_NONE_MATCH, &b""[..])];
    let list = request_of(Type::Confirmable, 1, 8, &[&[b".well-known", b"core"]], &unless, b"");
    assert_eq!(bench.refused(&list), 412);
    bench.server().end(1);
    assert!(bench.server().serve(1, &Path::of(b"a>,;/\xc3%").unwrap(), 1));
    let list = request_of(Type::Confirmable, 1, 7, &[&[b".well-known", b"core"]], &[], b"");
    let (reply, _) = bench.receive(&list);
    assert_eq!(reply.unwrap().payload, b"</store>,</a%3E%2C%3B/%C3%25>");
    bench.server().end(1);
    let request = request_of(Type::Confirmable, 1, 5, &[&[b"store", b"shelf", b"1"]], &[], b"");
    assert_eq!(bench.receive(&request), (None, Some(0)));
}

#[test]
fn what_comes_twice_is_answered_from_memory() {
    let mut bench = Bench::new();
    let request = bench.request(2, &[], b"");
    assert_eq!(bench.receive(&request), (None, Some(0)));
    assert_eq!(bench.receive(&request), (None, None));
    let (.., answer) = bench.serve(204, b"1");
    for _ in 0..3 {
        assert_eq!(bench.receive(&request).0.as_ref(), Some(&answer));
    }
    assert!(!bench.waits());
    // Another client's, and another request, are not this one.
    bench.peer.port = 2;
    assert_eq!(bench.receive(&request), (None, Some(0)));
    bench.serve(204, b"2");
    bench.peer.port = 1;
    // Who does not want to be acknowledged is answered once.
    let quiet = request_of(Type::NonConfirmable, 2, 1, &[&[b"store"]], &[], b"");
    assert_eq!(bench.receive(&quiet), (None, Some(0)));
    assert_eq!(bench.serve(204, b"3").3.kind, Type::NonConfirmable);
    assert_eq!(bench.receive(&quiet), (None, None));
    // As long as it can come again.
    bench.now = bench.now.wrapping_add(246_999);
    assert_eq!(bench.receive(&request).0.as_ref(), Some(&answer));
    bench.now = bench.now.wrapping_add(1);
    assert_eq!(bench.receive(&request), (None, Some(0)));
    bench.serve(204, b"4");
    // As long as there is room: the oldest makes it.
    for _ in 0..8 {
        bench.now = bench.now.wrapping_add(1);
        let other = bench.request(2, &[], b"");
        assert_eq!(bench.receive(&other), (None, Some(0)));
        bench.serve(204, b"");
    }
    assert_eq!(bench.receive(&request), (None, Some(0)));
    // Nothing is kept of an app that has ended.
    bench.serve(204, b"5");
    bench.server().end(0);
    assert_eq!(bench.refused(&request), 404);
}

#[test]
fn nobody_has_the_answers_of_others_forgotten() {
    let mut bench = Bench::new();
    assert!(bench.server().serve(1, &Path::of(b"shelf").unwrap(), 2));
    let request = bench.request(2, &[], b"");
    bench.receive(&request);
    let (.., answer) = bench.serve(204, b"1");
    for id in 0..50 {
        bench.now = bench.now.wrapping_add(1);
        let other = request_of(Type::Confirmable, 2, id, &[&[b"shelf"]], &[], b"");
        assert_eq!(bench.receive(&other), (None, Some(1)));
        let id = bench.server().next(1).unwrap().id;
        bench.server().answer(1, id, 0x44, b"", &mut [0; 64]).unwrap();
    }
    assert_eq!(bench.receive(&request), (Some(answer), None));
}

#[test]
fn who_waits_has_a_place_and_no_more() {
    let mut bench = Bench::new();
    let requests = [bench.request(2, &[], b"1"), bench.request(2, &[], b"2"), bench.request(2, &[], b"3")];
    assert_eq!(bench.receive(&requests[0]), (None, Some(0)));
    assert_eq!(bench.receive(&requests[1]), (None, Some(0)));
    assert_eq!(bench.refused(&requests[2]), 503);
    assert_eq!(bench.serve(204, b"").2, b"1");
    assert_eq!(bench.receive(&requests[2]), (None, Some(0)));
    assert_eq!(bench.serve(204, b"").2, b"2");
    assert_eq!(bench.serve(204, b"").2, b"3");
    assert_eq!(bench.server().answer(0, 1, 0x45, b"", &mut [0; 64]), Err(Failure::Timeout));
    let request = bench.request(2, &[], b"");
    bench.receive(&request);
    let id = bench.server().next(0).unwrap().id;
    assert_eq!(bench.server().answer(0, id, 0x45, &[0; BODY + 1], &mut [0; 64]), Err(Failure::TooLarge));
    assert_eq!(bench.server().answer(1, id, 0x45, b"", &mut [0; 64]), Err(Failure::Timeout));
    assert!(bench.server().answer(0, id, 0x45, b"", &mut [0; 64]).is_ok());
}

/// What comes by chance, and what is nearly right, ends no server.
#[test]
fn nothing_that_comes_is_an_end() {
    let mut bench = Bench::new();
    bench.server().make_observable(0);
    let mut seed = 1_u32;
    let mut chance = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed
    };
    for _ in 0..200_000 {
        let numbers = [1, 3, 4, 5, 6, 7, 11, 15, 17, 23, 27, 28, 35, 60, 99];
        let mut options: Vec<(u16, Vec<u8>)> = Vec::new();
        for _ in 0..chance() % 4 {
            let number = numbers[chance() as usize % numbers.len()];
            options.push((number, (0..chance() % 4).map(|_| chance() as u8).collect()));
        }
        let options: Vec<(u16, &[u8])> = options.iter().map(|(at, value)| (*at, &value[..])).collect();
        let kind = if chance() % 4 == 0 { Type::NonConfirmable } else { Type::Confirmable };
        let payload = vec![0; [0, 1, 16, 32, 129][chance() as usize % 5]];
        let method = (chance() % 6) as u8;
        let mut bytes = request_of(kind, method, (chance() % 64) as u16, &[&[b"store"]], &options, &payload);
        if chance() % 2 == 0 {
            let at = chance() as usize % bytes.len();
            bytes[at] = chance() as u8;
        }
        bytes.truncate(bytes.len() - if chance() % 8 == 0 { chance() as usize % bytes.len() } else { 0 });
        bench.peer.port = (chance() % 3) as u16;
        bench.now = bench.now.wrapping_add(chance() % 1000);
        bench.receive(&bytes);
        let mut out = [0; HEAD + BLOCK];
        if chance() % 2 == 0 {
            let taken = bench.server().next(0).map(|taken| taken.id);
            if let Some(id) = taken {
                let body = [1; BODY];
                let length = chance() as usize % (BODY + 1);
                assert!(bench.server().answer(0, id, 0x45, &body[..length], &mut out).is_ok());
            }
        }
        if chance() % 8 == 0 {
            bench.notify(205, &[2; BODY][..chance() as usize % (BODY + 1)]).unwrap();
        }
        let now = bench.now;
        while bench.server().due(now, &mut out).is_some() {}
        assert_ne!(bench.server().wait(now), Some(0));
    }
}
