//! `zephyr:sockets` over Zephyr's sockets.

use crate::in_c::in_c;
use crate::net::Address;
use crate::platform::Zephyr;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::net::{IpAddr, SocketAddr};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::sockets::{Device, MOST_POLLED};

/// The most addresses of one host.
const MOST_ADDRESSES: usize = 4;
/// The longest name of a host, with the zero that ends it.
#[doc(alias = "ZEPHYR_WASM_HOST_NAME_SIZE")]
const NAME_SIZE: usize = 64;

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_sockets_size() -> u32;
    #[grants(zephyr_wasm_sockets_may_resolve)]
    unsafe fn zephyr_wasm_sockets_resolve(name: *const c_char, length: usize, found: *mut Address, most: u32) -> i32;
    /// Writes the next name by which the calling app has looked up an address, if there is one; begin with `at` 0.
    #[grants(none)]
    #[room(name = ZEPHYR_WASM_HOST_NAME_SIZE)]
    unsafe fn zephyr_wasm_sockets_name(address: &Address, at: &mut u32, name: *mut c_char) -> bool;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_create(is_tcp: bool, is_ipv6: bool) -> i32;
    #[grants(zephyr_wasm_sockets_may_bind)]
    safe fn zephyr_wasm_sockets_bind(socket: u32, address: &Address) -> i32;
    #[grants(zephyr_wasm_sockets_may_connect)]
    safe fn zephyr_wasm_sockets_connect(socket: u32, address: &Address, timeout: u64) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_listen(socket: u32, backlog: u32) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_accept(socket: u32, timeout: u64) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_sockets_send(socket: u32, data: *const u8, size: usize, timeout: u64) -> i32;
    #[grants(zephyr_wasm_sockets_may_send_to)]
    unsafe fn zephyr_wasm_sockets_send_to(socket: u32, data: *const u8, size: usize, address: &Address) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_sockets_receive(
        socket: u32,
        data: *mut u8,
        room: usize,
        timeout: u64,
        sender: Option<&mut Address>,
    ) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_last_sender(socket: u32, sender: &mut Address) -> bool;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_shutdown(socket: u32) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_address(socket: u32, of_peer: bool, address: &mut Address) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_sockets_poll(
        sockets: *const u32,
        count: u32,
        writes: u32,
        timeout: u64,
        ready: &mut u32,
    ) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_sockets_close(socket: u32);
}

/// Receives into memory of the app, and says from whom if there is room for that.
fn receive(
    socket: u32,
    length: usize,
    timeout: u64,
    sender: Option<&mut Address>,
) -> Result<Vec<u8>, Failure> {
    let mut data = vec![0; length];
    // SAFETY: the number is a socket of this app, and the pointers are good for their lengths or null.
    let size = Failure::check(unsafe {
        zephyr_wasm_sockets_receive(socket, data.as_mut_ptr(), length, timeout, sender)
    })?;
    data.truncate(size as usize);
    Ok(data)
}

/// The most bytes of a datagram.
fn longest() -> usize {
    zephyr_wasm_sockets_size() as usize
}

impl Device for Zephyr {
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let mut found = [Address::default(); MOST_ADDRESSES];
        // SAFETY: the pointers are good for their lengths, and not kept.
        let count = Failure::check(unsafe {
            zephyr_wasm_sockets_resolve(
                name.as_ptr().cast(),
                name.len(),
                found.as_mut_ptr(),
                MOST_ADDRESSES as u32,
            )
        })?;
        Ok(found.iter().take(count as usize).map(|address| SocketAddr::from(*address).ip()).collect())
    }

    fn is_called(&self, address: IpAddr, accepts: &mut dyn FnMut(&str) -> bool) -> bool {
        let (address, mut at) = (Address::from(SocketAddr::new(address, 0)), 0);
        let mut name = [0; NAME_SIZE];
        // SAFETY: there is room for the longest name.
        while unsafe { zephyr_wasm_sockets_name(&address, &mut at, name.as_mut_ptr().cast()) } {
            let name = CStr::from_bytes_until_nul(&name).ok().and_then(|name| name.to_str().ok());
            if name.is_some_and(&mut *accepts) {
                return true;
            }
        }
        false
    }

    fn create(&self, tcp: bool, ipv6: bool) -> Result<u32, Failure> {
        Failure::check(zephyr_wasm_sockets_create(tcp, ipv6))
    }

    fn bind(&self, socket: u32, address: SocketAddr) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_sockets_bind(socket, &address.into())).map(drop)
    }

    fn connect(&self, socket: u32, address: SocketAddr, timeout: u64) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_sockets_connect(socket, &address.into(), timeout)).map(drop)
    }

    fn listen(&self, socket: u32, backlog: u32) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_sockets_listen(socket, backlog)).map(drop)
    }

    fn accept(&self, socket: u32, timeout: u64) -> Result<u32, Failure> {
        Failure::check(zephyr_wasm_sockets_accept(socket, timeout))
    }

    fn send(&self, socket: u32, data: &[u8], timeout: u64) -> Result<u32, Failure> {
        // SAFETY: the number is a socket of this app, and the pointer is good for its length.
        Failure::check(unsafe { zephyr_wasm_sockets_send(socket, data.as_ptr(), data.len(), timeout) })
    }

    fn send_to(&self, socket: u32, data: &[u8], address: SocketAddr) -> Result<(), Failure> {
        // SAFETY: the number is a socket of this app, and the pointer is good for its length.
        let result =
            unsafe { zephyr_wasm_sockets_send_to(socket, data.as_ptr(), data.len(), &address.into()) };
        Failure::check(result).map(drop)
    }

    fn receive(&self, socket: u32, length: u32, timeout: u64) -> Result<Vec<u8>, Failure> {
        receive(socket, longest().min(length as usize), timeout, None)
    }

    fn receive_from(&self, socket: u32, timeout: u64) -> Result<(Vec<u8>, SocketAddr), Failure> {
        let mut sender = Address::default();
        let data = receive(socket, longest(), timeout, Some(&mut sender))?;
        Ok((data, sender.into()))
    }

    fn last_sender(&self, socket: u32) -> Option<SocketAddr> {
        let mut sender = Address::default();
        zephyr_wasm_sockets_last_sender(socket, &mut sender).then(|| sender.into())
    }

    fn shutdown(&self, socket: u32) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_sockets_shutdown(socket)).map(drop)
    }

    fn address(&self, socket: u32, peer: bool) -> Result<SocketAddr, Failure> {
        let mut address = Address::default();
        Failure::check(zephyr_wasm_sockets_address(socket, peer, &mut address))?;
        Ok(address.into())
    }

    fn poll(&self, sockets: &[(u32, bool)], timeout: u64) -> Result<u32, Failure> {
        let (mut numbers, mut writes, mut ready) = ([0; MOST_POLLED], 0, 0);
        for (position, ((socket, write), number)) in sockets.iter().zip(&mut numbers).enumerate() {
            *number = *socket;
            writes |= u32::from(*write) << position;
        }
        let count = sockets.len().min(MOST_POLLED) as u32;
        // SAFETY: the numbers are sockets of this app, and there are so many.
        Failure::check(unsafe {
            zephyr_wasm_sockets_poll(numbers.as_ptr(), count, writes, timeout, &mut ready)
        })?;
        Ok(ready)
    }

    fn close_socket(&self, socket: u32) {
        zephyr_wasm_sockets_close(socket)
    }
}
