//! `zephyr:sockets`: UDP and TCP.

use crate::Failure;
use crate::bindings::zephyr_sockets_sockets::{
    Datagram, Duration, ErrorCode, Host as Api, IpAddress, IpAddressFamily, IpSocketAddress, Pollable,
    TcpSocket, UdpSocket,
};
use alloc::vec::Vec;
use core::fmt::Write;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use zephyr_wasm_runtime::grants::{Host, Peer, is_host, is_name};
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:sockets";
/// The most sockets that one `poll` waits for: a bit each.
pub const MOST_POLLED: usize = 32;

/// The sockets of a system, by number. Those of an app that ends are closed by the platform.
pub trait Device: Platform {
    /// Looks up a host, and remembers the answer for [`Sockets::is_called`].
    ///
    /// # Errors
    /// [`Failure::NoName`].
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, Failure>;

    /// Whether the app has looked up the address by a name that is accepted.
    fn is_called(&self, address: IpAddr, accepts: &mut dyn FnMut(&str) -> bool) -> bool;

    /// Makes a socket.
    ///
    /// # Errors
    /// [`Failure::Limit`], [`Failure::NotSupported`]. This and what follows: also what the system says.
    fn create(&self, tcp: bool, ipv6: bool) -> Result<u32, Failure>;

    /// Takes a local address.
    #[allow(missing_docs, clippy::missing_errors_doc)]
    fn bind(&self, socket: u32, address: SocketAddr) -> Result<(), Failure>;

    /// Connects.
    #[allow(clippy::missing_errors_doc)]
    fn connect(&self, socket: u32, address: SocketAddr, timeout: u64) -> Result<(), Failure>;

    /// Lets peers connect; [`Failure::State`] if it was not bound, as the port would be one that nothing grants.
    #[allow(clippy::missing_errors_doc)]
    fn listen(&self, socket: u32, backlog: u32) -> Result<(), Failure>;

    /// Takes the connection of the next peer.
    #[allow(clippy::missing_errors_doc)]
    fn accept(&self, socket: u32, timeout: u64) -> Result<u32, Failure>;

    /// Sends bytes of a connection, and returns how many.
    #[allow(clippy::missing_errors_doc)]
    fn send(&self, socket: u32, data: &[u8], timeout: u64) -> Result<u32, Failure>;

    /// Sends a datagram.
    #[allow(clippy::missing_errors_doc)]
    fn send_to(&self, socket: u32, data: &[u8], address: SocketAddr) -> Result<(), Failure>;

    /// Receives bytes of a connection.
    #[allow(clippy::missing_errors_doc)]
    fn receive(&self, socket: u32, length: u32, timeout: u64) -> Result<Vec<u8>, Failure>;

    /// Receives a datagram.
    #[allow(clippy::missing_errors_doc)]
    fn receive_from(&self, socket: u32, timeout: u64) -> Result<(Vec<u8>, SocketAddr), Failure>;

    /// Who sent the last datagram that was received, if the socket was bound: there, and at no other port, is who may be
    /// answered without being granted.
    fn last_sender(&self, socket: u32) -> Option<SocketAddr>;

    /// Ends the sending side of a connection.
    #[allow(clippy::missing_errors_doc)]
    fn shutdown(&self, socket: u32) -> Result<(), Failure>;

    /// The local address, or the peer's.
    #[allow(clippy::missing_errors_doc)]
    fn address(&self, socket: u32, peer: bool) -> Result<SocketAddr, Failure>;

    /// Waits until one of these can be read from, or written to if the flag is set; a bit for each that is ready.
    #[allow(clippy::missing_errors_doc)]
    fn poll(&self, sockets: &[(u32, bool)], timeout: u64) -> Result<u32, Failure>;

    /// Closes a socket.
    fn close_socket(&self, socket: u32);
}

