//! `zephyr:http`: requests of HTTP/1.1.

use crate::Failure;
use crate::bindings::zephyr_http_http::{Duration, Error, Host, Method, Response};
use crate::pause::pause;
use alloc::vec::Vec;
use zephyr_wasm_runtime::grants::{Url, canonical, is_header};
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_http_http::{Method as HttpMethod, Response as HttpResponse};

const PACKAGE: &str = "zephyr:http";

/// A request as a client makes it.
pub struct HttpRequest<'a> {
    /// What is asked.
    pub method: Method,
    /// What was granted, of which the next three are parts.
    pub url: &'a str,
    /// The host: a name or an address, that of IPv6 without brackets.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// Path and query, from the slash on.
    pub path: &'a str,
    /// Lines without their ends.
    pub headers: &'a [&'a str],
    /// What is sent.
    pub body: &'a [u8],
}

/// A client.
pub trait Device: Platform {
    /// Makes a request, and waits for the whole answer.
    ///
    /// # Errors
    /// [`Failure::TooLarge`], [`Failure::NoName`], [`Failure::Timeout`], [`Failure::Limit`], [`Failure::Protocol`], or
    /// those of a connection.
    fn fetch(&self, request: &HttpRequest<'_>, timeout: u64) -> Result<Response, Failure>;
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::TooLarge => Error::TooLarge,
        Failure::NoName => Error::NameUnresolvable,
        Failure::Timeout => Error::Timeout,
        Failure::Limit => Error::Limit,
        Failure::Protocol => Error::Protocol,
        Failure::Invalid => Error::Invalid,
        _ => Error::Connection,
    }
}

impl<P: Device> Host for App<P> {
    fn request(
        &mut self,
        method: Method,
        url: &str,
        headers: Vec<&str>,
        body: &[u8],
        timeout: Duration,
    ) -> Result<Response, Error> {
        // What is granted is what is asked, in the one way to write it.
        let url = canonical(url).ok_or(Error::Invalid)?;
        let parts = Url::parse(&url).ok_or(Error::Invalid)?;
        for line in &headers {
            if !is_header(line) {
                return Err(Error::Invalid);
            }
            // They may all be the same text, which is looked at as often as the app likes.
            pause(&self.platform);
        }
        let is_granted = self.manifest().grants(PACKAGE, "request").any(|pattern| {
            // Of these there are as many as the app's manifest has room for, and each may take as long as a path can.
            pause(&self.platform);
            parts.is_of(pattern)
        });
        if !is_granted {
            return Err(Error::NotGranted);
        }
        let Url { host, port, path, .. } = parts;
        let request = HttpRequest { method, url: &url, host, port, path, headers: &headers, body };
        self.platform.fetch(&request, timeout).map_err(error)
    }
}
