//! `zephyr:coap` over the system's sockets: a server that all apps share, and a client a request.

use crate::activity::{note, shown};
use crate::app::Shared;
use crate::current;
use crate::log::log_line;
use crate::platform::Desk;
use crate::pool::{Pool, lock};
use crate::wait::wait_for;
use crate::world::world;
use coap_lite::{CoapOption, MessageClass, MessageType, Packet, RequestType, ResponseType};
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::coap::{Coap, CoapMethod, CoapRequest, CoapResponse};

const PORT: u16 = 5683;
/// The longest payload, and the most requests that wait.
const LONGEST: usize = 1024;
const DEEPEST: u32 = 16;
/// RFC 7252, 4.8: the first wait for an acknowledgement, doubled each time; and how often is sent again.
const ACK_TIMEOUT: Duration = Duration::from_secs(2);
const MAX_RETRANSMIT: u32 = 4;

struct Served {
    path: String,
    capacity: usize,
    waiting: Mutex<VecDeque<CoapRequest>>,
    /// Requests that have not been answered, by their numbers.
    open: Mutex<Vec<(u32, Packet, SocketAddr)>>,
}

static SERVED: Pool<Served> = Pool::new();
static NEXT_REQUEST: AtomicU32 = AtomicU32::new(1);
static NEXT_MESSAGE: AtomicU16 = AtomicU16::new(1);

/// The server's socket, with its thread behind it from the first served path on.
fn server() -> Result<&'static UdpSocket, Failure> {
    static SERVER: OnceLock<Option<UdpSocket>> = OnceLock::new();
    let start = || {
        let port = world().coap_port.unwrap_or(PORT);
        match UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)) {
            Ok(socket) => {
                let of_thread = socket.try_clone().ok()?;
                std::thread::spawn(move || serve(&of_thread));
                Some(socket)
            }
            Err(error) => {
                log_line("err", "coap", &format!("port {port}: {error}; --coap-port takes another"));
                None
            }
        }
    };
    SERVER.get_or_init(start).as_ref().ok_or(Failure::Io)
}

fn serve(socket: &UdpSocket) {
    let mut buffer = [0; 1500];
    loop {
        let Ok((length, peer)) = socket.recv_from(&mut buffer) else { continue };
        let Ok(packet) = Packet::from_bytes(&buffer[..length]) else { continue };
        if let Some(refusal) = accept(&packet, peer) {
            reply(socket, &packet, peer, refusal, &[]);
        }
    }
}

/// Puts a request into the queue of whoever serves its path, or says what to answer at once.
fn accept(packet: &Packet, peer: SocketAddr) -> Option<ResponseType> {
    let method = match packet.header.code {
        MessageClass::Request(RequestType::Get) => CoapMethod::Get,
        MessageClass::Request(RequestType::Post) => CoapMethod::Post,
        MessageClass::Request(RequestType::Put) => CoapMethod::Put,
        MessageClass::Request(RequestType::Delete) => CoapMethod::Delete,
        MessageClass::Request(_) => return Some(ResponseType::MethodNotAllowed),
        _ => return None,
    };
    let segments: Vec<String> = packet
        .get_option(CoapOption::UriPath)
        .map(|all| all.iter().map(|one| String::from_utf8_lossy(one).into_owned()).collect())
        .unwrap_or_default();
    let path = segments.join("/");
    let within =
        |served: &&Arc<Served>| path == served.path || path.starts_with(&format!("{}/", served.path));
    let all = SERVED.all();
    let Some(served) = all.iter().filter(within).max_by_key(|served| served.path.len()) else {
        return Some(ResponseType::NotFound);
    };
    let mut open = lock(&served.open);
    let again = |(_, known, from): &(u32, Packet, SocketAddr)| {
        *from == peer && known.header.message_id == packet.header.message_id
    };
    if open.iter().any(again) {
        return None;
    }
    let mut waiting = lock(&served.waiting);
    if waiting.len() >= served.capacity {
        return Some(ResponseType::ServiceUnavailable);
    }
    let id = NEXT_REQUEST.fetch_add(1, Ordering::SeqCst);
    open.push((id, packet.clone(), peer));
    waiting.push_back(CoapRequest { id, method, path, payload: packet.payload.clone() });
    None
}

fn reply(socket: &UdpSocket, request: &Packet, peer: SocketAddr, code: ResponseType, payload: &[u8]) {
    let mut response = Packet::new();
    let confirmable = request.header.get_type() == MessageType::Confirmable;
    response.header.set_type(if confirmable {
        MessageType::Acknowledgement
    } else {
        MessageType::NonConfirmable
    });
    response.header.code = MessageClass::Response(code);
    response.header.message_id = request.header.message_id;
    response.set_token(request.get_token().to_vec());
    response.payload = payload.to_vec();
    if let Ok(bytes) = response.to_bytes() {
        let _ = socket.send_to(&bytes, peer);
    }
}

