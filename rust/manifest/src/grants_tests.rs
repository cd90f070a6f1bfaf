//! What patterns of URLs and peers grant, and what they do not.

extern crate std;
use super::*;
use proptest::prelude::*;
use std::format;
use std::string::ToString;

/// What a URL is when it is granted and asked.
fn url(text: &str) -> Option<String> {
    canonical(text)
}

fn grants(pattern: &str, text: &str) -> bool {
    let Some(text) = canonical(text) else { return false };
    Url::parse(&text).expect("what is canonical is a URL").is_of(pattern)
}

fn peer(pattern: &str, protocol: &str, host: &str, port: u16) -> bool {
    Host::parse(host).is_some_and(|host| Peer { protocol, host, port }.is_of(pattern))
}

#[test]
fn no_url_is_longer_than_it_may_be() {
    let url = |length: usize| format!("http://h.example/{}", "a".repeat(length - "http://h.example/".len()));
    assert_eq!(canonical(&url(LONGEST_URL)), Some(url(LONGEST_URL)));
    assert_eq!(canonical(&url(LONGEST_URL + 1)), None);
    assert_eq!(Url::parse(&url(LONGEST_URL + 1)), None);
}

#[test]
fn a_url_is_written_in_one_way() {
    for (written, once) in [
        ("http://a.example/x?y", "http://a.example/x?y"),
        ("HTTP://A.Example:80/x", "http://a.example/x"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example:/", "http://a.example/"),
        ("http://a.example:080/", "http://a.example/"),
        ("http://10.0.2.2:8080", "http://10.0.2.2:8080/"),
        ("http://[0:0::1]:81/", "http://[::1]:81/"),
        ("http://h/api/../secret", "http://h/secret"),
        ("http://h/api/%2e%2E/secret", "http://h/secret"),
        ("http://h/api/.%2e/secret", "http://h/secret"),
        ("http://h/../../x", "http://h/x"),
        ("http://h/a/./b/.", "http://h/a/b/"),
        ("http://h/a/b/..", "http://h/a/"),
        ("http://h/a//../b", "http://h/a/b"),
        ("http://h/%61pi/%7e", "http://h/api/~"),
        ("http://h/%c3%a4%25", "http://h/%C3%A4%25"),
        ("http://h/a?b=../c", "http://h/a?b=../c"),
        ("http://h/...", "http://h/..."),
    ] {
        assert_eq!(url(written).as_deref(), Some(once), "{written}");
    }
}

#[test]
fn what_servers_understand_otherwise_is_no_url() {
    for bad in [
        "https://a/",
        "http://",
        "http:///x",
        "http://a:b/",
        "http://a:+1/",
        "http://a:0/",
        "http://a:65536/",
        "http://user@a/",
        "http://granted.example@evil.example/",
        "http://granted.example:80@evil.example/",
        "http://granted.example\\@evil.example/",
        "http://a%00.example/",
        "http://a%2eexample/",
        "http://a b/",
        "http://a?x",
        "http://a#x",
        "http://a/#x",
        "http://a/?x#y",
        "http://a/\r\nx",
        "http://a/\0",
        "http://a/%00",
        "http://a/%0d%0a",
        "http://a/x%2f..%2fsecret",
        "http://a/x%5c..%5csecret",
        "http://a/x\\..\\secret",
        "http://a/..;/secret",
        "http://a/%2e%2e;a=b/secret",
        "http://a/%2",
        "http://a/%zz",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://::1/",
        // Addresses, to some.
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://127.0.0.1./",
        "http://127.0.0.01/",
        "http://\u{e4}.example/",
    ] {
        assert_eq!(url(bad), None, "{bad}");
    }
}

#[test]
fn a_url_that_could_be_written_otherwise_does_not_get_through() {
    for other in [
        "HTTP://h/",
        "http://H/",
        "http://h",
        "http://h:80/",
        "http://h:/",
        "http://h:081/",
        "http://[0::1]/",
        "http://h/a/../b",
        "http://h/%2e%2e/b",
        "http://h/%61",
        "http://h/%c3%a4",
        "http://h/x#y",
        "http://u@h/",
        "http://h/\0",
    ] {
        assert_eq!(Url::parse(other), None, "{other}");
    }
    let good = Url::parse("http://[::1]:81/a?b").unwrap();
    assert_eq!((good.host, good.port, good.path), ("::1", 81, "/a?b"));
}

#[test]
fn urls_are_granted_by_their_parts() {
    let api = "http://host.example/api/*";
    assert!(grants(api, "http://host.example/api/x"));
    assert!(grants(api, "http://HOST.example:80/api/a/../b?c"));
    assert!(grants(api, "http://host.example/%61pi/x"));
    for outside in [
        "http://host.example/api",
        "http://host.example/api/../secret",
        "http://host.example/api/%2e%2e/secret",
        "http://host.example/api/..%2fsecret",
        "http://host.example:8080/api/x",
        "http://host.example.evil.example/api/x",
        "http://host.example@evil.example/api/x",
        "http://evil.example/http://host.example/api/x",
    ] {
        assert!(!grants(api, outside), "{outside}");
    }
    let any = "http://*.example.com/*";
    assert!(grants(any, "http://a.example.com/x") && grants(any, "http://a.b.example.com/"));
    assert!(!grants(any, "http://evil.example/x.example.com/y"));
    assert!(!grants(any, "http://evil.example/?x.example.com/y"));
    assert!(!grants(any, "http://evil.example:81/.example.com/"));
    assert!(!grants(any, "http://example.com/") && !grants(any, "http://10.0.0.1/"));
    assert!(grants("http://127.0.0.1:*/*", "http://127.0.0.1:8000/x"));
    assert!(!grants("http://127.0.0.1:*/*", "http://127.0.0.1.evil.example:8000/x"));
    assert!(!grants("http://127.0.0.1*/*", "http://127.0.0.1.evil.example/x"));
    assert!(grants("http://[::1]/*", "http://[0:0:0::1]/x") && grants("http://[0:0::1]/*", "http://[::1]/x"));
    assert!(grants("*", "http://any.example:81/x") && grants("http://*:*/*", "http://[::1]/x"));
    assert!(!grants("http://*", "http://any.example/x") && !grants("https://*/*", "http://any.example/x"));
}

#[test]
fn a_star_of_a_path_stays_in_the_path() {
    let public = "http://h.example/*/public";
    assert!(grants(public, "http://h.example/a/b/public"));
    for outside in ["/admin/delete?x=/public", "/admin?/public", "/a/public?x", "/?/public", "/public"] {
        assert!(!grants(public, &format!("http://h.example{outside}")), "{outside}");
    }
    let pictures = "http://h.example/*.png?size=*";
    assert!(grants(pictures, "http://h.example/a/b.png?size=3"));
    for outside in ["/a.png", "/a?b.png?size=3", "/a.png?x&size=3", "/a?.png?size="] {
        assert!(!grants(pictures, &format!("http://h.example{outside}")), "{outside}");
    }
    // What is below a path may be asked anything.
    assert!(grants("http://h.example/api/*", "http://h.example/api/x?y=../z?"));
    assert!(
        grants("http://h.example/a?*", "http://h.example/a?b")
            && !grants("http://h.example/a", "http://h.example/a?b")
    );
}

#[test]
fn a_name_is_never_an_address() {
    let addresses = "tcp://10.0.0.*:80";
    assert!(peer(addresses, "tcp", "10.0.0.7", 80));
    assert!(!peer(addresses, "tcp", "10.0.0.evil.example", 80));
    assert!(!peer("tcp://10.0.0.*:*", "tcp", "10.0.0.7.evil.example", 80));
    assert!(!peer("tcp://1*:80", "tcp", "1and1.example", 80));
    assert!(!peer("tcp://[fd00::*]:80", "tcp", "fd00.example", 80));
    for no_name in [
        "",
        ".",
        "10.0.0.05",
        "10.1",
        "2130706433",
        "0x7f000001",
        "a.0x7f",
        "a.1",
        "a b",
        "a:1",
        "a/b",
        "a\0",
    ] {
        assert!(!is_name(no_name), "{no_name:?}");
    }
    for no_host in ["10.0.0.1:80", "10.0.0.1:9.example.com", "[::1]", "[::1]:80", "[::1]:9.example.com", ""] {
        assert!(!is_host(no_host), "{no_host:?}");
    }
    assert!(is_host("a.example.com") && is_host("10.0.0.1") && is_host("::1"));
    assert!(is_name("localhost") && is_name("a-b.example.") && is_name("10.0.0.evil.example"));
}

#[test]
fn an_address_is_never_a_name() {
    assert!(!peer("tcp://*b:80", "tcp", "[::b]", 80) && !peer("tcp://*fd*:80", "tcp", "[fd00::1]", 80));
    assert!(peer("tcp://*:80", "tcp", "[fd00::1]", 80) && peer("tcp://[fd00::*]:80", "tcp", "[fd00::1]", 80));
}

#[test]
fn an_address_of_ipv4_stays_one_in_ipv6() {
    for mapped in ["[::ffff:10.0.0.1]", "[::ffff:a00:1]", "[0:0:0:0:0:FFFF:10.0.0.1]"] {
        assert!(peer("udp://10.0.0.*:9", "udp", mapped, 9) && peer("udp://*:9", "udp", mapped, 9));
        assert!(peer(&format!("udp://{mapped}:9"), "udp", "10.0.0.1", 9));
        for other in ["[*]", "[::*]", "[::ffff:*]", "[::ffff:10.0.0.*]", "10.0.1.*", "*.example", "[::1]"] {
            assert!(!peer(&format!("udp://{other}:9"), "udp", mapped, 9), "{other}");
        }
        assert_eq!(url(&format!("http://{mapped}/x")).as_deref(), Some("http://10.0.0.1/x"));
        assert_eq!(Url::parse(&format!("http://{mapped}/x")), None);
        assert!(!grants("http://[*]/*", &format!("http://{mapped}/x")));
    }
    // As an app gives it, which writes nothing.
    let mapped = Host::Address("::ffff:10.0.0.1".parse().unwrap());
    let peer_of = |host, pattern| Peer { protocol: "tcp", host, port: 1 }.is_of(pattern);
    assert!(peer_of(mapped, "tcp://10.0.0.1:1") && !peer_of(mapped, "tcp://[*]:1"));
    assert!(peer_of(mapped, "*") && !peer_of(mapped, "tcp://[::ffff:*]:1"));
    assert!(check_pattern("tcp://[::ffff:10.0.0.*]:1", false, true).is_err());
    assert_eq!(check_pattern("tcp://[::ffff:10.0.0.1]:1", false, true), Ok(()));
}

#[test]
fn peers_are_granted_by_their_parts() {
    assert!(peer("tcp://*.example.com:443", "tcp", "A.Example.com", 443));
    assert!(!peer("tcp://*.example.com:443", "tcp", "a.example.com", 80));
    assert!(!peer("tcp://*.example.com:443", "udp", "a.example.com", 443));
    assert!(peer("*://*:5683", "udp", "10.0.0.1", 5683) && peer("*", "udp", "10.0.0.1", 5683));
    assert!(peer("udp://127.0.0.1:*", "udp", "127.0.0.1", 9) && peer("tcp://a:80*", "tcp", "a", 8080));
    assert!(peer("10.0.2.2:5683", "", "10.0.2.2", 5683) && peer("[::1]:5683", "", "[::1]", 5683));
    assert!(!peer("udp://10.0.2.2:5683", "", "10.0.2.2", 5683));
    // A `*` stays in its part.
    assert!(!peer("tcp://a*", "tcp", "a", 80) && !peer("tcp*:80", "tcp", "a", 80));
}

#[test]
fn headers_are_single_lines_that_are_the_apps_to_say() {
    for good in ["Accept: text/plain", "X-A:", "If-None-Match: \"a:b\"", "X-Name: \u{e4}"] {
        assert!(is_header(good), "{good:?}");
    }
    for bad in [
        "Accept",
        "",
        ": a",
        "Accept : a",
        " Accept: a",
        "A b: c",
        "A\tb: c",
        "A\0: b",
        "A: b\0",
        "A: b\r\nHost: c",
        "A: b\nHost: c",
        "A: b\r",
        "A\r\nB: c",
        "A: \u{7f}",
        "A: \u{85}",
        "A: \u{9b}2J",
        "\u{e4}: b",
        "Host: other.example",
        "hOST: other.example",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Connection: close",
        "Upgrade: x",
    ] {
        assert!(!is_header(bad), "{bad:?}");
    }
}

#[test]
fn patterns_that_grant_nothing_are_told() {
    for good in
        ["*", "http://*.example.com/*", "http://10.0.2.2:*/*", "http://[::1]:81/a*", "http://[fd00::*]/"]
    {
        assert_eq!(check_pattern(good, true, true), Ok(()), "{good}");
    }
    for bad in [
        "https",
        "http://*",
        "http://a:*",
        "http://a b/",
        "http://127.1/",
        "http://u@a/",
        "http://a/../b",
        "http://a/%61",
    ] {
        assert!(check_pattern(bad, true, true).is_err(), "{bad}");
    }
    assert_eq!(check_pattern("tcp://*:80*", false, true), Ok(()));
    assert_eq!(check_pattern("[::1]:5683", false, false), Ok(()));
    for bad in
        ["10.0.0.1:80", "tcp://10.0.0.1", "tcp://10.0.0.*", "tcp://::1:80", "tcp://a:80/", "tcp://a:http"]
    {
        assert!(check_pattern(bad, false, true).is_err(), "{bad}");
    }
}

/// Pieces that make URLs which somebody might understand otherwise.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(&[
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2E",
        "%2f",
        "%5C",
        "%00",
        "%41",
        "%25",
        "\\",
        "api",
        "secret",
        "?",
        "#",
        ";",
        "@",
        ":",
        ":80",
        "h.example",
        "evil.example",
        "http://",
        "*",
        "\0",
        " ",
        "\r\n",
        "\u{9b}",
        "[::1]",
        "127.1",
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|all| all.concat())
}

