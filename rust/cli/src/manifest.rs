//! An app's manifest: the TOML that its author writes, checked, and the lines that its file carries.
//!
//! ```toml
//! name = "weather"
//! version = "1.2.0"
//! heap = 12288
//!
//! [imports]
//! log = true
//! sensor = { read = ["ambient"] }
//! storage = { bytes = 1024 }
//! "acme:leds" = true
//! ```

use crate::added::Added;
use crate::input;
use crate::meant::nearest;
use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::{Spanned, Value};
use zephyr_wasm_api::wasi;
use zephyr_wasm_bindings::core_api::CoreApi;
use zephyr_wasm_bindings::grants::{self, Kind};
use zephyr_wasm_manifest::keys::{self, KEYS};

pub use zephyr_wasm_manifest::keys::is_name;

/// What of the TOML is no key of the table in `rust/manifest`.
#[derive(Deserialize)]
struct Toml {
    #[serde(default)]
    imports: BTreeMap<Spanned<String>, Spanned<Value>>,
}

/// All that stands at the top.
type Top = BTreeMap<Spanned<String>, Spanned<Value>>;

/// The table of what is granted.
const IMPORTS: &str = "imports";

/// A checked manifest.
#[derive(Debug)]
pub struct Manifest {
    /// What the app's file carries: see `zephyr_wasm_runtime::manifest`.
    pub lines: String,
}

/// The packages that a manifest may name, with the kinds of their grants.
pub struct Packages {
    /// By the packages' whole names.
    kinds: BTreeMap<String, Vec<Kind>>,
    /// The names of the files in `wit/`, which stand for their packages.
    short: BTreeMap<String, String>,
}

impl Packages {
    /// Ours, and what was added.
    ///
    /// # Errors
    /// What is wrong with the files of the latter.
    pub fn of(added: &Added) -> Result<Self> {
        let resolve = added.with_ours()?;
        let package =
            |name: &wit_bindgen_core::wit_parser::PackageName| format!("{}:{}", name.namespace, name.name);
        let mut kinds: BTreeMap<String, Vec<Kind>> =
            resolve.packages.iter().map(|(_, p)| (package(&p.name), grants::of_package(p))).collect();
        let packages = zephyr_wasm_api::bindings::KNOWN.lines().filter(|line| !line.contains('/'));
        let mut short: BTreeMap<String, String> = packages
            .filter_map(|line| line.split_once(' '))
            .map(|(package, symbol)| (symbol.to_lowercase().replace('_', "-"), package.to_owned()))
            .collect();
        // It is no WIT.
        let of_wasi = |(name, is_number, docs): &(&str, bool, &str)| Kind {
            name: (*name).into(),
            is_number: *is_number,
            docs: (*docs).into(),
        };
        kinds.insert(wasi::PACKAGE.into(), wasi::GRANTS.iter().map(of_wasi).collect());
        short.insert("wasi".into(), wasi::PACKAGE.into());
        // Of a header, nothing is granted one by one. A module may be called as one of ours is for short.
        let core = added.core()?;
        kinds.extend(core.iter().map(|api| (api.module.clone(), Vec::new())));
        for CoreApi { module, .. } in core {
            short.insert(format!("core:{module}"), module);
        }
        Ok(Packages { kinds, short })
    }

    fn find(&self, name: &str) -> Option<(&str, &[Kind])> {
        let whole = self.short.get(name).map_or(name, String::as_str);
        self.kinds.get_key_value(whole).map(|(name, kinds)| (name.as_str(), kinds.as_slice()))
    }

    /// What a name that is unknown may have meant: an API is known by its package, and not by an interface or a version
    /// of that, as modules import it; and ours by a word.
    fn meant(&self, name: &str) -> Option<&str> {
        let package = name.split(['/', '@']).next().unwrap_or_default();
        let of_package = |whole: &str| {
            let short = self.short.iter().find(|(_, known)| *known == whole).map(|(short, _)| short.as_str());
            short.or_else(|| self.kinds.get_key_value(whole).map(|(whole, _)| whole.as_str()))
        };
        let word = package.rsplit(':').next().unwrap_or_default().replace('_', "-").to_lowercase();
        let by_word = || self.short.get_key_value(&word).map(|(short, _)| short.as_str());
        of_package(package).or_else(by_word).or_else(|| nearest(&word, self.short.keys().map(String::as_str)))
    }
}