fn error(failure: Failure) -> ErrorCode {
    match failure {
        Failure::NotSupported => ErrorCode::NotSupported,
        Failure::Invalid => ErrorCode::InvalidArgument,
        Failure::State => ErrorCode::InvalidState,
        Failure::Limit => ErrorCode::NewSocketLimit,
        Failure::NotBindable => ErrorCode::AddressNotBindable,
        Failure::InUse => ErrorCode::AddressInUse,
        Failure::Unreachable => ErrorCode::RemoteUnreachable,
        Failure::Refused => ErrorCode::ConnectionRefused,
        Failure::Reset => ErrorCode::ConnectionReset,
        Failure::Timeout => ErrorCode::Timeout,
        Failure::TooLarge => ErrorCode::DatagramTooLarge,
        Failure::NoName => ErrorCode::NameUnresolvable,
        _ => ErrorCode::Unknown,
    }
}

fn address_of(address: IpSocketAddress) -> SocketAddr {
    let ip = match address.address {
        IpAddress::Ipv4((a, b, c, d)) => IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
        IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)),
    };
    SocketAddr::new(ip, address.port)
}

fn ip_address(ip: IpAddr) -> IpAddress {
    match ip {
        IpAddr::V4(ip) => IpAddress::Ipv4(ip.octets().into()),
        IpAddr::V6(ip) => IpAddress::Ipv6(ip.segments().into()),
    }
}

fn socket_address(address: SocketAddr) -> IpSocketAddress {
    IpSocketAddress { address: ip_address(address.ip()), port: address.port() }
}

/// Whether an app may talk to a peer, by its address or by a name that the app has looked up.
fn check_peer<P: Device>(app: &App<P>, protocol: &str, address: SocketAddr) -> Result<(), ErrorCode> {
    let granted = |host: Host<'_>| {
        let peer = Peer { protocol, host, port: address.port() };
        app.manifest().grants(PACKAGE, "connect").any(|pattern| peer.is_of(pattern))
    };
    let by_name = &mut |name: &str| is_name(name) && granted(Host::Name(name));
    if granted(Host::Address(address.ip())) || app.platform.is_called(address.ip(), by_name) {
        Ok(())
    } else {
        Err(ErrorCode::AccessDenied)
    }
}

fn check_port<P: Device>(app: &App<P>, protocol: &str, port: u16) -> Result<(), ErrorCode> {
    let mut local = heapless::String::<16>::new();
    let _ = write!(local, "{protocol}:{port}");
    let granted = app.manifest().grants_to(PACKAGE, "bind", &local);
    if granted { Ok(()) } else { Err(ErrorCode::AccessDenied) }
}

impl<P: Device> Api for App<P> {
    type TcpSocketReceive = Vec<u8>;

    fn resolve_addresses(&mut self, name: &str) -> Result<Vec<IpAddress>, ErrorCode> {
        // What somebody could take for an address is none, and an address is looked up as itself.
        if !is_host(name) {
            return Err(ErrorCode::InvalidArgument);
        }
        if !self.manifest().grants_to(PACKAGE, "resolve", name) {
            return Err(ErrorCode::AccessDenied);
        }
        let addresses = self.platform.resolve(name).map_err(error)?;
        Ok(addresses.into_iter().map(ip_address).collect())
    }

    fn poll(&mut self, sockets: Vec<Pollable>, timeout: Duration) -> Result<Vec<u32>, ErrorCode> {
        if sockets.is_empty() || sockets.len() > MOST_POLLED {
            return Err(ErrorCode::InvalidArgument);
        }
        let polled: Vec<(u32, bool)> = sockets
            .iter()
            .map(|socket| match socket {
                Pollable::UdpReadable(socket) => (socket.0, false),
                Pollable::TcpReadable(socket) => (socket.0, false),
                Pollable::TcpWritable(socket) => (socket.0, true),
            })
            .collect();
        let ready = match self.platform.poll(&polled, timeout) {
            Err(Failure::Timeout) => 0,
            ready => ready.map_err(error)?,
        };
        Ok((0..polled.len() as u32).filter(|position| ready & 1 << position != 0).collect())
    }

