//! Talks to its neighbour by UDP and TCP, and to nobody where there is nobody.
#![no_std]

extern crate alloc;

use alloc::vec::Vec;
use zephyr_wasm_guest::sockets::{
    ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, TcpSocket, UdpSocket, resolve_addresses,
};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, clocks, info};

app!(run, heap = 2048);

const fn here(port: u16) -> IpSocketAddress {
    IpSocketAddress { address: IpAddress::Ipv4((127, 0, 0, 1)), port }
}

fn run() -> i32 {
    // Until the neighbour is there.
    clocks::wait_for(500 * MILLISECOND);
    match udp().and_then(|()| tcp()).and_then(|()| refused()) {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn udp() -> Result<(), ErrorCode> {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4)?;
    for round in 0..10u8 {
        socket.send(&[round; 64], here(4242))?;
        let back = socket.receive(SECOND)?;
        if back.data != [round; 64] {
            return Err(ErrorCode::Unknown);
        }
    }
    info!("ten datagrams came back");
    // Nobody sends any more.
    if socket.receive(50 * MILLISECOND).err() == Some(ErrorCode::Timeout) {
        info!("no eleventh");
    }
    if socket.send(&[0; 2000], here(4242)) == Err(ErrorCode::DatagramTooLarge) {
        info!("one is too large");
    }
    Ok(())
}

fn tcp() -> Result<(), ErrorCode> {
    let socket = TcpSocket::create(IpAddressFamily::Ipv4)?;
    socket.connect(here(4243), 2 * SECOND)?;
    let sent = [b'x'; 300];
    let mut at = 0;
    let mut back = Vec::new();
    while back.len() < sent.len() {
        if at < sent.len() {
            at += socket.send(&sent[at..], SECOND)? as usize;
        }
        back.extend(socket.receive(100, SECOND)?);
    }
    if back == sent {
        info!("300 bytes came back");
    }
    Ok(())
}

fn refused() -> Result<(), ErrorCode> {
    let socket = TcpSocket::create(IpAddressFamily::Ipv4)?;
    if matches!(socket.connect(here(9), SECOND), Err(ErrorCode::ConnectionRefused | ErrorCode::ConnectionReset)) {
        info!("nobody is at port 9");
    }
    let elsewhere = IpSocketAddress { address: IpAddress::Ipv4((10, 0, 0, 1)), port: 4242 };
    let socket = UdpSocket::create(IpAddressFamily::Ipv4)?;
    if socket.send(b"x", elsewhere) == Err(ErrorCode::AccessDenied)
        && resolve_addresses("example.com").err() == Some(ErrorCode::AccessDenied)
    {
        info!("nothing else is for me");
    }
    Ok(())
}
