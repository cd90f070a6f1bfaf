//! Addresses between Rust and `src/net.c`.

use core::fmt::Write;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// `struct zephyr_wasm_address`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Address {
    bytes: [u8; 16],
    port: u16,
    is_ipv6: bool,
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        let mut bytes = [0; 16];
        match address.ip() {
            IpAddr::V4(ip) => bytes[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => bytes = ip.octets(),
        }
        Address { bytes, port: address.port(), is_ipv6: address.is_ipv6() }
    }
}

impl From<Address> for SocketAddr {
    fn from(address: Address) -> Self {
        let [a, b, c, d, ..] = address.bytes;
        let ip = match address.is_ipv6 {
            true => Ipv6Addr::from(address.bytes).into(),
            false => Ipv4Addr::new(a, b, c, d).into(),
        };
        SocketAddr::new(ip, address.port)
    }
}

/// Writes an address as grants have it, with its port, and a zero behind it.
///
/// # Safety
/// `text` has room for `room` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_peer(address: &Address, text: *mut u8, room: usize) {
    let mut peer = heapless::String::<64>::new();
    let _ = write!(peer, "{}", SocketAddr::from(*address));
    // SAFETY: as promised by the caller.
    unsafe { crate::entry::write(&peer, text, room) };
}
