//! What grants of the network mean: peers and URLs by their parts, and not by how somebody writes them.
//!
//! One piece of code for the APIs, on boards and on Linux, and for the kernel, which asks it for apps in user mode
//! (`src/user/gate.c`). An address is never taken for a name, nor a name for an address; a `*` stays in its part.

use crate::lines::{matches, matches_by};
use alloc::string::String;
use core::fmt::Write;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest name of a host, as DNS has them.
const LONGEST_NAME: usize = 253;

/// The longest URL in bytes. What is longer could take long to match, while a kill waits for the call.
const LONGEST_URL: usize = 2048;

/// Who is meant: an address, or a name that somebody has to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// An address.
    Address(IpAddr),
    /// A name.
    Name(&'a str),
}

impl<'a> Host<'a> {
    /// Reads a host as URLs have them: an address of IPv4, one of IPv6 in brackets, or a name.
    ///
    /// What ends with a number is no name: `127.1` and `0x7f000001` are addresses to some. `[::ffff:10.0.0.1]` is
    /// 10.0.0.1, as IPv6 writes it.
    pub fn parse(text: &'a str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix('[') {
            let address: Ipv6Addr = rest.strip_suffix(']')?.parse().ok()?;
            return Some(Host::Address(address.to_canonical()));
        }
        match text.parse::<Ipv4Addr>() {
            Ok(address) => Some(Host::Address(address.into())),
            Err(_) => is_name(text).then_some(Host::Name(text)),
        }
    }

    /// Whether a pattern is of it. One of digits and points only is of addresses; `*` is of all.
    fn is_of(self, pattern: &str) -> bool {
        let is_all = pattern.bytes().all(|byte| matches!(byte, b'*' | b'.'));
        let is_of_addresses = is_pattern_of_addresses(pattern);
        match self {
            Host::Name(name) => {
                let same = |a: u8, b: u8| a.eq_ignore_ascii_case(&b);
                (is_all || !is_of_addresses) && matches_by(pattern, name, same)
            }
            Host::Address(address) => {
                // Whoever has a grant of IPv6 reaches no address of IPv4 by it.
                let meant = address.to_canonical();
                let mut text = heapless::String::<48>::new();
                let _ = match meant {
                    IpAddr::V4(address) => write!(text, "{address}"),
                    IpAddr::V6(address) => write!(text, "[{address}]"),
                };
                is_of_addresses
                    && (matches(pattern, &text) || Host::parse(pattern) == Some(Host::Address(meant)))
            }
        }
    }
}

/// Whether a name is what DNS knows, and nobody could take for an address.
pub fn is_name(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let last = text.strip_suffix('.').unwrap_or(text).rsplit('.').next().unwrap_or_default().as_bytes();
    let is_number = match last {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => digits.iter().all(u8::is_ascii_digit),
    };
    text.len() <= LONGEST_NAME && text.bytes().all(good) && !is_number
}

/// Whether a text is a name or an address, and nothing besides, as a port: Zephyr reads that too, into as little room as
/// a port takes.
pub fn is_host(text: &str) -> bool {
    is_name(text) || text.parse::<IpAddr>().is_ok()
}

/// Whether no host but an address fits a pattern, or any does.
fn is_pattern_of_addresses(pattern: &str) -> bool {
    pattern.starts_with('[')
        || pattern.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'.'))
}

/// Whether a pattern is of anything at all.
fn is_anything(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

/// Host and port of `host:port`, where a host of IPv6 has brackets.
fn split_port(text: &str) -> (&str, Option<&str>) {
    // A port has no bracket.
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') && (!host.starts_with('[') || host.ends_with(']')) => {
            (host, Some(port))
        }
        _ => (text, None),
    }
}

fn is_port(pattern: &str, port: u16) -> bool {
    let mut text = heapless::String::<5>::new();
    let _ = write!(text, "{port}");
    matches(pattern, &text)
}

/// Whom an app would talk to.
#[derive(Clone, Copy, Debug)]
pub struct Peer<'a> {
    /// `tcp` or `udp`; empty where patterns have none.
    pub protocol: &'a str,
    /// The host.
    pub host: Host<'a>,
    /// The port.
    pub port: u16,
}