    fn udp_socket_create(&mut self, family: IpAddressFamily) -> Result<UdpSocket, ErrorCode> {
        let ipv6 = matches!(family, IpAddressFamily::Ipv6);
        self.platform.create(false, ipv6).map(UdpSocket).map_err(error)
    }

    fn udp_socket_bind(&mut self, this: UdpSocket, local: IpSocketAddress) -> Result<(), ErrorCode> {
        check_port(self, "udp", local.port)?;
        self.platform.bind(this.0, address_of(local)).map_err(error)
    }

    fn udp_socket_send(
        &mut self,
        this: UdpSocket,
        data: &[u8],
        remote: IpSocketAddress,
    ) -> Result<(), ErrorCode> {
        let remote = address_of(remote);
        // Who asks at a port that is granted may be answered.
        if self.platform.last_sender(this.0) != Some(remote) {
            check_peer(self, "udp", remote)?;
        }
        self.platform.send_to(this.0, data, remote).map_err(error)
    }

    fn udp_socket_receive(&mut self, this: UdpSocket, timeout: Duration) -> Result<Datagram, ErrorCode> {
        let (data, sender) = self.platform.receive_from(this.0, timeout).map_err(error)?;
        Ok(Datagram { data, remote_address: socket_address(sender) })
    }

    fn udp_socket_get_local_address(&mut self, this: UdpSocket) -> Result<IpSocketAddress, ErrorCode> {
        self.platform.address(this.0, false).map(socket_address).map_err(error)
    }

    fn tcp_socket_create(&mut self, family: IpAddressFamily) -> Result<TcpSocket, ErrorCode> {
        let ipv6 = matches!(family, IpAddressFamily::Ipv6);
        self.platform.create(true, ipv6).map(TcpSocket).map_err(error)
    }

    fn tcp_socket_bind(&mut self, this: TcpSocket, local: IpSocketAddress) -> Result<(), ErrorCode> {
        check_port(self, "tcp", local.port)?;
        self.platform.bind(this.0, address_of(local)).map_err(error)
    }

    fn tcp_socket_connect(
        &mut self,
        this: TcpSocket,
        remote: IpSocketAddress,
        timeout: Duration,
    ) -> Result<(), ErrorCode> {
        let remote = address_of(remote);
        check_peer(self, "tcp", remote)?;
        self.platform.connect(this.0, remote, timeout).map_err(error)
    }

    fn tcp_socket_listen(&mut self, this: TcpSocket, backlog: u32) -> Result<(), ErrorCode> {
        self.platform.listen(this.0, backlog).map_err(error)
    }

    fn tcp_socket_accept(&mut self, this: TcpSocket, timeout: Duration) -> Result<TcpSocket, ErrorCode> {
        self.platform.accept(this.0, timeout).map(TcpSocket).map_err(error)
    }

    fn tcp_socket_send(&mut self, this: TcpSocket, data: &[u8], timeout: Duration) -> Result<u32, ErrorCode> {
        self.platform.send(this.0, data, timeout).map_err(error)
    }

    fn tcp_socket_receive(
        &mut self,
        this: TcpSocket,
        len: u32,
        timeout: Duration,
    ) -> Result<Vec<u8>, ErrorCode> {
        self.platform.receive(this.0, len, timeout).map_err(error)
    }

    fn tcp_socket_shutdown(&mut self, this: TcpSocket) -> Result<(), ErrorCode> {
        self.platform.shutdown(this.0).map_err(error)
    }

    fn tcp_socket_get_local_address(&mut self, this: TcpSocket) -> Result<IpSocketAddress, ErrorCode> {
        self.platform.address(this.0, false).map(socket_address).map_err(error)
    }

    fn tcp_socket_get_remote_address(&mut self, this: TcpSocket) -> Result<IpSocketAddress, ErrorCode> {
        self.platform.address(this.0, true).map(socket_address).map_err(error)
    }

    fn udp_socket_drop(&mut self, this: UdpSocket) {
        self.platform.close_socket(this.0);
    }

    fn tcp_socket_drop(&mut self, this: TcpSocket) {
        self.platform.close_socket(this.0);
    }
}
