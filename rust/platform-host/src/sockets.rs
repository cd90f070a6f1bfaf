//! `zephyr:sockets` over the system's.

use crate::current;
use crate::platform::HostPlatform;
use crate::pool::{Held, Pool, lock};
use crate::shared::Shared;
use crate::wait::wait_for;
use crate::world::world;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io::{Error, ErrorKind, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, ToSocketAddrs};
use std::os::fd::AsRawFd;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::sockets::Device;

/// The most bytes that one call takes or gives.
fn longest() -> usize {
    world().configured.datagram
}

struct Open {
    socket: Socket,
    is_bound: AtomicBool,
    is_listening: AtomicBool,
    last_sender: Mutex<Option<SocketAddr>>,
    _place: Held<()>,
}

static SOCKETS: Pool<Open> = Pool::new();
/// One for each socket, taken before there is one.
static PLACES: Pool<()> = Pool::new();
/// What apps have looked up: who, the name, an address.
static NAMES: Mutex<Vec<(String, String, IpAddr)>> = Mutex::new(Vec::new());

pub fn failure(error: &Error) -> Failure {
    match error.kind() {
        ErrorKind::InvalidInput => Failure::Invalid,
        ErrorKind::NotConnected => Failure::State,
        ErrorKind::AddrNotAvailable => Failure::NotBindable,
        ErrorKind::AddrInUse => Failure::InUse,
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Failure::Unreachable,
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => Failure::Reset,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::Timeout,
        ErrorKind::Unsupported => Failure::NotSupported,
        _ if error.raw_os_error() == Some(libc::EMSGSIZE) => Failure::TooLarge,
        _ if error.raw_os_error() == Some(libc::EISCONN) => Failure::State,
        _ => Failure::Io,
    }
}

fn place() -> Result<Held<()>, Failure> {
    PLACES.hold(world().configured.sockets, ())
}

fn add(socket: Socket, place: Held<()>) -> Result<u32, Failure> {
    socket.set_nonblocking(true).map_err(|error| failure(&error))?;
    Ok(SOCKETS.add(Open {
        socket,
        is_bound: AtomicBool::new(false),
        is_listening: AtomicBool::new(false),
        last_sender: Mutex::new(None),
        _place: place,
    }))
}

