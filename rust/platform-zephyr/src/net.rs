//! Addresses between Rust and `src/net/net.c`.

use crate::entry::{module, text};
use core::ffi::c_char;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_runtime::grants::{Host, Peer, is_host, is_name};

/// An address as C has it.
#[doc(alias = "struct zephyr_wasm_address")]
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

/// Whether a manifest grants a peer: by a name that the app has looked up if there is one, else by its address.
///
/// # Safety
/// `wasm` has `size` bytes; `kind`, `protocol` and `name` end with a zero, and `name` may be null.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_granted_peer(
    wasm: *const u8,
    size: usize,
    kind: *const c_char,
    protocol: *const c_char,
    name: *const c_char,
    address: &Address,
) -> bool {
    // SAFETY: as promised by the caller.
    let (module, kind, protocol) = unsafe { (module(wasm, size), text(kind), text(protocol)) };
    let address = SocketAddr::from(*address);
    let host = if name.is_null() {
        Host::Address(address.ip())
    } else {
        // SAFETY: as promised by the caller.
        match unsafe { text(name) } {
            Some(name) if is_name(name) => Host::Name(name),
            _ => return false,
        }
    };
    let peer = Peer { protocol: protocol.unwrap_or_default(), host, port: address.port() };
    Manifest::of(module).values(kind.unwrap_or_default()).any(|pattern| peer.is_of(pattern))
}

/// Whether a text is the name or the address of a host, and nothing besides; for the kernel, which does not take the app's
/// word for it.
///
/// # Safety
/// `text` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_is_host(text: *const c_char, length: usize) -> bool {
    // SAFETY: as promised by the caller.
    str::from_utf8(unsafe { module(text.cast(), length) }).is_ok_and(is_host)
}
