//! The client, with our server and with others.

use super::{BLOCK, BODY, Bench, block};
use crate::Failure;
use crate::coap::client::{Ask, Asks, Next};
use crate::coap::packet::{HEAD, Type, Writer, empty, option};
use alloc::vec;
use alloc::vec::Vec;

/// A request of the client's to a server, whose app answers so; what it got, and what that app saw.
fn talk(
    bench: &mut Bench,
    method: u8,
    payload: &[u8],
    answer: &[u8],
    block: usize,
) -> (Next, Vec<u8>, Vec<u8>) {
    let asks = Asks { path: b"store", payload, block, body: BODY };
    let mut ask = Ask::new(method, block, [7; 10]);
    let (mut body, mut seen) = ([0; BODY], Vec::new());
    loop {
        let mut out = [0; HEAD + BODY];
        let size = ask.write(&asks, &mut out);
        let (now, peer) = (bench.now, bench.peer);
        let mut back = [0; HEAD + BLOCK];
        let received = bench.server().receive(now, &peer, &out[..size], false, &mut back);
        let mut length = received.reply;
        if received.arrived.is_some() {
            let taken = bench.server().next(0).map(|taken| (taken.id, taken.body.to_vec())).unwrap();
            seen = taken.1;
            length = bench.server().answer(0, taken.0, 0x45, answer, &mut back).unwrap().1;
        }
        let next = ask.read(&asks, &back[..length], false, &mut body, &mut None);
        match next {
            Next::Send => {}
            Next::Done(_, size) => return (next, body[..size].to_vec(), seen),
            _ => return (next, vec![], seen),
        }
    }
}

#[test]
fn the_client_sends_and_takes_blocks() {
    let long: Vec<u8> = (0..64).collect();
    for block in [16, 32, 64] {
        for (there, back) in [(0, 0), (1, 16), (16, 17), (17, 64), (64, 33), (64, 64), (33, 0)] {
            let mut bench = Bench::new();
            let (next, got, seen) = talk(&mut bench, 3, &long[..there], &long[..back], block);
            assert_eq!(next, Next::Done(0x45, back), "{block} {there} {back}");
            assert_eq!((&got[..], &seen[..]), (&long[..back], &long[..there]), "{block}");
        }
    }
    let mut bench = Bench::new();
    bench.server().end(0);
    assert_eq!(talk(&mut bench, 3, &long, b"", 16).0, Next::Done(0x84, 0));
}

#[test]
fn the_client_believes_no_server() {
    let asks = Asks { path: b"store", payload: b"", block: 32, body: BODY };
    let token = [7; 8];
    let answer = |kind, code, id, token: &[u8], options: &[(u16, &[u8])], payload: &[u8]| {
        let mut out = vec![0; 512];
        let mut writer = Writer::new(&mut out, kind, code, id, token);
        options.iter().for_each(|(number, value)| writer.option(*number, value));
        let size = writer.finish(payload);
        out.truncate(size);
        out
    };
    let read = |bytes: &[u8], is_cut| {
        let mut ask = Ask::new(1, 32, [7; 10]);
        let mut reply = None;
        let next = ask.read(&asks, bytes, is_cut, &mut [0; BODY], &mut reply);
        (next, reply)
    };
    let (ack, con, non) = (Type::Acknowledgement, Type::Confirmable, Type::NonConfirmable);
    let reset = |id| Some(empty(Type::Reset, id));
    // Of this request: the message 0x0707.
    assert_eq!(read(&empty(ack, 0x0707), false).0, Next::Listen);
    assert_eq!(read(&empty(ack, 0x0708), false).0, Next::Wait);
    assert_eq!(read(&empty(Type::Reset, 0x0707), false).0, Next::Failed(Failure::Io));
    assert_eq!(read(&empty(Type::Reset, 0x0708), false).0, Next::Wait);
    assert_eq!(read(&empty(con, 9), false), (Next::Wait, reset(9)));
    assert_eq!(read(&answer(ack, 0x45, 0x0707, &token, &[], b"yes"), false), (Next::Done(0x45, 3), None));
    assert_eq!(read(&answer(ack, 0x45, 0x0708, &token, &[], b"no"), false), (Next::Wait, None));
    assert_eq!(read(&answer(ack, 0x45, 0x0707, b"x", &[], b"no"), false), (Next::Wait, None));
    assert_eq!(
        read(&answer(con, 0x45, 9, &token, &[], b"yes"), false),
        (Next::Done(0x45, 3), Some(empty(ack, 9)))
    );
    assert_eq!(read(&answer(con, 0x45, 9, b"x", &[], b"no"), false), (Next::Wait, reset(9)));
    assert_eq!(read(&answer(non, 0x45, 9, b"x", &[], b"no"), false), (Next::Wait, None));
    // What is not understood, and a request.
    let unknown: &[(u16, &[u8])] = &[(99, b"x")];
    assert_eq!(read(&answer(ack, 0x45, 0x0707, &token, unknown, b""), false), (Next::Wait, None));
    assert_eq!(read(&answer(con, 0x45, 9, &token, unknown, b""), false), (Next::Wait, reset(9)));
    assert_eq!(read(&answer(con, 0x01, 9, &token, &[], b""), false), (Next::Wait, reset(9)));
    assert_eq!(read(&answer(ack, 0x45, 0x0707, &token, &[(98, b"x")], b""), false).0, Next::Done(0x45, 0));
    // What is too long, cut, out of order or too short.
    let failed = |failure| Next::Failed(failure);
    let all = answer(ack, 0x45, 0x0707, &token, &[], &[0; BODY + 1]);
    assert_eq!(read(&all, false).0, failed(Failure::TooLarge));
    assert_eq!(read(&all[..20], true).0, failed(Failure::TooLarge));
    let said: &[(u16, &[u8])] = &[(option::BLOCK2, &block(0, true, 0)), (option::SIZE2, &[129])];
    assert_eq!(read(&answer(ack, 0x45, 0x0707, &token, said, &[0; 16]), false).0, failed(Failure::TooLarge));
    for (wrong, length) in [(block(1, true, 0), 16), (block(0, true, 0), 15), (block(0, true, 0), 17)] {
        let options: &[(u16, &[u8])] = &[(option::BLOCK2, &wrong)];
        let bytes = answer(ack, 0x45, 0x0707, &token, options, &[0; 17][..length]);
        assert_eq!(read(&bytes, false).0, failed(Failure::Io));
    }
    assert_eq!(read(&answer(ack, 0x5f, 0x0707, &token, &[], b""), false).0, failed(Failure::Io));
}
