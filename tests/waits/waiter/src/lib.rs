//! Waits in the host call that it is told, for as long as nothing happens, and then as long as it is not asked to end.
#![no_std]

use zephyr_wasm_guest::gpio::{Edge, Line};
use zephyr_wasm_guest::message::Subscription;
use zephyr_wasm_guest::sensor::{Channel, Sensor};
use zephyr_wasm_guest::sockets::{IpAddress, IpAddressFamily, IpSocketAddress, UdpSocket};
use zephyr_wasm_guest::streams::{Samples, Trigger};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::uart::Uart;
use zephyr_wasm_guest::{SECOND, app, clocks, lifecycle, requests};

app!(run, heap = 1024);

const HOUR: u64 = 3600 * SECOND;

fn run() -> i32 {
    // From here on it is asked, and not killed at once.
    lifecycle::stopping();
    let Ok(kinds) = Subscription::open("wait/for", 1) else { return 1 };
    let Some(kind) = kinds.receive(10 * SECOND).and_then(|message| message.payload.first().copied()) else {
        return 2;
    };
    if !wait(kind) {
        return 3;
    }
    // It was woken for nothing else.
    if lifecycle::stopping() { 0 } else { 4 }
}

/// In the order of src/main.c; false if there is nothing to wait for.
fn wait(kind: u8) -> bool {
    match kind {
        0 => clocks::wait_for(HOUR),
        1 => return Timer::one_shot(HOUR).is_ok_and(|timer| timer.wait() == 0),
        2 => return Subscription::open("wait/nobody", 1).is_ok_and(|nobody| nobody.receive(HOUR).is_none()),
        3 => return requests::request("ask/nobody", b"?", HOUR).is_err(),
        4 => return Line::input("button").is_ok_and(|line| line.wait(Edge::Both, 0, HOUR) == Ok(None)),
        5 => {
            return Uart::open("modem").is_ok_and(|port| port.read(1, HOUR).is_ok_and(|read| read.is_empty()));
        }
        6 => return next_sample(),
        7 => return next_datagram(),
        _ => return false,
    }
    true
}

fn next_sample() -> bool {
    let Ok(probe) = Sensor::open("probe") else { return false };
    Samples::watch(&probe, Channel::Light, Trigger::Period(HOUR), 1)
        .is_ok_and(|samples| samples.next(HOUR).is_none())
}

fn next_datagram() -> bool {
    let Ok(socket) = UdpSocket::create(IpAddressFamily::Ipv4) else { return false };
    let here = IpSocketAddress { address: IpAddress::Ipv4((127, 0, 0, 1)), port: 4242 };
    socket.bind(here).is_ok() && socket.receive(HOUR).is_err()
}
