//! Uses one host API after another, at random, until it is asked to end or has had enough. What it is refused because
//! another instance of it has it is no matter: it is about what it holds, and in which call it is, as it ends.
#![no_std]

use zephyr_wasm_guest::gpio::{Edge, Line};
use zephyr_wasm_guest::message::{Subscription, publish};
use zephyr_wasm_guest::sensor::{Channel, Sensor};
use zephyr_wasm_guest::sockets::{IpAddress, IpAddressFamily, IpSocketAddress, UdpSocket};
use zephyr_wasm_guest::streams::{Samples, Trigger};
use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::uart::Uart;
use zephyr_wasm_guest::{MILLISECOND, app, clocks, info, lifecycle, random, requests, storage};

app!(run, heap = 2048);

const SHORT: u64 = 3 * MILLISECOND;

fn run() -> i32 {
    for _ in 0..200 {
        if lifecycle::stopping() {
            return 0;
        }
        lifecycle::heartbeat();
        let _ = work(random::get_random_bytes(1).first().copied().unwrap_or_default());
    }
    0
}

fn work(chosen: u8) -> Option<()> {
    match chosen % 12 {
        0 => clocks::wait_for(SHORT),
        1 => {
            Timer::one_shot(SHORT).ok()?.wait();
        }
        2 => {
            let timer = Timer::periodic(MILLISECOND).ok()?;
            for _ in 0..3 {
                timer.wait();
            }
        }
        3 => {
            let mail = Subscription::open("storm/*", 2).ok()?;
            publish("storm/news", &[chosen]).ok()?;
            while let Some(message) = mail.receive(SHORT) {
                if message.request != 0 {
                    requests::respond(message.request, &message.payload).ok()?;
                }
            }
        }
        4 => drop(requests::request("storm/ask", &[chosen], SHORT).ok()?),
        5 => {
            let led = Line::output("led", false).ok()?;
            led.write(true).ok()?;
            led.read().ok()?;
        }
        6 => drop(Line::input("button").ok()?.wait(Edge::Both, 0, SHORT).ok()?),
        7 => {
            let port = Uart::open("modem").ok()?;
            port.read(8, SHORT).ok()?;
        }
        8 => drop(Sensor::open("ambient").ok()?.read(Channel::AmbientTemp).ok()?),
        9 => {
            let ambient = Sensor::open("ambient").ok()?;
            let period = Trigger::Period(MILLISECOND);
            drop(Samples::watch(&ambient, Channel::AmbientTemp, period, 2).ok()?.next(SHORT));
        }
        10 => {
            let here = IpSocketAddress { address: IpAddress::Ipv4((127, 0, 0, 1)), port: 4242 };
            let socket = UdpSocket::create(IpAddressFamily::Ipv4).ok()?;
            socket.bind(here).ok()?;
            socket.send(&[chosen], here).ok()?;
            socket.receive(SHORT).ok()?;
        }
        _ => {
            storage::set("chosen", &[chosen]).ok()?;
            storage::get("chosen").ok()?;
            info!("chosen");
        }
    }
    Some(())
}
