//! Whether a board would take an app: it is loaded and linked here as a board does that, and nothing of it runs.

use crate::added::Added;
use crate::{declared, machine};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use zephyr_wasm_api::bindings::KNOWN;
use zephyr_wasm_api::wasi::Support;
use zephyr_wasm_api::{host_apis, wasi};
use zephyr_wasm_manifest::keys;
use zephyr_wasm_platform_host::{App, Configured, HostPlatform, Settings};
use zephyr_wasm_runtime::{App as Running, Entry, Limits, Manifest};

/// What an app of a board has here besides the memory that it has there, in bytes: the engine's data are larger.
const BESIDE: usize = 4 << 20;

/// The longest `.config` in bytes; Zephyr's have some 60,000.
const LONGEST: u64 = 4 << 20;

/// What puts WASI's files into an image, and the interface as it is without.
const FILES: &str = "CONFIG_WASM_WASI_FILES";
static WITHOUT_FILES: Entry<Running<HostPlatform>> = Entry(&wasi::Import::<false>);
static UNSTABLE_WITHOUT_FILES: Entry<Running<HostPlatform>> = Entry(&wasi::Unstable::<false>);

/// Where our symbols say what they depend on.
const KCONFIG: &str = include_str!(concat!(env!("OUT_DIR"), "/Kconfig"));

/// What Kconfig says that a symbol of ours depends on, one line each.
fn dependencies(symbol: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in KCONFIG.lines() {
        if let Some(name) = line.strip_prefix("config ").or_else(|| line.strip_prefix("menuconfig ")) {
            inside = name == symbol;
        } else if let Some(on) = line.strip_prefix("\tdepends on ").filter(|_| inside) {
            found.push(on);
        }
    }
    found
}

/// What Kconfig lets a symbol of ours be, if it says that in numbers: in any image, where that depends on others.
fn range_of(symbol: &str) -> Option<RangeInclusive<usize>> {
    let entry = format!("config {}\n", symbol.trim_start_matches("CONFIG_"));
    let (_, rest) = KCONFIG.split_once(&entry)?;
    let lines = rest.lines().take_while(|line| line.starts_with('\t'));
    let ranges = lines.filter_map(|line| {
        let mut words = line.strip_prefix("\trange ")?.split(' ');
        Some(words.next()?.parse().ok()?..=words.next()?.parse().ok()?)
    });
    ranges.reduce(|one: RangeInclusive<usize>, other| {
        *one.start().min(other.start())..=*one.end().max(other.end())
    })
}

/// The symbols that a text names, as they are in a `.config`.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.match_indices("CONFIG_").map(move |(at, _)| {
        let rest = &text[at..];
        &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
    })
}

/// The symbols that a `.config` sets; of one that it names twice, the last counts, as Kconfig has it.
fn symbols(config: &str) -> BTreeMap<String, String> {
    let mut set = BTreeMap::new();
    for line in config.lines() {
        let unset = line.strip_prefix("# ").and_then(|rest| rest.strip_suffix(" is not set"));
        if let Some(name) = unset {
            set.remove(name);
        } else if let Some((name, value)) = line.split_once('=') {
            set.insert(name.to_owned(), value.to_owned());
        }
    }
    set
}

/// What a firmware is configured to be.
pub struct Firmware {
    /// The symbols of its `.config` that are set, as they are there; none stands for one that has all.
    config: Option<BTreeMap<String, String>>,
}

impl Firmware {
    /// The `.config` of a build, or of the build directory that has one.
    pub fn file(path: &Path) -> PathBuf {
        if path.is_dir() { path.join("zephyr/.config") } else { path.to_owned() }
    }