impl Peer<'_> {
    /// Whether a pattern, as `tcp://*.example.com:443` or `10.0.0.*:5683`, is of this peer.
    pub fn is_of(&self, pattern: &str) -> bool {
        if is_anything(pattern) {
            return true;
        }
        let rest = match pattern.split_once("://") {
            Some((protocol, rest)) if matches(protocol, self.protocol) => rest,
            None if self.protocol.is_empty() => pattern,
            _ => return false,
        };
        let (host, port) = split_port(rest);
        port.is_some_and(|port| is_port(port, self.port)) && self.host.is_of(host)
    }
}

/// The parts of a URL that is written in the one way that [`canonical`] writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// The host, an address of IPv6 without its brackets.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// Path and query, from the slash on.
    pub path: &'a str,
    parsed: Host<'a>,
}

const SCHEME: &str = "http://";
const PORT: u16 = 80;

impl<'a> Url<'a> {
    /// Reads a URL; none if it could be written in another way.
    pub fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(SCHEME).filter(|_| text.len() <= LONGEST_URL)?;
        let (authority, path) = rest.split_at(rest.find('/')?);
        let (host, written) = split_port(authority);
        let parsed = Host::parse(host)?;
        let port = match written {
            Some(digits) => read_port(digits)?,
            None => PORT,
        };
        let mut again = heapless::String::<300>::new();
        write_authority(&mut again, parsed, port)?;
        if again != authority || !is_canonical(path) {
            return None;
        }
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        Some(Url { host, port, path, parsed })
    }

    /// Whether a pattern, as `http://*.example.com:8080/api/*`, is of this URL.
    pub fn is_of(&self, pattern: &str) -> bool {
        if is_anything(pattern) {
            return true;
        }
        let Some((scheme, rest)) = pattern.split_once("://") else { return false };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = split_port(authority);
        let is_port = port.map_or(self.port == PORT, |port| is_port(port, self.port));
        let path = if path.is_empty() { "/" } else { path };
        matches(scheme, "http") && is_port && self.parsed.is_of(host) && is_path(path, self.path)
    }
}

/// Whether a pattern is of a path and its query, which is a part of its own: what an app writes there is no end of a path.
/// A pattern without one is of any if its last is `*`.
fn is_path(pattern: &str, path: &str) -> bool {
    match (pattern.split_once('?'), path.split_once('?')) {
        (None, None) => matches(pattern, path),
        (None, Some((path, _))) => pattern.ends_with('*') && matches(pattern, path),
        (Some((pattern, queries)), Some((path, query))) => matches(queries, query) && matches(pattern, path),
        (Some(_), None) => false,
    }
}

/// The one way to write a URL of `http://host[:port][/path]`, which is what is granted and what is asked: its host in
/// small letters, no port where it is the usual one, `.` and `..` followed, and no more escapes than it needs. None if
/// it is none, if one server would understand it otherwise than another, or if it has more than 2048 bytes.
pub fn canonical(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_at_checked(SCHEME.len()).filter(|_| url.len() <= LONGEST_URL)?;
    if !scheme.eq_ignore_ascii_case(SCHEME) || !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = split_port(authority);
    let port = match port {
        None | Some("") => PORT,
        Some(digits) => read_port(digits)?,
    };
    let mut text = String::from(SCHEME);
    write_authority(&mut text, Host::parse(host)?, port)?;
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    // What is behind a `#` is not for servers.
    if query.contains('#') {
        return None;
    }
    write_path(&mut text, if path.is_empty() && query.is_empty() { "/" } else { path })?;
    text.push_str(query);
    (text.len() <= LONGEST_URL).then_some(text)
}

fn read_port(digits: &str) -> Option<u16> {
    let port = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
    port.filter(|port| *port != 0)
}

fn write_authority(to: &mut impl Write, host: Host<'_>, port: u16) -> Option<()> {
    match host {
        Host::Address(IpAddr::V4(address)) => write!(to, "{address}").ok()?,
        Host::Address(IpAddr::V6(address)) => write!(to, "[{address}]").ok()?,
        Host::Name(name) => {
            name.chars().try_for_each(|letter| to.write_char(letter.to_ascii_lowercase())).ok()?;
        }
    }
    if port == PORT { Some(()) } else { write!(to, ":{port}").ok() }
}

