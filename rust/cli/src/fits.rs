//! Whether a board would take an app: it is loaded and linked here as a board does that, and nothing of it runs.

use crate::{declared, run};
use anyhow::{Context, Result, bail};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use wit_bindgen_core::wit_parser::Resolve;
use zephyr_wasm_api::bindings::KNOWN;
use zephyr_wasm_api::{host_apis, wasi};
use zephyr_wasm_platform_desk::{App, Configured, Desk, Settings};
use zephyr_wasm_runtime::{App as Running, Entry, Limits, Manifest};

/// The longest `.config` in bytes; Zephyr's have some 60,000.
const LONGEST: u64 = 4 << 20;

/// The limits of an app, and what Kconfig lets each be.
const LIMITS: [(&str, RangeInclusive<usize>); 5] = [
    ("CONFIG_WASM_APP_HEAP_SIZE", 4096..=16_777_216),
    ("CONFIG_WASM_APP_TABLE_SIZE", 0..=65_536),
    ("CONFIG_WASM_APP_VALUE_STACK_SIZE", 512..=1_048_576),
    ("CONFIG_WASM_APP_CALL_DEPTH", 8..=10_000),
    ("CONFIG_WASM_APP_HANDLES", 1..=1024),
];

/// What a firmware is configured to be.
pub struct Firmware {
    /// Its `.config`; none stands for one that has all.
    config: Option<String>,
}

impl Firmware {
    /// That of a build's `.config`, or of the build directory that has one.
    ///
    /// # Errors
    /// If it is none, or of a firmware without apps.
    pub fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Firmware { config: None }) };
        let file = if path.is_dir() { path.join("zephyr/.config") } else { path.to_owned() };
        let read = || format!("cannot read {}", file.display());
        let metadata = std::fs::metadata(&file).with_context(read)?;
        if !metadata.is_file() || metadata.len() > LONGEST {
            bail!("{}: no .config of a firmware", file.display());
        }
        let config = std::fs::read_to_string(&file).with_context(read)?;
        let firmware = Firmware { config: Some(config) };
        if !firmware.has("CONFIG_WASM") {
            bail!("{}: no .config of a firmware with CONFIG_WASM=y", file.display());
        }
        for (symbol, range) in Configured::RANGES.iter().chain(&LIMITS) {
            let Some(text) = firmware.value(symbol) else { continue };
            if !firmware.number(symbol).is_some_and(|number| range.contains(&number)) {
                let (least, most) = (range.start(), range.end());
                bail!("{}: {symbol}={text}: expected {least} to {most}", file.display());
            }
        }
        Ok(firmware)
    }

    fn value(&self, symbol: &str) -> Option<&str> {
        let lines = self.config.as_deref()?.lines();
        lines
            .filter_map(|line| line.split_once('='))
            .find(|(name, _)| *name == symbol)
            .map(|(_, value)| value)
    }

    /// Whether a symbol is set; of no firmware, all are.
    pub fn has(&self, symbol: &str) -> bool {
        self.config.is_none() || self.value(symbol) == Some("y")
    }

    fn number(&self, symbol: &str) -> Option<usize> {
        let text = self.value(symbol)?;
        let hex = text.strip_prefix("0x").map(|digits| usize::from_str_radix(digits, 16));
        hex.unwrap_or_else(|| text.parse()).ok()
    }

    /// How large it has what its host APIs have.
    pub fn configured(&self) -> Configured {
        Configured::read(|symbol| self.number(symbol))
    }

    /// What an app may use there.
    pub fn limits(&self, manifest: Manifest<'_>) -> Limits {
        let all = Limits::default();
        let number = |symbol, other| self.number(symbol).unwrap_or(other);
        let heap = number("CONFIG_WASM_APP_HEAP_SIZE", all.heap);
        Limits {
            heap,
            stack: number("CONFIG_WASM_APP_STACK_SIZE", all.stack),
            memory: manifest.number("heap").map_or(heap, |own| heap.min(own as usize)),
            table: number("CONFIG_WASM_APP_TABLE_SIZE", all.table),
            value_stack: number("CONFIG_WASM_APP_VALUE_STACK_SIZE", all.value_stack),
            call_depth: number("CONFIG_WASM_APP_CALL_DEPTH", all.call_depth),
            handles: number("CONFIG_WASM_APP_HANDLES", all.handles),
            ..all
        }
    }

    /// Whether it has one of our interfaces.
    fn has_interface(&self, name: &str) -> bool {
        if name == wasi::PACKAGE {
            return self.has("CONFIG_WASM_WASI");
        }
        let interface = name.split_once('@').map_or(name, |(interface, _)| interface);
        let package = interface.split_once('/').map_or(interface, |(package, _)| package);
        let known = |name| Manifest::new(Some(KNOWN)).first(name);
        let symbol = known(interface).or_else(|| known(package));
        symbol.is_none_or(|symbol| self.has(&format!("CONFIG_WASM_API_{symbol}")))
    }

    /// Our interfaces that it has.
    pub fn interfaces(&self) -> &'static [&'static Entry<Running<Desk>>] {
        let ours = host_apis::<Desk>(&[]).interfaces;
        let kept: Vec<_> = ours.iter().copied().filter(|entry| self.has_interface(entry.0.name())).collect();
        // Once a run of the tool, or a file.
        Vec::leak(kept)
    }

    /// What it says of an app as it comes: that it would run, or why it is refused.
    ///
    /// # Errors
    /// That it is refused.
    pub fn judge(&self, name: &str, app: Vec<u8>, added: &[PathBuf], host: &Resolve) -> Result<String> {
        let ours = host_apis::<Desk>(&[]).interfaces;
        let names: Vec<_> = ours.iter().map(|entry| entry.0.name()).collect();
        let settings = Settings {
            region: run::HEAP,
            limits: self.limits(Manifest::of(&app)),
            interfaces: Some(self.interfaces()),
            added: if added.is_empty() { &[] } else { declared::interfaces(host, &names) },
            check: true,
            ..Settings::new(name)
        };
        let (end, message, _) = App::start(settings, app).context("cannot start a thread")?.join();
        if !end.is_success() {
            bail!("{message}");
        }
        Ok(message)
    }
}