/// As many servers do: escapes first, then dots, and a backslash is a slash.
fn carelessly(path: &str) -> String {
    let (path, bytes) = (path.split('?').next().unwrap(), path.len());
    let mut text = std::vec::Vec::with_capacity(bytes);
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        let escaped =
            others.get(..2).and_then(|hex| u8::from_str_radix(core::str::from_utf8(hex).ok()?, 16).ok());
        match escaped {
            Some(byte) if *first == b'%' => {
                text.push(byte);
                rest = &others[2..];
            }
            _ => {
                text.push(*first);
                rest = others;
            }
        }
    }
    let text = String::from_utf8_lossy(&text).replace('\\', "/");
    let mut segments = std::vec::Vec::new();
    for segment in text.split('/') {
        match segment.split(';').next().unwrap() {
            "." | "" => {}
            ".." => {
                segments.pop();
            }
            name => segments.push(name),
        }
    }
    "/".to_string() + &segments.join("/")
}

proptest! {
    #[test]
    fn what_is_canonical_stays_so(tail in pieces(), begin in prop::sample::select(&["http://", "http://h.example", "HTTP://H:80/api/", ""])) {
        let written = format!("{begin}{tail}");
        if let Some(once) = canonical(&written) {
            prop_assert!(Url::parse(&once).is_some(), "{once}");
            prop_assert_eq!(canonical(&once), Some(once));
        } else {
            prop_assert_eq!(Url::parse(&written), None);
        }
    }

    #[test]
    fn what_is_granted_is_below_its_path_to_any_server(tail in pieces(), begin in prop::sample::select(&["http://h.example/", "http://h.example/api/", "http://"])) {
        if let Some(text) = canonical(&format!("{begin}{tail}")) {
            let parsed = Url::parse(&text).unwrap();
            if parsed.is_of("http://h.example/api/*") {
                prop_assert_eq!(parsed.host, "h.example");
                let seen = carelessly(parsed.path);
                prop_assert!(seen == "/api" || seen.starts_with("/api/"), "{text} is {seen}");
            }
        }
    }

    #[test]
    fn any_text_is_a_url_or_not(text in ".{0,40}", pattern in ".{0,40}") {
        let _: Option<String> = canonical(&text);
        let _: Option<Url<'_>> = Url::parse(&text);
        let _ = check_pattern(&pattern, true, true);
        if let Some(host) = Host::parse(&text) {
            let _: bool = Peer { protocol: "tcp", host, port: 1 }.is_of(&pattern);
        }
    }

    #[test]
    fn a_mapped_address_is_judged_as_what_it_means(bits: u32, pattern in prop::sample::select(&["*", "[*]", "[::ffff:*]", "[::*]", "1*", "10.*", "*.*", "[::ffff:10.0.0.1]", "10.0.0.1", "*.example"])) {
        let meant = Ipv4Addr::from(bits);
        let is_of = |address: IpAddr| {
            let peer = Peer { protocol: "udp", host: Host::Address(address), port: 9 };
            peer.is_of(&format!("udp://{pattern}:9"))
        };
        prop_assert_eq!(is_of(meant.to_ipv6_mapped().into()), is_of(meant.into()));
        prop_assert!(!pattern.starts_with("[*") || !is_of(meant.to_ipv6_mapped().into()));
    }

    #[test]
    fn names_do_not_fit_patterns_of_addresses(name in "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9a-f.]{0,6}\\.?[a-z]{0,4}", pattern in "[0-9.*]{0,8}[0-9][0-9.*]{0,8}") {
        if let Some(Host::Name(_)) = Host::parse(&name) {
            let whole = format!("tcp://{pattern}:*");
            prop_assert!(!peer(&whole, "tcp", &name, 80));
        }
    }
}
