//! Apps that ask for what they are not granted in words that look as if they were. Each of them did get it once.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use zephyr_wasm_platform_host::{App, RegionAllocator, Settings};
use zephyr_wasm_runtime::End;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

/// Memory, an allocator that only takes, and the error of a call whose result is at 0: 100 and its case, or 0.
const COMMON: &str = r#"
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 4096))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (global.set $next (i32.and (i32.add (i32.add (global.get $next) (local.get 3)) (i32.const 15)) (i32.const -8)))
    (i32.sub (global.get $next) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8))))
  (func $error (param $at i32) (result i32)
    (if (result i32) (i32.load8_u (i32.const 0))
      (then (i32.add (i32.const 100) (i32.load8_u (local.get $at)))) (else (i32.const 0))))"#;

/// A text in WAT.
fn quoted(text: &str) -> String {
    text.bytes().map(|byte| format!("\\{byte:02x}")).collect()
}

/// Runs an app of these grants, and returns what it returned.
fn run(name: &str, grants: &str, imports: &str, data: &str, body: &str) -> i32 {
    let manifest = quoted(&format!("name {name}\n{grants}"));
    let source = format!(
        "(module (@custom \"zephyr-wasm:app\" \"{manifest}\") {imports} {COMMON} {data}
           (func (export \"run\") (result i32) {body}))"
    );
    let app = App::start(Settings::new(name), wat::parse_str(source).unwrap()).unwrap();
    match app.join() {
        (End::Returned(code), ..) => code,
        (end, message, _) => panic!("{name}: {end:?}: {message}"),
    }
}

/// 100 and the case of the error, or 0.
fn fetch(grant: &str, url: &str, header: Option<&str>) -> i32 {
    let header = header.unwrap_or_default();
    let data = format!(
        "(data (i32.const 1024) \"{}\") (data (i32.const 2048) \"{}\")
         (data (i32.const 512) \"\\00\\08\\00\\00\\{:02x}\\00\\00\\00\")",
        quoted(url),
        quoted(header),
        header.len()
    );
    let body = format!(
        "(call $request (i32.const 0) (i32.const 1024) (i32.const {}) (i32.const 512) (i32.const {})
           (i32.const 0) (i32.const 0) (i64.const 3000000000) (i32.const 0)) (call $error (i32.const 4))",
        url.len(),
        i32::from(!header.is_empty())
    );
    let import = "(import \"zephyr:http/http@0.1.0\" \"request\"
        (func $request (param i32 i32 i32 i32 i32 i32 i32 i64 i32)))";
    run("fetches", &format!("zephyr:http request {grant}"), import, &data, &body)
}

const NOT_GRANTED: i32 = 100;
const INVALID: i32 = 101;

#[test]
fn urls_are_what_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut head) = (stream.unwrap(), [0; 1024]);
            let length = stream.read(&mut head).unwrap();
            let line = String::from_utf8_lossy(&head[..length]).lines().next().unwrap_or_default().to_owned();
            assert!(line.starts_with("GET /api/"), "{line}");
            count.fetch_add(1, Ordering::SeqCst);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        }
    });
    let grant = format!("{base}/api/*");
    for good in ["/api/x", "/api/x/../y?z=../..", "/%61pi/x", "/secret/../api/"] {
        assert_eq!(fetch(&grant, &format!("{base}{good}"), Some("Accept: text/plain")), 0, "{good}");
    }
    let before = asked.load(Ordering::SeqCst);
    assert_eq!(before, 4);
    for outside in ["/api/../secret", "/api/%2e%2e/secret", "/api/x/../../secret", "/secret"] {
        assert_eq!(fetch(&grant, &format!("{base}{outside}"), None), NOT_GRANTED, "{outside}");
    }
    for unclear in
        ["/api/..%2fsecret", "/api/..%5csecret", "/api/..\\secret", "/api/..;/secret", "/api/\0", "/api/#"]
    {
        assert_eq!(fetch(&grant, &format!("{base}{unclear}"), None), INVALID, "{unclear}");
    }
    let any = "http://*.example.com:*/*";
    assert_eq!(fetch(any, &format!("{base}/x.example.com/y"), None), NOT_GRANTED);
    assert_eq!(fetch(any, &format!("{base}/?x.example.com:1/y"), None), NOT_GRANTED);
    assert_eq!(fetch(any, &format!("http://a.example.com@{}/", &base[7..]), None), INVALID);
    for header in
        ["A: b\r\nHost: c", "A: b\0", "A b: c", "Host: other.example", "Content-Length: 9", "A: \u{9b}"]
    {
        assert_eq!(fetch(&grant, &format!("{base}/api/x"), Some(header)), INVALID, "{header:?}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), before);
}

#[test]
fn names_are_not_addresses_and_have_no_zeros() {
    let resolve = |grants: &str, name: &str| {
        let import = "(import \"zephyr:sockets/sockets@0.1.0\" \"resolve-addresses\" (func $resolve (param i32 i32 i32)))";
        let data = format!("(data (i32.const 1024) \"{}\")", quoted(name));
        let body = format!(
            "(call $resolve (i32.const 1024) (i32.const {}) (i32.const 0)) (call $error (i32.const 4))",
            name.len()
        );
        run("resolves", grants, import, &data, &body)
    };
    let (any, example) = ("zephyr:sockets resolve *", "zephyr:sockets resolve *.example.com");
    // `access-denied`, `invalid-argument`.
    assert_eq!(resolve(any, "localhost"), 0);
    assert_eq!(resolve(any, "127.0.0.1"), 0);
    assert_eq!(resolve(example, "localhost"), 100);
    for bad in ["localhost\0.example.com", "127.1", "2130706433", "0x7f000001", "a b", "[::1]", ""] {
        assert_eq!(resolve(any, bad), 102, "{bad:?}");
        assert_eq!(resolve(example, bad), 102, "{bad:?}");
    }
}

/// What an app has looked up is a name, and reached by grants of names only.
#[test]
fn a_name_does_not_reach_what_is_granted_by_address() {
    let connect = |grants: &str| {
        let imports = "
            (import \"zephyr:sockets/sockets@0.1.0\" \"resolve-addresses\" (func $resolve (param i32 i32 i32)))
            (import \"zephyr:sockets/sockets@0.1.0\" \"[static]udp-socket.create\" (func $create (param i32 i32)))
            (import \"zephyr:sockets/sockets@0.1.0\" \"[method]udp-socket.send\"
              (func $send (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))";
        let body = "
            (call $resolve (i32.const 1024) (i32.const 9) (i32.const 0))
            (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
            (call $create (i32.const 0) (i32.const 0))
            (call $send (i32.load (i32.const 4)) (i32.const 0) (i32.const 0) (i32.const 0)
              (i32.const 127) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0)
              (i32.const 0) (i32.const 9) (i32.const 0))
            (call $error (i32.const 1))";
        let data = "(data (i32.const 1024) \"localhost\")";
        run("connects", &format!("zephyr:sockets resolve *\n{grants}"), imports, data, body)
    };
    assert_eq!(connect("zephyr:sockets connect udp://127.0.0.*:9"), 0);
    assert_eq!(connect("zephyr:sockets connect udp://local*:9"), 0);
    assert_eq!(connect("zephyr:sockets connect udp://10.0.0.*:9"), 100);
    assert_eq!(connect("zephyr:sockets connect tcp://local*:9"), 100);
    // Neither a `*` that reached into the port, nor what is no peer.
    assert_eq!(connect("zephyr:sockets connect udp://local*"), 100);
}

#[test]
fn paths_of_coap_have_no_zeros_and_no_dots() {
    let serve = |path: &str| {
        let import = "(import \"zephyr:coap/coap@0.1.0\" \"[static]served.open\" (func $open (param i32 i32 i32 i32)))";
        let data = format!("(data (i32.const 1024) \"{}\")", quoted(path));
        let body = format!(
            "(call $open (i32.const 1024) (i32.const {}) (i32.const 1) (i32.const 0)) (call $error (i32.const 4))",
            path.len()
        );
        run("serves", "zephyr:coap serve */status", import, &data, &body)
    };
    assert_eq!(serve("lamp"), NOT_GRANTED);
    for bad in ["lamp\0/status", "a/../b/status", "./status"] {
        assert_eq!(serve(bad), INVALID, "{bad:?}");
    }
}
