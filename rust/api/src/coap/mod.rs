//! `zephyr:coap`: resources that apps serve, and requests that they make. What CoAP says of both ([`server`], [`client`])
//! is the same on boards and on Linux.

use crate::Failure;
use crate::bindings::zephyr_coap_coap::{Duration, Error, Host, Method, Request, Response, Served};
use core::net::SocketAddr;
use zephyr_wasm_runtime::grants::{self, Peer};
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_coap_coap::{
    Method as CoapMethod, Request as CoapRequest, Response as CoapResponse,
};

mod answers;
pub mod client;
mod observe;
mod observer;
pub mod packet;
mod places;
mod request;
pub mod server;
pub mod shared;
mod state;
#[cfg(test)]
mod tests;

pub use observer::Observer;
pub use request::Path;
pub use state::{Exchange, Received, Resource, Server};

const PACKAGE: &str = "zephyr:coap";
/// The longest path in bytes.
pub const LONGEST_PATH: usize = 63;

/// CoAP in both directions.
pub trait Device: Platform {
    /// Asks a server, and waits for its answer.
    ///
    /// # Errors
    /// [`Failure::TooLarge`], [`Failure::Limit`], [`Failure::Timeout`], [`Failure::Io`].
    fn ask(
        &self,
        server: SocketAddr,
        method: Method,
        path: &str,
        payload: &[u8],
        deadline: u64,
    ) -> Result<Response, Failure>;

    /// Serves a path and all below it, and returns a number for it.
    ///
    /// # Errors
    /// [`Failure::Busy`], [`Failure::Limit`], [`Failure::Invalid`].
    fn serve(&self, path: &str, capacity: u32) -> Result<u32, Failure>;

    /// Waits for a request.
    fn next_request(&self, served: u32, timeout: u64) -> Option<Request>;

    /// Answers one.
    ///
    /// # Errors
    /// [`Failure::TooLarge`], [`Failure::Timeout`] for one that nobody made, [`Failure::Io`].
    fn answer(&self, served: u32, request: u32, response: &Response) -> Result<(), Failure>;

    /// Lets clients observe what is served.
    fn make_observable(&self, served: u32);

    /// Tells those who observe a path, and returns how many they are.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for a path that is not served or not observable, [`Failure::TooLarge`], [`Failure::Limit`],
    /// [`Failure::Io`].
    fn notify(&self, served: u32, path: &str, response: &Response) -> Result<u32, Failure>;

    /// Ends serving a path.
    fn end_serving(&self, served: u32);
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::Busy => Error::Busy,
        Failure::Limit => Error::Limit,
        Failure::Timeout => Error::Timeout,
        Failure::TooLarge | Failure::Invalid => Error::Invalid,
        _ => Error::Io,
    }
}

fn check_path(path: &str) -> Result<(), Error> {
    // RFC 7252, 5.10.1 has no dots that mean another segment.
    let is_segment = |segment: &str| !matches!(segment, "." | "..") && !segment.contains('\0');
    let good = !path.is_empty()
        && path.len() <= LONGEST_PATH
        && !path.starts_with('/')
        && path.split('/').all(is_segment);
    if good { Ok(()) } else { Err(Error::Invalid) }
}

impl<P: Device> Host for App<P> {
    fn ask(
        &mut self,
        server: &str,
        method: Method,
        path: &str,
        payload: &[u8],
        deadline: Duration,
    ) -> Result<Response, Error> {
        check_path(path)?;
        let address: SocketAddr = server.parse().map_err(|_| Error::Invalid)?;
        // As it is, and not as somebody writes it.
        let peer = Peer { protocol: "", host: grants::Host::Address(address.ip()), port: address.port() };
        if !self.manifest().grants(PACKAGE, "request").any(|pattern| peer.is_of(pattern)) {
            return Err(Error::NotGranted);
        }
        self.platform.ask(address, method, path, payload, deadline).map_err(error)
    }

    fn served_open(&mut self, path: &str, capacity: u32) -> Result<Served, Error> {
        check_path(path)?;
        if !self.manifest().grants_to(PACKAGE, "serve", path) {
            return Err(Error::NotGranted);
        }
        self.platform.serve(path, capacity).map(Served).map_err(error)
    }

    fn served_next(&mut self, this: Served, timeout: Duration) -> Option<Request> {
        self.platform.next_request(this.0, timeout)
    }

    fn served_respond(&mut self, this: Served, id: u32, response: Response) -> Result<(), Error> {
        packet::code::of_response(response.code).ok_or(Error::Invalid)?;
        self.platform.answer(this.0, id, &response).map_err(error)
    }

    fn served_observable(&mut self, this: Served) {
        self.platform.make_observable(this.0);
    }

    fn served_notify(&mut self, this: Served, path: &str, response: Response) -> Result<u32, Error> {
        check_path(path)?;
        packet::code::of_response(response.code).ok_or(Error::Invalid)?;
        self.platform.notify(this.0, path, &response).map_err(error)
    }

    fn served_drop(&mut self, this: Served) {
        self.platform.end_serving(this.0);
    }
}
