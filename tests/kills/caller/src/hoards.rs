//! Apps that do not read what comes for them, or that find no buffers to send: src/buffers.c wants the number that each
//! returns.

use crate::net::{ANY, ask, at, tcp, udp};
use zephyr_wasm_guest::coap;
use zephyr_wasm_guest::message::Subscription;
use zephyr_wasm_guest::sockets::{ErrorCode, IpSocketAddress, TcpSocket};
use zephyr_wasm_guest::{MILLISECOND, SECOND, clocks};

/// The first of these.
pub const FIRST: u8 = 130;

/// How many datagrams each of two sockets is sent.
const COUNT: usize = 150;

/// In the order of src/buffers.c.
pub fn hoard(kind: u8) -> Option<i32> {
    let go = Subscription::open("kills/go", 1).ok()?;
    match kind {
        130 => datagrams(&go),
        131 => bytes(&go),
        132 => bytes_that_are_not_accepted(&go),
        133 => sends(&go),
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
fn listen() -> Option<TcpSocket> {
    (0..30).find_map(|_| {
        let socket = tcp().ok()?;
        let bound = socket.bind(IpSocketAddress { address: ANY, port: 8 }).and_then(|()| socket.listen(4));
        if bound.is_err() {
            clocks::wait_for(100 * MILLISECOND);
        }
        bound.ok().map(|()| socket)
    })
}

/// Takes a connection, and as many bytes of it as it is told, which have to come in their order.
fn bytes(go: &Subscription) -> Option<i32> {
    let connection = listen()?.accept(5 * SECOND).ok()?;
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
    let _listener = listen()?;
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
    go.receive(30 * SECOND)?;
    right |= i32::from(udp().ok()?.send(b"1", at(2, 7)).is_ok() && ask("192.0.2.2:5684", SECOND).is_ok()) << 3;
    Some(right)
}
