//! What an app sees of its limits, and of what others do: src/limits.c wants the number that each returns.

use crate::hoards;
use crate::net::{ANY, ask, at, fetch, tcp, udp};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use zephyr_wasm_guest::coap::Error;
use zephyr_wasm_guest::i2c::I2c;
use zephyr_wasm_guest::message::Subscription;
use zephyr_wasm_guest::sensor::{Channel, Sensor};
use zephyr_wasm_guest::sockets::{ErrorCode, IpAddress, IpSocketAddress, Pollable, poll, resolve_addresses};
use zephyr_wasm_guest::streams::{Samples, Trigger};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::{MILLISECOND, SECOND, clocks, http, lifecycle, storage};

/// What went wrong.
const FAILED: i32 = -1;

/// From the first of these on, a kind is one of these.
pub const FIRST: u8 = 100;

/// Whether the app may send to an address: by its name, if it remembers that.
fn may_reach(host: u8) -> Option<bool> {
    match udp().ok()?.send(b"1", at(host, 9)) {
        Ok(()) => Some(true),
        Err(ErrorCode::AccessDenied) => Some(false),
        Err(_) => None,
    }
}

fn look_up(name: &str) -> Option<()> {
    resolve_addresses(name).ok().map(drop)
}

/// In the order of src/limits.c.
pub fn check(kind: u8) -> i32 {
    let result = match kind {
        100 => keeps_its_name(),
        101 => forgets_its_own(),
        102 => look_up("silent.example.com").map_or(Some(0), |()| None),
        103 => look_up("b.example.com").map(|()| 0),
        104 => match ask("192.0.2.2:5685", 5 * SECOND) {
            Err(Error::Timeout) => Some(0),
            _ => None,
        },
        105 => ask("192.0.2.2:5684", 5 * SECOND).ok().map(|answer| answer.code.into()),
        106 => match fetch("http://192.0.2.2:81/it", 5 * SECOND) {
            Err(http::Error::Timeout) => Some(0),
            _ => None,
        },
        107 => fetch("http://192.0.2.2/it", 5 * SECOND).ok().map(i32::from),
        108 => milliseconds_of_requests(),
        109 => expiries_in_a_second(),
        110 => samples_in_a_second(),
        111 => writes_that_are_left(),
        112 => is_refused_by_address(),
        114 => failures_in_two_seconds(),
        115 => milliseconds_of_a_list(),
        // For src/main.c.
        120 => Some(match fetch("http://192.0.2.2:81/it", 900 * SECOND) {
            Ok(status) => status.into(),
            Err(error) => 1000 + error as i32,
        }),
        121 => is_told_apart(),
        122 => match fetch("http://192.0.2.2:82/it", 900 * SECOND) {
            Err(http::Error::Protocol) => Some(0),
            _ => Some(1),
        },
        123 => asks_at_length(),
        124 => transfers_until_asked(),
        hoards::FIRST.. => hoards::hoard(kind),
        _ => None,
    };
    result.unwrap_or(FAILED)
}

/// Is in a driver nearly all the time, and looks whether it is asked to end.
fn transfers_until_asked() -> Option<i32> {
    let bus = I2c::open("bus").ok()?;
    while !lifecycle::stopping() {
        bus.read(0x4c, 1).ok()?;
    }
    Some(0)
}

/// Looks up a name, and has it still when it is told to go on.
fn keeps_its_name() -> Option<i32> {
    let go = Subscription::open("kills/go", 1).ok()?;
    look_up("b.example.com")?;
    go.receive(30 * SECOND)?;
    may_reach(20).map(i32::from)
}

/// Looks up a name more than is remembered: the last one is, and the first one is not.
fn forgets_its_own() -> Option<i32> {
    for name in ["a0.example.com", "a1.example.com", "a2.example.com", "a3.example.com", "a4.example.com"] {
        look_up(name)?;
    }
    Some(i32::from(may_reach(14)?) * 2 + i32::from(may_reach(10)?))
}

/// A name that looks like an address, and what may be sent to: a bit each for what is refused of the name's own peer, of one
/// that is granted by such addresses, and of such an address.
fn is_refused_by_address() -> Option<i32> {
    look_up("10.0.0.evil.example.com")?;
    let address = IpSocketAddress { address: IpAddress::Ipv4((10, 0, 0, 1)), port: 10 };
    [at(20, 9), at(20, 10), address].into_iter().enumerate().try_fold(0, |bits, (bit, peer)| {
        let refused = matches!(udp().ok()?.send(b"1", peer), Err(ErrorCode::AccessDenied));
        Some(bits | i32::from(refused) << bit)
    })
}

