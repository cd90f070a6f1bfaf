//! `zephyr:http`: requests of HTTP/1.1.

use crate::Failure;
use crate::bindings::zephyr_http_http::{Duration, Error, Host, Method, Response};
use alloc::vec::Vec;
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
pub trait Http: Platform {
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

/// Host, port and path of `http://host[:port]/path`.
fn parts(url: &str) -> Option<(&str, u16, &str)> {
    let rest = url.strip_prefix("http://")?;
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (authority, path) = match rest.find(['/', '?', '#']) {
        Some(at) if rest[at..].starts_with('/') => rest.split_at(at),
        Some(_) => return None,
        None => (rest, "/"),
    };
    let (host, port) = match authority.strip_prefix('[') {
        Some(ipv6) => {
            let (host, after) = ipv6.split_once(']')?;
            (host, after.strip_prefix(':'))
        }
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    // A user would be sent to another host than the one that is granted.
    if host.is_empty() || authority.contains('@') {
        return None;
    }
    let port = match port {
        Some(port) => port.parse().ok()?,
        None => 80,
    };
    Some((host, port, path))
}

fn is_header(line: &str) -> bool {
    line.contains(':') && !line.contains(char::is_control)
}

impl<P: Http> Host for App<P> {
    fn request(
        &mut self,
        method: Method,
        url: &str,
        headers: Vec<&str>,
        body: &[u8],
        timeout: Duration,
    ) -> Result<Response, Error> {
        let Some((host, port, path)) = parts(url) else { return Err(Error::Invalid) };
        if !headers.iter().all(|line| is_header(line)) {
            return Err(Error::Invalid);
        }
        if !self.manifest().grants_to(PACKAGE, "request", url) {
            return Err(Error::NotGranted);
        }
        let request = HttpRequest { method, url, host, port, path, headers: &headers, body };
        self.platform.fetch(&request, timeout).map_err(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_parts() {
        assert_eq!(parts("http://a.example/x?y"), Some(("a.example", 80, "/x?y")));
        assert_eq!(parts("http://10.0.2.2:8080"), Some(("10.0.2.2", 8080, "/")));
        assert_eq!(parts("http://[::1]:81/"), Some(("::1", 81, "/")));
        for bad in [
            "https://a/",
            "http://",
            "http://a:b/",
            "http://a@b/",
            "http://a b/",
            "http://a?x",
            "http://a/\r\nx",
        ] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }

    #[test]
    fn headers_are_single_lines() {
        assert!(is_header("Accept: text/plain"));
        assert!(!is_header("Accept: a\r\nHost: b") && !is_header("Accept"));
    }
}