/// A word that may have been meant, behind the one that was written.
fn perhaps(meant: Option<&str>) -> String {
    meant.map_or(String::new(), |meant| format!(", perhaps `{meant}`"))
}

/// Reads and checks a manifest.
///
/// # Errors
/// The line, and what is wrong with it.
pub fn read(path: &Path, packages: &Packages) -> Result<Manifest> {
    let text = input::text(path)?;
    parse(&text, packages).map_err(|error| anyhow!("{}:{error:#}", path.display()))
}

/// The same from its text; errors begin with the line.
pub fn parse(text: &str, packages: &Packages) -> Result<Manifest> {
    let no_toml = |error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        anyhow!("{}: {}", line_of(text, start), error.message())
    };
    let top: Top = toml::from_str(text).map_err(no_toml)?;
    let imports = toml::from_str::<Toml>(text).map_err(no_toml)?.imports;
    refuse_unknown(text, &top, packages)?;
    let mut lines = settings(text, &top)?;
    for (import, granted) in &imports {
        let line = line_of(text, import.span().start);
        lines += &grants_of(import.get_ref(), granted.get_ref(), packages)
            .with_context(|| line.to_string())
            .map_err(|error| anyhow!("{error:#}"))?;
    }
    Ok(Manifest { lines: lines.trim_end_matches('\n').to_owned() })
}

/// Refuses the first key that the table does not have.
fn refuse_unknown(text: &str, top: &Top, packages: &Packages) -> Result<()> {
    let known = || KEYS.iter().map(|key| key.name).chain([IMPORTS]);
    let unknown = top.keys().filter(|name| !known().any(|known| known == name.get_ref().as_str()));
    let Some(first) = unknown.min_by_key(|name| name.span().start) else { return Ok(()) };
    let line = line_of(text, first.span().start);
    let name = first.get_ref();
    if packages.meant(name).is_some_and(|meant| meant == name) {
        bail!("{line}: unknown field `{name}`: a host API stands below `[{IMPORTS}]`");
    }
    let meant = perhaps(nearest(name, known()));
    bail!("{line}: unknown field `{name}`{meant}; known are {}", known().collect::<Vec<_>>().join(", "))
}

/// The lines of what stands behind the keys of the table, in its order.
fn settings(text: &str, top: &Top) -> Result<String> {
    let mut lines = String::new();
    for key in KEYS {
        let Some((_, value)) = top.iter().find(|(name, _)| name.get_ref() == key.name) else {
            if key.value == keys::Value::Name {
                bail!("1: missing field `{}`", key.name);
            }
            continue;
        };
        let written = match (value.get_ref(), key.value) {
            (Value::Integer(number), keys::Value::Number(..)) => Some(number.to_string()),
            (Value::String(text), keys::Value::Name | keys::Value::Version | keys::Value::OneOf(_)) => {
                Some(text.clone())
            }
            _ => None,
        };
        match written.filter(|written| key.value.takes(written)) {
            Some(written) => lines += &format!("{} {written}\n", key.name),
            None => bail!("{}: {key}, not {}", line_of(text, value.span().start), value.get_ref()),
        }
    }
    Ok(lines)
}

