//! Manifests: as an author writes them, and as a board reads them.

use wasm_encoder::{CustomSection, Module};
use zephyr_wasm_platform_host::{App, Settings};
use zephyr_wasm_runtime::grants::{self, Host, Peer, Url};
use zephyr_wasm_runtime::manifest::keys::{KEYS, VERSION, is_name};
use zephyr_wasm_runtime::manifest::{MANIFEST, Manifest};
use zephyr_wasm_runtime::{End, Message, check};

/// What a manifest is asked for beside its keys: packages and their grants.
const GRANTS: &[(&str, &str)] = &[
    ("zephyr:sensor", "read"),
    ("zephyr:storage", "bytes"),
    ("zephyr:message", "subscribe"),
    ("zephyr:sockets", "connect"),
    ("zephyr:http", "request"),
    ("zephyr:coap", "request"),
    ("wasi_snapshot_preview1", "dir"),
];

/// Takes bytes as TOML, as what is in an app's file, and as what is granted and asked for.
pub fn manifest(data: &[u8]) {
    on_board(data);
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    patterns(text);
    if let Ok(lines) = zephyr_wasm_cli::fuzz::manifest(text) {
        written(&lines);
        on_board(lines.as_bytes());
    }
}

/// What the tool has written says one thing, and on a board the same.
fn written(lines: &str) {
    assert!(!lines.contains('\0'), "{lines:?}");
    let manifest = Manifest::new(Some(lines));
    let name = manifest.first("name").expect("a name comes first");
    assert!(lines.starts_with(&format!("name {name}")), "{lines:?}");
    assert!(is_name(name), "{name:?}");
    assert_eq!(manifest.values("name").count(), 1, "{lines:?}");
    for line in lines.split('\n') {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let is_setting = key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let is_package = key.contains(':') || key == "wasi_snapshot_preview1";
        if let Some(known) = KEYS.iter().find(|known| known.name == key) {
            assert!(known.value.takes(value), "{line:?}");
        }
        assert!(is_setting || is_package, "{line:?}");
        if let (true, Some((kind, value))) = (is_package, value.split_once(' ')) {
            let found = manifest.grants(key, kind).any(|found| found == value);
            assert!(found, "{line:?} of {lines:?}");
            let is_pattern = !value.contains('*') && value.parse::<u32>().is_err();
            assert!(
                !is_pattern || manifest.grants_to(key, kind, value),
                "{line:?}"
            );
        }
    }
    if let Some(version) = manifest.first("version") {
        let plain = |part: &str| part.parse::<u16>().is_ok_and(|n| n.to_string() == part);
        assert!(version.split('.').all(plain), "{version:?}");
        assert!(VERSION.value.takes(version), "{version:?}");
    }
}

/// What a board reads of it, and whether it starts such an app.
fn on_board(text: &[u8]) {
    let mut module = Module::new();
    module.section(&CustomSection {
        name: MANIFEST.into(),
        data: text.into(),
    });
    let module = module.finish();
    assert!(check::outside(&module, usize::MAX, &mut Message::new()).is_ok());
    let manifest = Manifest::of(&module);
    for key in KEYS {
        let _ = (manifest.number(key.name), manifest.values(key.name).count());
    }
    for (package, kind) in GRANTS {
        let _ = manifest.grants_number(package, kind);
        for pattern in manifest.grants(package, kind) {
            assert!(!pattern.contains('\n'));
            assert!(!manifest.grants_to(package, kind, &format!("{pattern}\0")));
        }
        if manifest.grants(package, kind).next().is_some() {
            assert!(manifest.allows(package, true));
        }
    }
    let settings = Settings {
        region: 64 * 1024,
        ..Settings::new("manifest")
    };
    let app = App::start(settings, module).expect("there is a thread");
    let (end, message, _) = app.join();
    // It has no `run`.
    assert!(matches!(end, End::Refused(_)), "{end:?}: {message}");
}

/// A pattern and what is asked for, a line each.
fn patterns(text: &str) {
    let (pattern, wanted) = text.split_once('\n').unwrap_or((text, text));
    for (is_url, has_protocol) in [(true, true), (false, true), (false, false)] {
        let _ = grants::check_pattern(pattern, is_url, has_protocol);
    }
    let _ = (grants::is_header(wanted), grants::is_name(wanted));
    for protocol in ["tcp", "udp", ""] {
        if let Some(host) = Host::parse(wanted) {
            let peer = Peer {
                protocol,
                host,
                port: 5683,
            };
            let _ = peer.is_of(pattern);
            assert!(!peer.is_of("tcp://*:80") && !peer.is_of("*:80"));
        }
    }
    if let Some(url) = Url::parse(wanted) {
        // There is one way to write it, and it is granted by itself.
        assert_eq!(grants::canonical(wanted).as_deref(), Some(wanted));
        let _ = url.is_of(pattern);
        assert!(wanted.contains('*') || url.is_of(wanted), "{wanted:?}");
    }
    if let Some(url) = grants::canonical(wanted) {
        assert!(Url::parse(&url).is_some(), "{wanted:?} as {url:?}");
        assert_eq!(grants::canonical(&url).as_ref(), Some(&url), "{wanted:?}");
    }
}