/// 205 for 2.05.
fn code_of(code: MessageClass) -> u16 {
    let byte = u8::from(code);
    u16::from(byte >> 5) * 100 + u16::from(byte & 31)
}

/// The answer to a request that is sent until it comes.
fn ask(
    app: &Shared,
    server: SocketAddr,
    request: &Packet,
    deadline: Instant,
) -> Result<CoapResponse, Failure> {
    let local: SocketAddr =
        if server.is_ipv6() { ([0u16; 8], 0).into() } else { (Ipv4Addr::UNSPECIFIED, 0).into() };
    let socket = UdpSocket::bind(local).map_err(|_| Failure::Limit)?;
    let bytes = request.to_bytes().map_err(|_| Failure::Invalid)?;
    socket.connect(server).and_then(|()| socket.set_nonblocking(true)).map_err(|_| Failure::Io)?;
    let mut buffer = [0; 1500];
    let mut acknowledged = false;
    for attempt in 0..=MAX_RETRANSMIT {
        if !acknowledged {
            let _ = socket.send(&bytes);
        }
        let wait = ACK_TIMEOUT * 2u32.pow(attempt);
        let left = deadline.saturating_duration_since(Instant::now()).min(wait);
        let answer = wait_for(app, left.as_nanos() as u64, || {
            let length = socket.recv(&mut buffer).ok()?;
            let packet = Packet::from_bytes(&buffer[..length]).ok()?;
            if packet.header.code == MessageClass::Empty {
                acknowledged = true;
                return None;
            }
            (packet.get_token() == request.get_token()).then_some(packet)
        });
        if let Some(packet) = answer {
            if packet.header.get_type() == MessageType::Confirmable {
                let mut ack = Packet::new();
                ack.header.set_type(MessageType::Acknowledgement);
                ack.header.code = MessageClass::Empty;
                ack.header.message_id = packet.header.message_id;
                let _ = ack.to_bytes().map(|bytes| socket.send(&bytes));
            }
            return Ok(CoapResponse { code: code_of(packet.header.code), payload: packet.payload });
        }
        if Instant::now() >= deadline {
            break;
        }
    }
    Err(Failure::Timeout)
}

impl Coap for Desk {
    fn ask(
        &self,
        server: SocketAddr,
        method: CoapMethod,
        path: &str,
        payload: &[u8],
        deadline: u64,
    ) -> Result<CoapResponse, Failure> {
        current::outside(|app| {
            if payload.len() > LONGEST {
                return Err(Failure::TooLarge);
            }
            let mut request = Packet::new();
            request.header.set_type(MessageType::Confirmable);
            request.header.code = MessageClass::Request(match method {
                CoapMethod::Get => RequestType::Get,
                CoapMethod::Post => RequestType::Post,
                CoapMethod::Put => RequestType::Put,
                CoapMethod::Delete => RequestType::Delete,
            });
            let id = NEXT_MESSAGE.fetch_add(1, Ordering::SeqCst);
            request.header.message_id = id;
            request.set_token(id.to_be_bytes().to_vec());
            for segment in path.split('/') {
                request.add_option(CoapOption::UriPath, segment.as_bytes().to_vec());
            }
            request.payload = payload.to_vec();
            ask(app, server, &request, crate::clocks::after(Instant::now(), deadline))
        })
    }

    fn serve(&self, path: &str, capacity: u32) -> Result<u32, Failure> {
        current::outside(|_| {
            if capacity == 0 || capacity > DEEPEST {
                return Err(Failure::Invalid);
            }
            server()?;
            if SERVED.all().iter().any(|served| served.path == path) {
                return Err(Failure::Busy);
            }
            Ok(SERVED.add(Served {
                path: path.to_owned(),
                capacity: capacity as usize,
                waiting: Mutex::default(),
                open: Mutex::default(),
            }))
        })
    }

    fn next_request(&self, served: u32, timeout: u64) -> Option<CoapRequest> {
        current::outside(|app| {
            let served = SERVED.get(served);
            wait_for(app, timeout, || lock(&served.waiting).pop_front())
        })
    }

    fn answer(&self, served: u32, request: u32, response: &CoapResponse) -> Result<(), Failure> {
        current::outside(|app| {
            if response.payload.len() > LONGEST {
                return Err(Failure::TooLarge);
            }
            let served = SERVED.get(served);
            let mut open = lock(&served.open);
            let place = open.iter().position(|(id, ..)| *id == request).ok_or(Failure::Timeout)?;
            let (_, packet, peer) = open.remove(place);
            let text = shown(&response.payload);
            note(app, &format!("coap {}", served.path), &format!("{} {text}", response.code));
            let byte = (((response.code / 100) << 5) | (response.code % 100)) as u8;
            match MessageClass::from(byte) {
                MessageClass::Response(code) => reply(server()?, &packet, peer, code, &response.payload),
                _ => return Err(Failure::Invalid),
            }
            Ok(())
        })
    }

    fn end_serving(&self, served: u32) {
        current::outside_or_ending(|| SERVED.remove(served));
    }
}