/// What a connection has received is no connection to accept, and one that listens has received nothing; an address of IPv6
/// is none of IPv4: 0.
fn is_told_apart() -> Option<i32> {
    let own = || IpSocketAddress { address: ANY, port: 8 };
    let is_refused = |result| matches!(result, Err(ErrorCode::InvalidState));
    let connect = || {
        let socket = tcp().ok()?;
        socket.bind(own()).ok()?;
        socket.connect(at(2, 7), SECOND).ok()?;
        Some(socket)
    };
    // The port, and who is there, may still be with the app before.
    let socket = (0..10).find_map(|_| {
        connect().or_else(|| {
            clocks::wait_for(200 * MILLISECOND);
            None
        })
    })?;
    socket.send(b"1", SECOND).ok()?;
    poll(&[Pollable::TcpReadable(&socket)], SECOND).ok()?;
    let mut wrong = i32::from(!is_refused(socket.accept(0).map(drop)));
    wrong += i32::from(!is_refused(socket.listen(1))) * 2;
    wrong += i32::from(!is_refused(socket.bind(own()))) * 4;
    wrong += i32::from(socket.receive(1, SECOND).ok().as_deref() != Some(b"1")) * 8;
    drop(socket);
    clocks::wait_for(200 * MILLISECOND);
    let listener = tcp().ok()?;
    wrong += i32::from(!is_refused(listener.listen(1))) * 16;
    listener.bind(own()).ok()?;
    listener.listen(1).ok()?;
    wrong += i32::from(!is_refused(listener.connect(at(2, 7), SECOND))) * 32;
    wrong += i32::from(listener.receive(1, 0).is_ok()) * 64;
    // What is granted begins with the bytes of an address of the socket's own family.
    let other = IpSocketAddress { address: IpAddress::Ipv6((0xc000, 0x202, 0, 0, 0, 0, 0, 0)), port: 7 };
    wrong += i32::from(!matches!(udp().ok()?.send(b"1", other), Err(ErrorCode::InvalidArgument))) * 128;
    Some(wrong)
}

/// Asks a server that reads nothing, with more than can be on its way.
fn asks_at_length() -> Option<i32> {
    let line = String::from("X: ") + &"k".repeat(1000);
    let headers = vec![line; 12];
    http::request(http::Method::Get, "http://192.0.2.2:81/it", &headers, &[], 900 * SECOND)
        .ok()
        .map(|answer| answer.status.into())
}

fn milliseconds_of_requests() -> Option<i32> {
    let began = clocks::now();
    for _ in 0..11 {
        ask("192.0.2.2:5684", SECOND).ok()?;
    }
    i32::try_from((clocks::now() - began) / MILLISECOND).ok()
}

fn expiries_in_a_second() -> Option<i32> {
    let timer = Timer::periodic(1).ok()?;
    clocks::wait_for(SECOND);
    i32::try_from(timer.expired()).ok()
}

/// Asks who does not answer, of which a driver may log each.
fn failures_in_two_seconds() -> Option<i32> {
    let bus = I2c::open("bus").ok()?;
    let end = clocks::now() + 2 * SECOND;
    let mut count = 0;
    while clocks::now() < end {
        count += i32::from(bus.read(0x4d, 1).is_err());
    }
    Some(count)
}

fn samples_in_a_second() -> Option<i32> {
    let probe = Sensor::open("probe").ok()?;
    let samples = Samples::watch(&probe, Channel::Light, Trigger::Period(1), 1).ok()?;
    let end = clocks::now() + SECOND;
    let mut count = 0;
    while clocks::now() < end {
        count += i32::from(samples.next(100 * MILLISECOND).is_some());
    }
    i32::try_from(samples.lost()).ok().map(|lost| count + lost)
}

/// Lists 20 keys without bytes, and removes them.
fn milliseconds_of_a_list() -> Option<i32> {
    let keys: Vec<String> = (b'a'..b'a' + 20).map(|letter| char::from(letter).into()).collect();
    for key in &keys {
        storage::set(key, b"").ok()?;
    }
    // No more than CONFIG_WASM_STORAGE_KEY_COUNT, but what it has may change.
    if storage::set("more", b"") != Err(storage::Error::Quota) || storage::set("a", b"").is_err() {
        return None;
    }
    let began = clocks::now();
    let first = storage::list_keys(0).ok()?;
    let others = storage::list_keys(first.len() as u32).ok()?;
    let time = i32::try_from((clocks::now() - began) / MILLISECOND).ok()?;
    for key in &keys {
        storage::delete(key).ok()?;
    }
    let mut listed = [first, others].concat();
    listed.sort();
    (listed == keys).then_some(time)
}

fn writes_that_are_left() -> Option<i32> {
    let mut count = 0;
    loop {
        match storage::set("key", b"what") {
            Ok(()) => count += 1,
            Err(storage::Error::Quota) => return Some(count),
            Err(_) => return None,
        }
    }
}
