//! Apps that do not read what comes for them, or that find no buffers to send, or whose peers are not heard of any more:
//! src/buffers.c and src/connections.c want the number that each returns.

use crate::net::{ANY, ask, at, tcp, udp};
use zephyr_wasm_guest::coap;
use zephyr_wasm_guest::message::Subscription;
use zephyr_wasm_guest::sockets::{ErrorCode, IpSocketAddress, Pollable, TcpSocket, poll, resolve_addresses};
use zephyr_wasm_guest::{MILLISECOND, SECOND, clocks};

/// The first of these.
pub const FIRST: u8 = 130;

/// How many datagrams each of two sockets is sent.
const COUNT: usize = 150;

/// In the order of src/hoards.h.
pub fn hoard(kind: u8) -> Option<i32> {
    let go = Subscription::open("kills/go", 1).ok()?;
    match kind {
        130 => datagrams(&go),
        131 => bytes(&go),
        132 => bytes_that_are_not_accepted(&go),
        133 => sends(&go),
        134 => sends_at_length(&go),
        135 => asks_of_a_lost_peer(&go),
        136 => milliseconds_of_a_flood(),
        137 => closes(&go),
        138 => listens_and_closes(&go),
        139 => looks_up(),
        140 => closes_early(&go),
        _ => None,
    }
}

/// Asks for many, and takes what is there when it is told to: so many.
fn datagrams(go: &Subscription) -> Option<i32> {
    let sockets = [udp().ok()?, udp().ok()?];
    for _ in 0..COUNT {
        for socket in &sockets {
            // There may be no buffer to send.
            let _ = socket.send(b"1", at(2, 7));
        }
        clocks::wait_for(5 * MILLISECOND);
    }
    go.receive(30 * SECOND)?;
    let mut count = 0;
    for socket in &sockets {
        while socket.receive(0).is_ok() {
            count += 1;
        }
    }
    Some(count)
}

/// The port may still be with the app before.
fn listen(backlog: u32) -> Option<TcpSocket> {
    (0..30).find_map(|_| {
        let socket = tcp().ok()?;
        let own = IpSocketAddress { address: ANY, port: 8 };
        let bound = socket.bind(own).and_then(|()| socket.listen(backlog));
        if bound.is_err() {
            clocks::wait_for(100 * MILLISECOND);
        }
        bound.ok().map(|()| socket)
    })
}

/// Takes a connection, and as many bytes of it as it is told, which have to come in their order.
fn bytes(go: &Subscription) -> Option<i32> {
    let connection = listen(4)?.accept(5 * SECOND).ok()?;
    let expected = go.receive(30 * SECOND)?.payload.first().copied()?;
    let mut count = 0;
    while count < expected {
        for byte in connection.receive(64, 5 * SECOND).ok().filter(|bytes| !bytes.is_empty())? {
            if byte != count {
                return None;
            }
            count += 1;
        }
    }
    Some(count.into())
}

fn bytes_that_are_not_accepted(go: &Subscription) -> Option<i32> {
    let _listener = listen(4)?;
    go.receive(30 * SECOND).map(|_| 0)
}

/// What cannot be sent fails, or waits; and goes when there is room again.
fn sends(go: &Subscription) -> Option<i32> {
    let datagram = || udp().ok()?.send(b"1", at(2, 7)).err();
    let connection = tcp().ok()?;
    connection.connect(at(2, 7), SECOND).ok()?;
    go.receive(30 * SECOND)?;
    let mut right = i32::from(matches!(datagram(), Some(ErrorCode::NewSocketLimit)));
    right |= i32::from(matches!(connection.send(b"1", 50 * MILLISECOND), Err(ErrorCode::Timeout))) << 1;
    right |= i32::from(matches!(ask("192.0.2.2:5684", 50 * MILLISECOND), Err(coap::Error::Timeout))) << 2;
    let connected = tcp().ok()?.connect(at(2, 7), 50 * MILLISECOND);
    right |= i32::from(matches!(connected, Err(ErrorCode::Timeout))) << 3;
    go.receive(30 * SECOND)?;
    let goes = udp().ok()?.send(b"1", at(2, 7)).is_ok() && ask("192.0.2.2:5684", SECOND).is_ok();
    Some(right | i32::from(goes) << 4)
}

/// A datagram that needs more than is left for apps is not sent, and one that does not is.
fn sends_at_length(go: &Subscription) -> Option<i32> {
    let socket = udp().ok()?;
    go.receive(30 * SECOND)?;
    let right = i32::from(matches!(socket.send(&[0; 500], at(2, 7)), Err(ErrorCode::NewSocketLimit)));
    Some(right | i32::from(socket.send(&[0; 100], at(2, 7)).is_ok()) << 1)
}

/// Connects to somebody who hangs up, and is not heard of when that is to be confirmed.
fn asks_of_a_lost_peer(go: &Subscription) -> Option<i32> {
    let socket = tcp().ok()?;
    socket.connect(at(2, 83), SECOND).ok()?;
    go.receive(30 * SECOND)?;
    let mut right = i32::from(matches!(socket.get_local_address(), Err(ErrorCode::InvalidState)));
    let ready = poll(&[Pollable::TcpWritable(&socket)], SECOND).ok()?;
    right |= i32::from(ready == [0]) << 1;
    right |= i32::from(socket.send(b"1", 50 * MILLISECOND).is_err()) << 2;
    right |= i32::from(matches!(socket.receive(1, SECOND), Err(ErrorCode::ConnectionReset))) << 3;
    Some(right)
}

/// What comes and is no answer keeps a request from its end no longer than it has time.
fn milliseconds_of_a_flood() -> Option<i32> {
    let began = clocks::now();
    match ask("192.0.2.2:5686", 200 * MILLISECOND) {
        Err(coap::Error::Timeout) => i32::try_from((clocks::now() - began) / MILLISECOND).ok(),
        _ => None,
    }
}

/// Closes connections to who does not confirm that, as many as there can be: how many, if it is said that these are all.
fn close_many() -> Option<i32> {
    for count in 0..200 {
        match tcp() {
            Ok(socket) => {
                let _ = socket.connect(at(2, 84), 50 * MILLISECOND);
            }
            Err(ErrorCode::NewSocketLimit) => return Some(count),
            Err(_) => return None,
        }
    }
    None
}

fn closes(go: &Subscription) -> Option<i32> {
    let count = close_many()?;
    go.receive(30 * SECOND)?;
    Some(count)
}

/// The same beside a socket to which as many may connect as Zephyr lets wait.
fn listens_and_closes(go: &Subscription) -> Option<i32> {
    let _listener = listen(16)?;
    closes(go)
}

/// Closes connections before their peer takes them, and asks for one more when it is told to.
fn closes_early(go: &Subscription) -> Option<i32> {
    for _ in 0..10 {
        let _ = tcp().ok()?.connect(at(2, 84), MILLISECOND);
    }
    go.receive(30 * SECOND)?;
    tcp().ok().map(|_| 0)
}

/// A record that is none of an address, and the board's own address, are no answers.
fn looks_up() -> Option<i32> {
    let is_none = |name| matches!(resolve_addresses(name), Err(ErrorCode::NameUnresolvable));
    let right = i32::from(is_none("service.example.com")) | i32::from(is_none("own.example.com")) << 1;
    Some(right | i32::from(resolve_addresses("B.example.com").is_ok()) << 2)
}
