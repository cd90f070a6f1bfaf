//! What firmware in C has of the server, too.

/// Who is at the other end.
#[doc(alias = "struct zephyr_wasm_coap_peer")]
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// Its address, of which IPv4 has the first four bytes.
    pub address: [u8; 16],
    /// What link it is on, where the address does not say.
    pub scope: u32,
    /// Its port.
    pub port: u16,
    /// Whether it is one of IPv6.
    pub is_ipv6: u16,
}

/// What is counted.
#[doc(alias = "struct zephyr_wasm_coap_counters")]
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Counters {
    /// The last request's.
    pub(super) request: u32,
    /// The last change's, of what is observed.
    pub(super) sequence: u32,
    /// The last message's, which begins anywhere.
    pub(super) message: u32,
}

impl Counters {
    /// Nothing yet, with messages from some number on.
    pub fn new(message: u16) -> Self {
        Counters { message: message.into(), ..Counters::default() }
    }
}