/// The lines of one import.
fn grants_of(import: &str, granted: &Value, packages: &Packages) -> Result<String> {
    let Some((package, kinds)) = packages.find(import) else {
        if KEYS.iter().any(|key| key.name == import) {
            bail!("no host API `{import}`: this key stands above `[{IMPORTS}]`");
        }
        let known: Vec<&str> = packages.short.keys().map(String::as_str).collect();
        let meant = perhaps(packages.meant(import));
        bail!(
            "no host API `{import}`{meant}; known are {} (and those of --wit, by package, and of --core, by module)",
            known.join(", ")
        );
    };
    let table = match granted {
        Value::Boolean(true) => return Ok(format!("{package}\n")),
        Value::Table(table) => table,
        _ if kinds.is_empty() => bail!("`{import}` is `true`: all of it is granted"),
        _ => bail!("`{import}` is `true`, or a table of what is granted of it"),
    };
    let mut lines = String::new();
    for (key, value) in table {
        let Some(kind) = kinds.iter().find(|kind| kind.name == *key) else {
            let known: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
            bail!(
                "`{import}` has no grant `{key}`{}; it has: {}",
                perhaps(nearest(key, known.iter().copied())),
                if known.is_empty() { "none".into() } else { known.join(", ") }
            );
        };
        let values = values(kind, value).with_context(|| format!("`{import}.{key}`"))?;
        if key.starts_with("std") && package == wasi::PACKAGE && values.len() > 1 {
            bail!("`{import}.{key}`: it leads to one place");
        }
        for value in values {
            check_pattern(package, key, &value).with_context(|| format!("`{import}.{key}`"))?;
            lines += &format!("{package} {key} {value}\n");
        }
    }
    // What is granted of a package grants the package.
    if lines.is_empty() {
        lines = format!("{package}\n");
    }
    Ok(lines)
}

/// What can mean nothing, as a pattern of peers that fits none, is a mistake.
fn check_pattern(package: &str, key: &str, pattern: &str) -> Result<()> {
    let (is_url, has_protocol) = match (package, key) {
        ("zephyr:http", "request") => (true, true),
        ("zephyr:sockets", "connect") => (false, true),
        ("zephyr:coap", "request") => (false, false),
        ("zephyr:sockets", "bind") => return check_port(pattern),
        ("zephyr:coap", "serve") if pattern.starts_with('/') => {
            bail!("{pattern:?} grants nothing: a path begins without a `/`")
        }
        (wasi::PACKAGE, _) => return check_of_wasi(key, pattern),
        _ => return Ok(()),
    };
    zephyr_wasm_runtime::grants::check_pattern(pattern, is_url, has_protocol)
        .map_err(|wrong| anyhow!("{pattern:?} grants nothing: {wrong}"))
}

/// A pattern of local ports, as `udp:5683` or `tcp:80*`.
fn check_port(pattern: &str) -> Result<()> {
    let port = pattern.strip_prefix("udp:").or_else(|| pattern.strip_prefix("tcp:"));
    if port.is_some_and(|port| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit() || c == '*')) {
        return Ok(());
    }
    bail!("{pattern:?} grants nothing: a port is written as `udp:5683` or `tcp:80*`")
}