    /// That of a build's `.config`, or of the build directory that has one.
    ///
    /// # Errors
    /// If it is none, or of a firmware without apps.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Firmware { config: None }) };
        let file = Firmware::file(path);
        let read = || format!("cannot read {}", file.display());
        let metadata = std::fs::metadata(&file).with_context(read)?;
        if !metadata.is_file() || metadata.len() > LONGEST {
            bail!("{}: no .config of a firmware", file.display());
        }
        let config = std::fs::read_to_string(&file).with_context(read)?;
        let firmware = Firmware { config: Some(symbols(&config)) };
        if !firmware.has("CONFIG_WASM") {
            bail!("{}: no .config of a firmware with CONFIG_WASM=y", file.display());
        }
        let of_limits = Limits::SYMBOLS.iter().filter_map(|symbol| Some((*symbol, range_of(symbol)?)));
        for (symbol, range) in Configured::RANGES.iter().cloned().chain(of_limits) {
            let Some(text) = firmware.value(symbol) else { continue };
            if !firmware.number(symbol).is_some_and(|number| range.contains(&number)) {
                let (least, most) = (range.start(), range.end());
                bail!("{}: {symbol}={text}: expected {least} to {most}", file.display());
            }
        }
        Ok(firmware)
    }

    /// What a symbol is set to, as its `.config` has it.
    pub fn value(&self, symbol: &str) -> Option<&str> {
        self.config.as_ref()?.get(symbol).map(String::as_str)
    }

    /// Whether a symbol is set; of no firmware, all are.
    pub fn has(&self, symbol: &str) -> bool {
        self.config.is_none() || self.value(symbol) == Some("y")
    }

    /// The same of a symbol that is a number.
    pub fn number(&self, symbol: &str) -> Option<usize> {
        let text = self.value(symbol)?;
        let hex = text.strip_prefix("0x").map(|digits| usize::from_str_radix(digits, 16));
        hex.unwrap_or_else(|| text.parse()).ok()
    }

    /// How large it has what its host APIs have.
    pub fn configured(&self) -> Configured {
        let mut configured = Configured::read(|symbol| self.number(symbol));
        if !self.has(FILES) {
            configured.wasi_files = 0;
        }
        configured
    }

    /// What an app may use there.
    pub fn limits(&self, manifest: Manifest<'_>) -> Limits {
        let all = match self.config {
            Some(_) => Limits::default().read(|symbol| self.number(symbol)),
            None => machine::limits(),
        };
        let own = manifest.number(keys::HEAP.name).map_or(usize::MAX, |own| own as usize);
        Limits { memory: all.heap.min(own), ..all }
    }

    /// What the symbols lack that a message asks for: Kconfig drops a symbol whose dependencies are not there, as if
    /// nobody had set it.
    fn lacks_of_symbols(&self, message: &str) -> String {
        let mut lacks = String::new();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for symbol in named(message).filter(|symbol| !self.has(symbol)) {
            for on in dependencies(symbol.trim_start_matches("CONFIG_")) {
                let words = on.split(|c| !is_word(c)).filter(|word| !word.is_empty());
                let unset: Vec<_> =
                    words.map(|word| format!("CONFIG_{word}")).filter(|word| !self.has(word)).collect();
                // What is wanted of an expression with `!` is for its reader to see.
                if !unset.is_empty() && !on.contains('!') {
                    lacks += &format!("; {symbol} depends on {on}, and {} is not set", unset.join(", "));
                }
            }
        }
        lacks
    }

    /// The fuel that an app has there, if there is a limit.
    pub fn fuel(&self) -> Option<u64> {
        self.number("CONFIG_WASM_APP_FUEL").filter(|fuel| *fuel > 0).map(|fuel| fuel as u64)
    }

    /// The memory of an app here.
    pub fn region(&self) -> usize {
        match self.config {
            Some(_) => BESIDE + self.number("CONFIG_WASM_APP_HEAP_SIZE").unwrap_or(0),
            None => machine::HEAP,
        }
    }

    /// What messages say in place of symbols: of no firmware, nobody can set them.
    pub fn words(&self) -> Vec<(&'static str, &'static str)> {
        if self.config.is_some() { Vec::new() } else { machine::OPTIONS.to_vec() }
    }

    /// Whether it has one of our interfaces.
    fn has_interface(&self, name: &str) -> bool {
        match name {
            wasi::PACKAGE => return self.has("CONFIG_WASM_WASI"),
            wasi::UNSTABLE => return self.has("CONFIG_WASM_WASI_UNSTABLE"),
            _ => {}
        }
        let interface = name.split_once('@').map_or(name, |(interface, _)| interface);
        let package = interface.split_once('/').map_or(interface, |(package, _)| package);
        let known = |name| Manifest::new(Some(KNOWN)).first(name);
        let symbol = known(interface).or_else(|| known(package));
        symbol.is_none_or(|symbol| self.has(&format!("CONFIG_WASM_API_{symbol}")))
    }

    /// What a program is told of a function of WASI that does nothing there, as it is linked all the same.
    pub fn lacks_of_wasi(&self, function: &str) -> &'static str {
        match wasi::functions().find(|(name, ..)| *name == function) {
            Some((_, Support::No, _)) => "  (not supported: it returns `nosys`)",
            Some((_, Support::Files, _)) if !self.has(FILES) => {
                "  (it returns `nosys` there: set CONFIG_WASM_WASI_FILES=y)"
            }
            _ => "",
        }
    }

    /// Our interfaces that it has.
    pub fn interfaces(&self) -> &'static [&'static Entry<Running<HostPlatform>>] {
        let ours = host_apis::<HostPlatform>(&[]).interfaces;
        let as_it_is = |entry: &'static Entry<Running<HostPlatform>>| match entry.0.name() {
            wasi::PACKAGE if !self.has(FILES) => &WITHOUT_FILES,
            wasi::UNSTABLE if !self.has(FILES) => &UNSTABLE_WITHOUT_FILES,
            _ => entry,
        };
        let ours = ours.iter().copied().filter(|entry| self.has_interface(entry.0.name()));
        let kept: Vec<_> = ours.map(as_it_is).collect();
        // Once a run of the tool, or a file.
        Vec::leak(kept)
    }

    /// What it says of an app as it comes: that it would run, or why it is refused. `compiled` says that the app is to be that;
    /// of a firmware without the interpreter, all are.
    ///
    /// # Errors
    /// That it is refused.
    pub fn judge(&self, name: &str, app: Vec<u8>, compiled: bool, added: &Added) -> Result<String> {
        let limits = self.limits(Manifest::of(&app));
        let compiled = compiled || !self.has("CONFIG_WASM_INTERPRETER");
        let ours = host_apis::<HostPlatform>(&[]).interfaces;
        let names: Vec<_> = ours.iter().map(|entry| entry.0.name()).collect();
        let settings = Settings {
            region: self.region(),
            limits: if compiled { limits.of_compiled() } else { limits },
            interfaces: Some(self.interfaces()),
            added: if added.is_empty() {
                &[]
            } else {
                declared::interfaces(&added.with_ours()?, &added.core()?, &names)
            },
            check: true,
            words: self.words(),
            ..Settings::new(name)
        };
        let (end, message, _) = App::start(settings, app).context("cannot start a thread")?.join();
        if !end.is_success() {
            bail!("{message}{}", self.lacks_of_symbols(&message));
        }
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_the_ranges_of_kconfig() {
        assert_eq!(range_of("CONFIG_WASM_APP_HANDLE_COUNT"), Some(1..=1024));
        // It says nothing of that.
        assert_eq!(range_of("CONFIG_WASM_APP_STACK_SIZE"), None);
        assert!(Limits::SYMBOLS.iter().filter(|symbol| range_of(symbol).is_some()).count() > 4);
    }
}
