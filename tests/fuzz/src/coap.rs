//! What comes to the server and the client of CoAP, whoever sends it.
//!
//! Pieces of a byte that says what happens, one that says to whom, a length and as many bytes: a message of a client's to the
//! server, what an app does that serves, time that passes, and a message of a server's to the client.

use zephyr_wasm_api::coap::client::{Ask, Asks, Next};
use zephyr_wasm_api::coap::packet::HEAD;
use zephyr_wasm_api::coap::shared::{Counters, Peer};
use zephyr_wasm_api::coap::{Exchange, Observer, Path, Resource, Server};

const BODY: usize = 96;
const BLOCK: usize = 32;
/// Two resources of two requests and one observer each, and two answers.
const EXCHANGES: usize = 2 * 3 + 2;

pub fn coap(data: &[u8]) {
    let mut resources = vec![Resource::default(); 2];
    let mut exchanges = vec![Exchange::default(); EXCHANGES];
    let (mut bodies, mut observers) = (vec![0; EXCHANGES * BODY], vec![Observer::default(); 2]);
    let mut counters = Counters::new(0xfff0);
    let mut server = Server {
        resources: &mut resources,
        exchanges: &mut exchanges,
        bodies: &mut bodies,
        observers: &mut observers,
        counters: &mut counters,
        body: BODY,
        block: BLOCK,
    };
    for (number, path) in [&b"a"[..], b"a/b"].into_iter().enumerate() {
        assert!(server.serve(number, &Path::of(path).expect("a path"), 2));
    }
    let asks = Asks {
        path: b"a",
        payload: &[1; 80],
        block: BLOCK,
        body: BODY,
    };
    let mut ask = Ask::new(3, BLOCK, [0; 10]);
    let (mut now, mut out) = (0_u32, [0; HEAD + BLOCK]);
    let mut rest = data;
    while let [what, whom, length, after @ ..] = rest {
        let (piece, left) = after.split_at(usize::from(*length).min(after.len()));
        rest = left;
        let number = usize::from(whom & 1);
        match what % 8 {
            0..=2 => {
                let peer = Peer {
                    port: u16::from(whom % 4),
                    ..Peer::default()
                };
                let received = server.receive(now, &peer, piece, *what > 0xf0, &mut out);
                assert!(
                    received.reply <= out.len()
                        && (received.reply == 0 || received.arrived.is_none())
                );
            }
            3 => {
                let taken = server.next(number).map(|taken| {
                    assert!(taken.body.len() <= BODY && taken.path.starts_with(b"a"));
                    taken.id
                });
                let body = &piece[..piece.len().min(BODY)];
                if let Some(id) = taken {
                    assert!(
                        server
                            .answer(number, id, 0x45, body, &mut out)
                            .is_ok_and(|(_, size)| size > 0)
                    );
                }
            }
            4 => {
                server.make_observable(number);
                let _ = server.notify(
                    number,
                    &b"a/b"[..1 + 2 * number],
                    0x45 + (whom & 0x40),
                    piece,
                );
            }
            5 => now = now.wrapping_add(u32::from(*whom) * 1000),
            6 => {
                server.end(number);
                assert!(server.serve(
                    number,
                    &Path::of(&b"a/b"[..1 + 2 * number]).expect("a path"),
                    2
                ));
            }
            _ => {
                let next = ask.read(&asks, piece, *what > 0xf0, &mut [0; BODY], &mut None);
                match next {
                    Next::Wait | Next::Listen => {}
                    Next::Send => assert_ne!(ask.write(&asks, &mut out), 0),
                    Next::Done(_, size) => assert!(size <= BODY),
                    Next::Failed(_) => ask = Ask::new(3, BLOCK, [0; 10]),
                }
            }
        }
        while let Some((_, size)) = server.due(now, &mut out) {
            assert_ne!(size, 0);
        }
        assert_ne!(server.wait(now), Some(0));
    }
}

/// Exchanges as they are, each piece as it comes.
pub fn seeds() -> Vec<Vec<u8>> {
    let piece = |what: u8, whom: u8, bytes: &[u8]| {
        let mut piece = vec![what, whom, bytes.len() as u8];
        piece.extend_from_slice(bytes);
        piece
    };
    let get = piece(0, 1, b"\x41\x01\x00\x01t\xb1a");
    let observe = piece(0, 1, b"\x41\x01\x00\x02t\x60\x51a");
    let first = piece(
        0,
        2,
        b"\x41\x03\x00\x03t\xb1a\xd1\x03\x08\xff0123456789abcdef",
    );
    let last = piece(0, 2, b"\x41\x03\x00\x04t\xb1a\xd1\x03\x10\xff0123");
    let answer = piece(3, 0, &[7; BODY]);
    let rest = piece(0, 1, b"\x41\x01\x00\x05t\xb1a\xc1\x11");
    let told = piece(4, 0, b"changed");
    let known = piece(0, 1, b"\x60\x00\xff\xf1");
    let late = piece(5, 200, b"");
    let end = piece(6, 0, b"");
    let mut to_client = piece(7, 0, b"\x68\x5f\x00\x00\0\0\0\0\0\0\0\0\xd1\x0e\x09");
    to_client.extend(piece(
        7,
        0,
        b"\x68\x44\x00\x01\0\0\0\0\0\0\0\x01\xd1\x0e\x19\xffyes",
    ));
    vec![
        [&get[..], &get, &answer, &get, &rest].concat(),
        [
            &told[..],
            &observe,
            &answer,
            &told,
            &known,
            &told,
            &late,
            &late,
            &end,
        ]
        .concat(),
        [&first[..], &first, &last, &answer, &last].concat(),
        to_client,
    ]
}
