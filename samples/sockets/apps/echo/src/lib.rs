//! Sends back what it receives: datagrams, and the bytes of a connection.
#![no_std]

use zephyr_wasm_guest::sockets::{
    ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Pollable, TcpSocket, UdpSocket, poll,
};
use zephyr_wasm_guest::{SECOND, app, info};

app!(run, heap = 2048);

const ANY: IpAddress = IpAddress::Ipv4((0, 0, 0, 0));

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), ErrorCode> {
    let udp = UdpSocket::create(IpAddressFamily::Ipv4)?;
    udp.bind(IpSocketAddress { address: ANY, port: 4242 })?;
    let tcp = TcpSocket::create(IpAddressFamily::Ipv4)?;
    // A port that the manifest does not grant.
    if tcp.bind(IpSocketAddress { address: ANY, port: 22 }) == Err(ErrorCode::AccessDenied) {
        info!("port 22 is not for me");
    }
    tcp.bind(IpSocketAddress { address: ANY, port: 4243 })?;
    tcp.listen(1)?;
    info!("ready");
    loop {
        let ready = poll(&[Pollable::UdpReadable(&udp), Pollable::TcpReadable(&tcp)], 3 * SECOND)?;
        if ready.is_empty() {
            info!("nobody comes any more");
            return Ok(());
        }
        for socket in ready {
            if socket == 0 {
                let datagram = udp.receive(SECOND)?;
                udp.send(&datagram.data, datagram.remote_address)?;
            } else {
                serve(&tcp.accept(SECOND)?)?;
            }
        }
    }
}

/// One connection to its end.
fn serve(peer: &TcpSocket) -> Result<(), ErrorCode> {
    loop {
        let data = peer.receive(128, 2 * SECOND)?;
        if data.is_empty() {
            return Ok(());
        }
        let mut sent = 0;
        while sent < data.len() {
            sent += peer.send(&data[sent..], SECOND)? as usize;
        }
    }
}
