//! `zephyr:coap` over the system's sockets: a server that all apps share, and a client a request. What they say is
//! `zephyr_wasm_api::coap`'s, as on boards.

use crate::activity::{note, shown};
use crate::current;
use crate::log::log_line;
use crate::platform::HostPlatform;
use crate::pool::{Pool, lock};
use crate::shared::Shared;
use crate::time::{after, uptime_ms};
use crate::wait::wait_for;
use crate::world::world;
use socket2::{Domain, Socket, Type};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6, UdpSocket};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::coap::client::{Ask, Asks, Next};
use zephyr_wasm_api::coap::packet::{HEAD, code};
use zephyr_wasm_api::coap::shared::{Counters, Peer};
use zephyr_wasm_api::coap::{
    CoapMethod, CoapRequest, CoapResponse, Device, Exchange, Observer, Path, Resource, Server,
};

const PORT: u16 = 5683;
/// The longest payload of any board's messages.
const BLOCK_MAX: usize = 1024;
/// RFC 7252, 4.8: the first wait for an acknowledgement, doubled each time; and how often is sent again.
const ACK_TIMEOUT: Duration = Duration::from_secs(2);
const MAX_RETRANSMIT: u32 = 4;
/// How often the server looks for what is to be sent again.
const LOOK: Duration = Duration::from_millis(200);
/// The longest datagram there is.
const DATAGRAM: usize = 65_536;
/// The codes of methods, from GET = 0.01 on.
const METHODS: [CoapMethod; 4] = [CoapMethod::Get, CoapMethod::Post, CoapMethod::Put, CoapMethod::Delete];

/// The server's memory.
struct Memory {
    resources: Vec<Resource>,
    exchanges: Vec<Exchange>,
    bodies: Vec<u8>,
    observers: Vec<Observer>,
    counters: Counters,
}

impl Memory {
    fn new() -> Self {
        let [high, low] = chance::<2>();
        let of = &world().configured;
        let exchanges = of.coap_resources * (of.coap_capacity + of.coap_observers) + of.coap_answers;
        Memory {
            resources: vec![Resource::default(); of.coap_resources],
            exchanges: vec![Exchange::default(); exchanges],
            bodies: vec![0; exchanges * body()],
            observers: vec![Observer::default(); of.coap_resources * of.coap_observers],
            counters: Counters::new(u16::from_be_bytes([high, low])),
        }
    }

    fn server(&mut self) -> Server<'_> {
        Server {
            resources: &mut self.resources,
            exchanges: &mut self.exchanges,
            bodies: &mut self.bodies,
            observers: &mut self.observers,
            counters: &mut self.counters,
            body: body(),
            block: block(),
        }
    }
}

/// Which of the server's resources a number of the app's is.
struct Served {
    path: String,
    resource: usize,
}

static SERVED: Pool<Served> = Pool::new();
static REQUESTS: Pool<()> = Pool::new();

/// The longest body.
fn body() -> usize {
    world().configured.coap
}

/// The longest payload of a message.
fn block() -> usize {
    world().configured.coap_block.min(BLOCK_MAX)
}

fn chance<const SIZE: usize>() -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    getrandom::fill(&mut bytes).expect("the system has random data");
    bytes
}

fn now() -> u32 {
    uptime_ms() as u32
}

fn memory() -> &'static Mutex<Memory> {
    static MEMORY: OnceLock<Mutex<Memory>> = OnceLock::new();
    MEMORY.get_or_init(|| Mutex::new(Memory::new()))
}

/// The server's socket, with its thread behind it from the first served path on.
fn socket() -> Result<&'static UdpSocket, Failure> {
    static SOCKET: OnceLock<Option<UdpSocket>> = OnceLock::new();
    let start = || {
        let port = world().coap_port.unwrap_or(PORT);
        match bound(port) {
            Ok(socket) => {
                let of_thread = socket.try_clone().ok()?;
                of_thread.set_read_timeout(Some(LOOK)).ok()?;
                std::thread::spawn(move || serve(&of_thread));
                Some(socket)
            }
            Err(error) => {
                log_line("err", "coap", &format!("port {port}: {error}; --coap-port takes another"));
                None
            }
        }
    };
    SOCKET.get_or_init(start).as_ref().ok_or(Failure::Io)
}