/// Whether somebody waits for being accepted.
fn has_arrival(socket: &Socket) -> bool {
    let mut poll = libc::pollfd { fd: socket.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: there is one descriptor to look at.
    unsafe { libc::poll(&raw mut poll, 1, 0) > 0 }
}

fn address(address: std::io::Result<SockAddr>) -> Result<SocketAddr, Failure> {
    address.map_err(|error| failure(&error))?.as_socket().ok_or(Failure::State)
}

/// Repeats what would block.
fn blocking<T>(
    app: &Shared,
    timeout: u64,
    mut call: impl FnMut() -> std::io::Result<T>,
) -> Result<T, Failure> {
    wait_for(app, timeout, || match call() {
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        done => Some(done.map_err(|error| failure(&error))),
    })
    .unwrap_or(Err(Failure::Timeout))
}

/// What an app has looked up first is dropped for what it looks up, and nobody else's.
fn remember(app: &str, name: &str, addresses: &[IpAddr]) {
    let mut names = lock(&NAMES);
    for ip in addresses {
        names.retain(|(who, known, address)| (&**who, &**known, address) != (app, name, ip));
        while names.iter().filter(|(who, ..)| who == app).count() >= world().configured.names {
            let first = names.iter().position(|(who, ..)| who == app);
            names.remove(first.expect("there is one"));
        }
        names.push((app.to_owned(), name.to_owned(), *ip));
    }
}

impl Device for HostPlatform {
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        current::outside(|app| {
            let found = (name, 0).to_socket_addrs().map_err(|_| Failure::NoName)?;
            let mut addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            addresses.dedup();
            remember(&app.name, name, &addresses);
            Ok(addresses)
        })
    }

    fn is_called(&self, address: IpAddr, accepts: &mut dyn FnMut(&str) -> bool) -> bool {
        let meant = address.to_canonical();
        current::outside(|app| {
            let names = lock(&NAMES);
            names
                .iter()
                .any(|(who, name, ip)| *who == app.name && ip.to_canonical() == meant && accepts(name))
        })
    }

    fn create(&self, tcp: bool, ipv6: bool) -> Result<u32, Failure> {
        current::outside(|_| {
            let place = place()?;
            let domain = if ipv6 { Domain::IPV6 } else { Domain::IPV4 };
            let (ty, protocol) =
                if tcp { (Type::STREAM, Protocol::TCP) } else { (Type::DGRAM, Protocol::UDP) };
            let socket = Socket::new(domain, ty, Some(protocol)).map_err(|error| failure(&error))?;
            if tcp {
                socket.set_reuse_address(true).map_err(|error| failure(&error))?;
            }
            add(socket, place)
        })
    }

    fn bind(&self, socket: u32, address: SocketAddr) -> Result<(), Failure> {
        current::outside(|_| {
            let open = SOCKETS.get(socket);
            open.socket.bind(&address.into()).map_err(|error| failure(&error))?;
            open.is_bound.store(true, Ordering::Relaxed);
            Ok(())
        })
    }

    fn connect(&self, socket: u32, address: SocketAddr, timeout: u64) -> Result<(), Failure> {
        current::outside(|app| {
            let open = SOCKETS.get(socket);
            match open.socket.connect(&address.into()) {
                Ok(()) => return Ok(()),
                Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {}
                Err(error) => return Err(failure(&error)),
            }
            blocking(app, timeout, || match open.socket.take_error()? {
                Some(error) => Err(error),
                None => match open.socket.peer_addr() {
                    Ok(_) => Ok(()),
                    Err(_) => Err(ErrorKind::WouldBlock.into()),
                },
            })
        })
    }

    fn listen(&self, socket: u32, backlog: u32) -> Result<(), Failure> {
        current::outside(|_| {
            let backlog = backlog.clamp(1, 128) as i32;
            if address(SOCKETS.get(socket).socket.local_addr())?.port() == 0 {
                return Err(Failure::State);
            }
            let open = SOCKETS.get(socket);
            open.socket.listen(backlog).map_err(|error| failure(&error))?;
            open.is_listening.store(true, Ordering::Relaxed);
            Ok(())
        })
    }

    fn accept(&self, socket: u32, timeout: u64) -> Result<u32, Failure> {
        current::outside(|app| {
            let open = SOCKETS.get(socket);
            if !open.is_listening.load(Ordering::Relaxed) {
                return Err(Failure::State);
            }
            let accept = || {
                if !has_arrival(&open.socket) {
                    return None;
                }
                // Who arrives goes on waiting if there is no room for a connection.
                let place = match place() {
                    Ok(place) => place,
                    Err(failure) => return Some(Err(failure)),
                };
                match open.socket.accept() {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => None,
                    accepted => {
                        Some(accepted.map_err(|error| failure(&error)).and_then(|(new, _)| add(new, place)))
                    }
                }
            };
            wait_for(app, timeout, accept).unwrap_or(Err(Failure::Timeout))
        })
    }

    fn send(&self, socket: u32, data: &[u8], timeout: u64) -> Result<u32, Failure> {
        current::outside(|app| {
            let open = SOCKETS.get(socket);
            blocking(app, timeout, || (&open.socket).write(data)).map(|sent| sent as u32)
        })
    }

    fn send_to(&self, socket: u32, data: &[u8], address: SocketAddr) -> Result<(), Failure> {
        current::outside(|app| {
            if data.len() > longest() {
                return Err(Failure::TooLarge);
            }
            let (open, address) = (SOCKETS.get(socket), SockAddr::from(address));
            blocking(app, 1_000_000_000, || open.socket.send_to(data, &address)).map(drop)
        })
    }

    fn receive(&self, socket: u32, length: u32, timeout: u64) -> Result<Vec<u8>, Failure> {
        current::outside(|app| {
            let open = SOCKETS.get(socket);
            let mut buffer = vec![0; longest().min(length as usize)];
            let received = blocking(app, timeout, || (&open.socket).read(&mut buffer))?;
            buffer.truncate(received);
            Ok(buffer)
        })
    }

    fn receive_from(&self, socket: u32, timeout: u64) -> Result<(Vec<u8>, SocketAddr), Failure> {
        current::outside(|app| {
            let open = SOCKETS.get(socket);
            let mut buffer = vec![std::mem::MaybeUninit::uninit(); longest()];
            let (length, sender) = blocking(app, timeout, || open.socket.recv_from(&mut buffer))?;
            let sender = sender.as_socket().ok_or(Failure::Io)?;
            *lock(&open.last_sender) = open.is_bound.load(Ordering::Relaxed).then_some(sender);
            // SAFETY: the system has written so many bytes.
            let data = buffer[..length].iter().map(|byte| unsafe { byte.assume_init() }).collect();
            Ok((data, sender))
        })
    }

    fn last_sender(&self, socket: u32) -> Option<SocketAddr> {
        current::outside(|_| *lock(&SOCKETS.get(socket).last_sender))
    }

    fn shutdown(&self, socket: u32) -> Result<(), Failure> {
        current::outside(|_| {
            SOCKETS.get(socket).socket.shutdown(Shutdown::Write).map_err(|error| failure(&error))
        })
    }

    fn address(&self, socket: u32, peer: bool) -> Result<SocketAddr, Failure> {
        current::outside(|_| {
            let open = SOCKETS.get(socket);
            address(if peer { open.socket.peer_addr() } else { open.socket.local_addr() })
        })
    }

    fn poll(&self, sockets: &[(u32, bool)], timeout: u64) -> Result<u32, Failure> {
        current::outside(|app| {
            let open: Vec<_> = sockets.iter().map(|(socket, write)| (SOCKETS.get(*socket), *write)).collect();
            let mut polled: Vec<libc::pollfd> = open
                .iter()
                .map(|(open, write)| libc::pollfd {
                    fd: open.socket.as_raw_fd(),
                    events: if *write { libc::POLLOUT } else { libc::POLLIN },
                    revents: 0,
                })
                .collect();
            let ready = || {
                // SAFETY: the array has as many elements as said.
                let count = unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, 0) };
                let bits = |(position, polled): (usize, &libc::pollfd)| {
                    if polled.revents != 0 { 1 << position } else { 0 }
                };
                (count > 0).then(|| polled.iter().enumerate().map(bits).sum())
            };
            wait_for(app, timeout, ready).ok_or(Failure::Timeout)
        })
    }

    fn close_socket(&self, socket: u32) {
        current::outside_or_ending(|| SOCKETS.remove(socket));
    }
}

/// How long a blocking call of the standard library may take.
pub fn duration(nanoseconds: u64) -> Duration {
    Duration::from_nanos(nanoseconds.clamp(1_000_000, 100 * 365 * 24 * 3_600_000_000_000))
}
