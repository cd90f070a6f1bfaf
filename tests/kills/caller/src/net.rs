//! Calls of the network: to the servers of src/servers.c, and of those.

use crate::told::{Never, forever};
use zephyr_wasm_guest::coap::{self, Method, Response, Served};
use zephyr_wasm_guest::sockets::{
    ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Pollable, TcpSocket, UdpSocket, poll,
    resolve_addresses,
};
use zephyr_wasm_guest::{MILLISECOND, SECOND, clocks, http};

pub const ANY: IpAddress = IpAddress::Ipv4((0, 0, 0, 0));

/// An address beside ours.
pub const fn at(host: u8, port: u16) -> IpSocketAddress {
    IpSocketAddress { address: IpAddress::Ipv4((192, 0, 2, host)), port }
}

pub fn udp() -> Result<UdpSocket, ErrorCode> {
    UdpSocket::create(IpAddressFamily::Ipv4)
}

pub fn tcp() -> Result<TcpSocket, ErrorCode> {
    TcpSocket::create(IpAddressFamily::Ipv4)
}

fn connected() -> Result<TcpSocket, ErrorCode> {
    let socket = tcp()?;
    socket.connect(at(2, 7), SECOND)?;
    Ok(socket)
}

pub fn ask(server: &str, deadline: u64) -> Result<Response, coap::Error> {
    coap::ask(server, Method::Get, "it", b"1", deadline)
}

pub fn fetch(url: &str, timeout: u64) -> Result<u16, http::Error> {
    http::request(http::Method::Get, url, &[], &[], timeout).map(|answer| answer.status)
}

/// Does it for ever; what fails, as for want of room in the stack of the network, is tried again.
fn patiently<T, E>(mut work: impl FnMut() -> Result<T, E>) -> Option<Never> {
    forever(|| {
        if work().is_err() {
            clocks::wait_for(MILLISECOND);
        }
        Some(())
    })
}

/// In the order of src/main.c.
pub fn call(kind: u8) -> Option<Never> {
    match kind {
        44 => patiently(|| {
            let socket = udp()?;
            socket.bind(IpSocketAddress { address: ANY, port: 4242 })?;
            socket.get_local_address()
        }),
        45 => patiently(|| {
            let socket = udp()?;
            socket.send(b"1", at(2, 7))?;
            // Who is not granted may be one of those that were looked up, or who has asked.
            let _ = socket.send(b"1", at(2, 99));
            socket.receive(10 * MILLISECOND)
        }),
        46 => patiently(|| {
            let socket = connected()?;
            socket.get_remote_address()?;
            socket.shutdown()
        }),
        47 => patiently(|| {
            let socket = connected()?;
            loop {
                socket.send(b"1", SECOND)?;
                socket.receive(1, 100 * MILLISECOND)?;
            }
            #[allow(unreachable_code)]
            Ok::<(), ErrorCode>(())
        }),
        48 => patiently(|| {
            let socket = tcp()?;
            socket.bind(IpSocketAddress { address: ANY, port: 8 })?;
            socket.listen(1)?;
            socket.accept(50 * MILLISECOND)
        }),
        49 => patiently(|| {
            let socket = udp()?;
            socket.send(b"1", at(2, 7))?;
            poll(&[Pollable::UdpReadable(&socket)], 10 * MILLISECOND)
        }),
        50 => patiently(|| resolve_addresses("b.example.com")),
        51 => patiently(|| resolve_addresses("silent.example.com")),
        52 => patiently(|| ask("192.0.2.2:5684", SECOND)),
        53 => patiently(|| ask("192.0.2.2:5685", 20 * MILLISECOND)),
        54 => patiently(|| {
            let served = Served::open("kills/it", 1)?;
            served.observable();
            let Some(request) = served.next(50 * MILLISECOND) else { return Ok(()) };
            let response = Response { code: 205, payload: request.payload };
            served.respond(request.id, &response)?;
            served.notify("kills/it", &response).map(drop)
        }),
        55 => patiently(|| fetch("http://192.0.2.2/it", SECOND)),
        56 => patiently(|| fetch("http://192.0.2.2:81/it", 20 * MILLISECOND)),
        // Nothing but the kill ends it, wherever that comes.
        57 => patiently(|| fetch("http://192.0.2.2:81/it", 100 * SECOND)),
        _ => None,
    }
}