/// A socket of both families of addresses, where the machine has both.
fn bound(port: u16) -> std::io::Result<UdpSocket> {
    let of_both = Socket::new(Domain::IPV6, Type::DGRAM, None).and_then(|socket| {
        socket.set_only_v6(false)?;
        socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into())?;
        Ok(UdpSocket::from(socket))
    });
    of_both.or_else(|_| UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)))
}

fn serve(socket: &UdpSocket) {
    let mut buffer = vec![0; DATAGRAM];
    let mut reply = [0; HEAD + BLOCK_MAX];
    loop {
        if let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let mut memory = lock(memory());
            let received =
                memory.server().receive(now(), &peer_of(from), &buffer[..length], false, &mut reply);
            drop(memory);
            if received.reply > 0 {
                let _ = socket.send_to(&reply[..received.reply], from);
            }
        }
        send_due(socket, &mut reply);
    }
}

/// Sends what observers are to be told by now.
fn send_due(socket: &UdpSocket, buffer: &mut [u8]) {
    loop {
        let due = lock(memory()).server().due(now(), buffer);
        let Some((peer, length)) = due else { return };
        let _ = socket.send_to(&buffer[..length], address_of(&peer));
    }
}

fn peer_of(address: SocketAddr) -> Peer {
    let mut peer = Peer { port: address.port(), ..Peer::default() };
    match address {
        SocketAddr::V4(address) => peer.address[..4].copy_from_slice(&address.ip().octets()),
        SocketAddr::V6(address) => {
            (peer.address, peer.scope, peer.is_ipv6) = (address.ip().octets(), address.scope_id(), 1);
        }
    }
    peer
}

fn address_of(peer: &Peer) -> SocketAddr {
    let [a, b, c, d, ..] = peer.address;
    match peer.is_ipv6 {
        0 => SocketAddr::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), peer.port),
        _ => SocketAddrV6::new(Ipv6Addr::from(peer.address), peer.port, 0, peer.scope).into(),
    }
}

