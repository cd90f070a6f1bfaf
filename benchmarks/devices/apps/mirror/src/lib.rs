//! Sends datagrams back, until one of a single byte comes.
#![no_std]

use zephyr_wasm_guest::app;
use zephyr_wasm_guest::sockets::{ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, UdpSocket};

app!(run, arena = 1024);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), ErrorCode> {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4)?;
    socket.bind(IpSocketAddress { address: IpAddress::Ipv4((0, 0, 0, 0)), port: 4242 })?;
    loop {
        let datagram = socket.receive(u64::MAX)?;
        if datagram.data.len() == 1 {
            return Ok(());
        }
        socket.send(&datagram.data, datagram.remote_address)?;
    }
}