/// Gives the characters of a segment of a path, with no more escapes than it needs. None if it hides what separates
/// segments, or what ends texts and lines.
fn unescape(segment: &str, mut give: impl FnMut(u8)) -> Option<()> {
    let hex = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut rest = segment.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        if *first != b'%' {
            if !first.is_ascii_graphic() || b"\\#?".contains(first) {
                return None;
            }
            give(*first);
            continue;
        }
        let [high, low, others @ ..] = others else { return None };
        rest = others;
        match hex(*high)? << 4 | hex(*low)? {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => give(byte),
            byte if byte.is_ascii_control() || b"/\\".contains(&byte) => return None,
            _ => [b'%', high.to_ascii_uppercase(), low.to_ascii_uppercase()].into_iter().for_each(&mut give),
        }
    }
    Some(())
}

/// Whether a segment means the one that it is in, or the one before; with parameters, it does so to some servers.
fn is_dots(segment: &str) -> bool {
    matches!(segment.split(';').next(), Some("." | ".."))
}

fn write_path(to: &mut String, path: &str) -> Option<()> {
    let start = to.len();
    let mut segments = path.strip_prefix('/')?.split('/').peekable();
    let mut one = String::new();
    while let Some(segment) = segments.next() {
        one.clear();
        unescape(segment, |byte| one.push(byte.into()))?;
        if !is_dots(&one) {
            to.push('/');
            to.push_str(&one);
            continue;
        }
        match one.as_str() {
            "." => {}
            ".." => to.truncate(to[start..].rfind('/').map_or(start, |slash| start + slash)),
            _ => return None,
        }
        if segments.peek().is_none() {
            to.push('/');
        }
    }
    Some(())
}

/// Whether a path, with its query, is as [`canonical`] writes it.
fn is_canonical(path: &str) -> bool {
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let is_good = |segment: &str| {
        let (mut at, mut same) = (0, true);
        let whole = unescape(segment, |byte| {
            same &= segment.as_bytes().get(at) == Some(&byte);
            at += 1;
        });
        whole.is_some() && same && at == segment.len() && !is_dots(segment)
    };
    path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_good))
        && query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

/// Whether a line is a header that an app may add to a request, as `Accept: text/plain`: one line, with a name as HTTP
/// has them, and not one that says whom the request is for or where it ends, which is the client's to say.
pub fn is_header(line: &str) -> bool {
    const OURS: [&str; 8] = [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
    ];
    let Some((name, value)) = line.split_once(':') else { return false };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name.bytes().all(good)
        && !OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name))
        && !value.contains(char::is_control)
}

/// What is wrong with a pattern of peers or URLs, for whoever writes a manifest; a pattern with that grants nothing.
///
/// # Errors
/// What is wrong, and what to write.
pub fn check_pattern(pattern: &str, is_url: bool, has_protocol: bool) -> Result<(), &'static str> {
    if is_anything(pattern) {
        return Ok(());
    }
    let rest = match pattern.split_once("://") {
        Some((_, rest)) if has_protocol => rest,
        None if !has_protocol => pattern,
        _ if is_url => return Err("a URL is `http://host[:port]/path`"),
        _ if has_protocol => return Err("a peer is `tcp://host:port` or `udp://host:port`"),
        _ => return Err("a server is `host:port`"),
    };
    let (authority, path) = match rest.find('/') {
        Some(slash) if is_url => rest.split_at(slash),
        Some(_) => return Err("a peer has no path"),
        None if is_url && rest.ends_with('*') => {
            return Err("a `*` does not reach from a host or port into the path: add `/*`");
        }
        None => (rest, "/"),
    };
    let (host, port) = split_port(authority);
    if !is_url && port.is_none() {
        return Err("it has no port, and a `*` does not reach from the host into it: add `:*` for any");
    }
    if port.is_some_and(|port| {
        port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*')
    }) {
        return Err("a port is a number, or digits with `*`");
    }
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    let is_host = match host.strip_prefix('[') {
        Some(rest) => host.contains('*') && rest.ends_with(']') || Host::parse(host).is_some(),
        None if host.contains('*') => host.bytes().all(good),
        None => Host::parse(host).is_some(),
    };
    if !is_host {
        return Err("its host is no name and no address (IPv6 in brackets)");
    }
    if host.contains('*') && host.get(..8).is_some_and(|begin| begin.eq_ignore_ascii_case("[::ffff:")) {
        return Err("its host is an address of IPv4, which is `10.0.0.*` and not `[::ffff:10.0.0.*]`");
    }
    if is_canonical(path) { Ok(()) } else { Err("its path has `..`, or escapes that it does not need") }
}

#[cfg(test)]
#[path = "grants_tests.rs"]
mod tests;