/// The answer to a request, all blocks of it.
fn ask(
    app: &Shared,
    server: SocketAddr,
    method: CoapMethod,
    asks: &Asks<'_>,
    deadline: Instant,
) -> Result<CoapResponse, Failure> {
    let local: SocketAddr =
        if server.is_ipv6() { ([0u16; 8], 0).into() } else { (Ipv4Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(local).map_err(|_| Failure::Limit)?;
    socket.connect(server).and_then(|()| socket.set_nonblocking(true)).map_err(|_| Failure::Io)?;
    let mut ask = Ask::new(method as u8 + 1, block(), chance());
    let mut body = vec![0; asks.body];
    let mut buffer = [0; HEAD + BLOCK_MAX];
    loop {
        let length = ask.write(asks, &mut buffer);
        if length == 0 {
            return Err(Failure::TooLarge);
        }
        match exchange(app, &socket, &buffer[..length], deadline, |datagram, reply| {
            ask.read(asks, datagram, false, &mut body, reply)
        })? {
            Next::Done(code, length) => {
                body.truncate(length);
                return Ok(CoapResponse { code: code::written(code), payload: body });
            }
            Next::Failed(failure) => return Err(failure),
            _ => {}
        }
    }
}

/// Sends a message until there is something to be done about it.
fn exchange(
    app: &Shared,
    socket: &UdpSocket,
    message: &[u8],
    deadline: Instant,
    mut read: impl FnMut(&[u8], &mut Option<[u8; 4]>) -> Next,
) -> Result<Next, Failure> {
    let [chance] = chance::<1>();
    let mut wait = ACK_TIMEOUT + Duration::from_millis(4) * u32::from(chance);
    let mut buffer = vec![0; DATAGRAM];
    let mut is_there = false;
    for tried in 0.. {
        let left = deadline.saturating_duration_since(Instant::now());
        // RFC 7252, 5.2.2: who has acknowledged it may take its time.
        let left = if is_there { left } else { left.min(wait) };
        if !is_there {
            if tried > MAX_RETRANSMIT {
                break;
            }
            let _ = socket.send(message);
        }
        let next = wait_for(app, left.as_nanos() as u64, || {
            let length = socket.recv(&mut buffer).ok()?;
            let mut reply = None;
            let next = read(&buffer[..length], &mut reply);
            if let Some(reply) = reply {
                let _ = socket.send(&reply);
            }
            is_there |= next == Next::Listen;
            (!matches!(next, Next::Wait | Next::Listen)).then_some(next)
        });
        if let Some(next) = next {
            return Ok(next);
        }
        if Instant::now() >= deadline {
            break;
        }
        wait *= 2;
    }
    Err(Failure::Timeout)
}

/// The code of a response that was found good.
fn code_of(response: &CoapResponse) -> Result<u8, Failure> {
    code::of_response(response.code).ok_or(Failure::Invalid)
}

impl Device for HostPlatform {
    fn ask(
        &self,
        server: SocketAddr,
        method: CoapMethod,
        path: &str,
        payload: &[u8],
        deadline: u64,
    ) -> Result<CoapResponse, Failure> {
        current::outside(|app| {
            if payload.len() > body() {
                return Err(Failure::TooLarge);
            }
            let _request = REQUESTS.hold(world().configured.coap_requests, ())?;
            let asks = Asks { path: path.as_bytes(), payload, block: block(), body: body() };
            ask(app, server, method, &asks, after(Instant::now(), deadline))
        })
    }

    fn serve(&self, path: &str, capacity: u32) -> Result<u32, Failure> {
        current::outside(|_| {
            if capacity == 0 || capacity as usize > world().configured.coap_capacity {
                return Err(Failure::Invalid);
            }
            socket()?;
            let mut memory = lock(memory());
            if SERVED.all().iter().any(|served| served.path == path) {
                return Err(Failure::Busy);
            }
            let taken = SERVED.all();
            let is_free = |number: &usize| taken.iter().all(|served| served.resource != *number);
            let resource = (0..world().configured.coap_resources).find(is_free).ok_or(Failure::Limit)?;
            let of_server = Path::of(path.as_bytes()).ok_or(Failure::Invalid)?;
            if !memory.server().serve(resource, &of_server, capacity as u8) {
                return Err(Failure::Busy);
            }
            Ok(SERVED.add(Served { path: path.to_owned(), resource }))
        })
    }

    fn next_request(&self, served: u32, timeout: u64) -> Option<CoapRequest> {
        current::outside(|app| {
            let number = SERVED.get(served).resource;
            wait_for(app, timeout, || {
                let mut memory = lock(memory());
                let mut server = memory.server();
                let taken = server.next(number)?;
                Some(CoapRequest {
                    id: taken.id,
                    method: *METHODS.get(usize::from(taken.method).wrapping_sub(1))?,
                    path: String::from_utf8_lossy(taken.path).into_owned(),
                    payload: taken.body.to_vec(),
                })
            })
        })
    }

    fn answer(&self, served: u32, request: u32, response: &CoapResponse) -> Result<(), Failure> {
        current::outside(|app| {
            let served = SERVED.get(served);
            let code = code_of(response)?;
            let mut out = [0; HEAD + BLOCK_MAX];
            let mut memory = lock(memory());
            let (peer, length) =
                memory.server().answer(served.resource, request, code, &response.payload, &mut out)?;
            drop(memory);
            let text = shown(&response.payload);
            note(app, &format!("coap {}", served.path), &format!("{} {text}", response.code));
            let _ = socket()?.send_to(&out[..length], address_of(&peer));
            Ok(())
        })
    }

    fn make_observable(&self, served: u32) {
        current::outside(|_| lock(memory()).server().make_observable(SERVED.get(served).resource));
    }

    fn notify(&self, served: u32, path: &str, response: &CoapResponse) -> Result<u32, Failure> {
        current::outside(|app| {
            let served = SERVED.get(served);
            let code = code_of(response)?;
            let told =
                lock(memory()).server().notify(served.resource, path.as_bytes(), code, &response.payload)?;
            let text = shown(&response.payload);
            note(app, &format!("coap {path}"), &format!("{} {text} to {told}", response.code));
            send_due(socket()?, &mut [0; HEAD + BLOCK_MAX]);
            Ok(told)
        })
    }

    fn end_serving(&self, served: u32) {
        current::outside_or_ending(|| {
            let number = SERVED.get(served).resource;
            lock(memory()).server().end(number);
            SERVED.remove(served);
        });
    }
}