/// What a program is given.
fn check_of_wasi(key: &str, value: &str) -> Result<()> {
    let is_path = |path: &str| path.starts_with('/');
    match key {
        "env" if !value.contains('=') => bail!("{value:?}: a variable is `NAME=value`"),
        "dirs" | "read-only" if !is_path(wasi::guest_and_board(value).1) => {
            bail!("{value:?}: a directory of the board begins with `/`")
        }
        "stdin" if value == "log" => bail!("the log is not read"),
        "stdin" | "stdout" | "stderr" => {
            let is_known = matches!(value, "log" | "console" | "null") || value.starts_with("pipe:");
            let path = if key == "stdin" { value } else { value.trim_start_matches(">>") };
            if !is_known && !is_path(path) {
                bail!(
                    "{value:?}: a file begins with `/`; it may also be `pipe:NAME`, `null`, `console` or, to write, `log`"
                );
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn values(kind: &Kind, value: &Value) -> Result<Vec<String>> {
    match value {
        Value::Integer(number) if kind.is_number => match u32::try_from(*number) {
            Ok(number) => Ok(vec![number.to_string()]),
            Err(_) => bail!("not a number from 0 to {}", u32::MAX),
        },
        Value::String(_) if !kind.is_number => values(kind, &Value::Array(vec![value.clone()])),
        Value::Array(items) if !kind.is_number => items
            .iter()
            .map(|item| match item.as_str() {
                Some(text) if !text.is_empty() && !text.contains(['\n', '\0']) => Ok(text.to_owned()),
                _ => bail!("a list of texts of one line each: {}", kind.docs),
            })
            .collect(),
        _ if kind.is_number => bail!("a number: {}", kind.docs),
        _ => bail!("a list of texts: {}", kind.docs),
    }
}

fn line_of(text: &str, position: usize) -> usize {
    text[..position.min(text.len())].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use zephyr_wasm_runtime::Manifest as OnBoard;

    #[test]
    fn a_grant_ends_as_it_is_written() {
        let manifest = parsed("name = \"a\"\n[imports]\nsensor = { read = [\"door \"] }\n").unwrap();
        let found = OnBoard::new(Some(&manifest.lines)).grants("zephyr:sensor", "read").next().unwrap();
        assert_eq!(found, "door ");
    }

    fn parsed(text: &str) -> Result<Manifest> {
        parse(text, &Packages::of(&Added::default()).unwrap())
    }

    fn error(text: &str) -> String {
        format!("{:#}", parsed(text).unwrap_err())
    }

    #[test]
    fn a_manifest_becomes_lines_that_the_runtime_reads() {
        let manifest = parsed(
            "name = \"weather\"\nversion = \"1.2.0\"\nheap = 4096\npriority = 9\n[imports]\nlog = true\n\
             sensor = { read = [\"ambient\", \"die\"] }\nstorage.bytes = 512\n",
        )
        .unwrap();
        let board = OnBoard::new(Some(&manifest.lines));
        assert_eq!(board.number("heap"), Some(4096));
        assert!(board.allows("wasi:logging", false) && !board.allows("wasi:clocks", false));
        assert!(board.grants_to("zephyr:sensor", "read", "die"));
        assert_eq!(board.grants_number("zephyr:storage", "bytes"), Some(512));
    }

    /// As a module imports it, as another tool would write it, or one line too high or too low.
    #[test]
    fn what_is_meant_is_told() {
        let with = |line: &str| error(&format!("name = \"a\"\n[imports]\n{line}\n"));
        for name in [
            "wasi:clocks/monotonic-clock@0.3.0",
            "wasi:clocks@0.3.0",
            "zephyr:clocks",
            "clock",
            "Clocks",
            "wasi-clocks",
        ] {
            let told = with(&format!("\"{name}\" = true"));
            let meant = if name == "wasi-clocks" { "" } else { ", perhaps `clocks`" };
            assert!(told.starts_with(&format!("3: no host API `{name}`{meant}; known are ")), "{told}");
        }
        assert!(with("\"zephyr:log\" = true").contains("`, perhaps `log`; "));
        assert!(with("\"acme:leds\" = true").contains("`acme:leds`; known are "));
        assert_eq!(with("heap = 1"), "3: no host API `heap`: this key stands above `[imports]`");
        assert_eq!(with("clocks = [\"now\"]"), "3: `clocks` is `true`: all of it is granted");
        assert!(with("sensor = { red = [\"x\"] }").contains("no grant `red`, perhaps `read`; it has: read"));
        let above = error("name = \"a\"\nclocks = true\n");
        assert_eq!(above, "2: unknown field `clocks`: a host API stands below `[imports]`");
        assert!(
            error("name = \"a\"\nhandle = 1\n").starts_with("2: unknown field `handle`, perhaps `handles`; ")
        );
        // By the name of its package, it is the same.
        let by = |name: &str| parsed(&format!("name = \"a\"\n[imports]\n{name} = true\n")).unwrap().lines;
        assert_eq!(by("\"wasi:clocks\""), by("clocks"));
    }

    #[test]
    fn lines_are_in_the_order_of_the_table() {
        let text = "restart = \"always\"\nvalue-stack = 2048\ncpu = 0x14\nstack = 1\nheap = 4_096\nversion = \"1.2.0\"\nname = \"a\"\n";
        let expected = "name a\nversion 1.2.0\nheap 4096\nstack 1\ncpu 20\nvalue-stack 2048\nrestart always";
        assert_eq!(parsed(text).unwrap().lines, expected);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert!(
            error("name = \"a\"\nhep = 1\n").starts_with("2: unknown field `hep`"),
            "{}",
            error("name = \"a\"\nhep = 1\n")
        );
        assert!(error("name = \"a b\"\n").starts_with("1: a name has"));
        for version in ["1", "+1.0.0", "1.00.0", "1.0.65536"] {
            let wrong = error(&format!("name = \"a\"\nversion = \"{version}\"\n"));
            assert!(wrong.starts_with("2: a version"), "{wrong}");
        }
        assert!(
            error("name = \"a\"\n[imports]\nsensr = true\n")
                .starts_with("3: no host API `sensr`, perhaps `sensor`; known are adc, ")
        );
        let wrong = error("name = \"a\"\n[imports]\nlog = true\nsensor = { write = [\"x\"] }\n");
        assert!(wrong.starts_with("4: `sensor` has no grant `write`; it has: read"), "{wrong}");
        let wrong = error("name = \"a\"\n[imports]\nstorage = { bytes = \"x\" }\n");
        assert!(wrong.starts_with("3: `storage.bytes`: a number"), "{wrong}");
        let wrong = error("name = \"a\"\n[imports]\nhttp = { request = [\"http://a:*\"] }\n");
        assert!(
            wrong.starts_with("3: `http.request`: \"http://a:*\" grants nothing: a `*` does not"),
            "{wrong}"
        );
        let wrong = error("name = \"a\"\n[imports]\nsockets = { connect = [\"tcp://10.0.0.*\"] }\n");
        assert!(
            wrong.starts_with("3: `sockets.connect`: \"tcp://10.0.0.*\" grants nothing: it has no port"),
            "{wrong}"
        );
        for (import, what) in [
            ("sockets = { bind = [\"udp\"] }", "grants nothing: a port is written as"),
            ("sockets = { bind = \"sctp:1\" }", "grants nothing: a port is written as"),
            ("coap = { serve = \"/lamp\" }", "grants nothing: a path begins without a `/`"),
            ("wasi = { env = [\"X\"] }", "a variable is `NAME=value`"),
            ("wasi = { dirs = [\"d\"] }", "a directory of the board begins with `/`"),
            ("wasi = { read-only = [\"/d=d\"] }", "a directory of the board begins with `/`"),
            ("wasi = { stdin = \"log\" }", "the log is not read"),
            ("wasi = { stdout = \"bogus\" }", "a file begins with `/`"),
            ("wasi = { stdout = [\"log\", \"console\"] }", "it leads to one place"),
        ] {
            let wrong = error(&format!("name = \"a\"\n[imports]\n{import}\n"));
            assert!(wrong.starts_with("3: `") && wrong.contains(what), "{wrong}");
        }
        let good = "wasi = { dirs = [\"/=/lfs\", \"=/a=b\"], stdin = \"/in\", stdout = \">>/out\", stderr = \"pipe:p\" }";
        parsed(&format!("name = \"a\"\n[imports]\n{good}\n")).unwrap();
        assert!(error("name = 1\n").starts_with("1: a name has"));
        assert_eq!(error("heap = 1\n"), "1: missing field `name`");
        assert!(error("name = \"a\"\nimports = 1\n").starts_with("2: "));
        assert!(error("name = \"a\"\nname = \"b\"\n").starts_with("2: "));
        for heap in ["-1", "4294967296", "1.5", "\"1\"", "true"] {
            let wrong = error(&format!("name = \"a\"\nheap = {heap}\n"));
            assert!(wrong.starts_with("2: heap is a number from 0 to 4294967295 (bytes), not"), "{wrong}");
        }
        assert!(error("name = \"a\"\nrestart = \"daily\"\n").starts_with("2: restart is one of never, "));
        assert!(error("name = \"a\"\ncpu = 101\n").starts_with("2: cpu is a number from 1 to 100 (percent)"));
    }
}
