//! `zephyr-wasm image`: what a board's store has in flash once apps are installed, for whoever writes flash in a factory.

mod content;
mod hex;
mod partition;
mod record;

use crate::added::Added;
use crate::code::{refuse_in_store, stand_in, why_it_has_to_run};
use crate::fits::Firmware;
use crate::keys;
use crate::pack::name_of;
use crate::sign::describe;
use crate::{input, module};
use anyhow::{Context, Result, bail};
use clap::Args;
use content::{App, Layout, Piece, joined};
use partition::Partition;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zephyr_wasm_runtime::{Manifest, check};
use zephyr_wasm_signature::{Failure, Key, KeyId, verify};

/// Writes what a board's `wasm_partition` has in it with these apps installed, as if each had been pushed and had passed its
/// trial: as Intel HEX for `west flash --hex-file`, or as bytes. What the board would not install is refused.
#[derive(Args)]
pub struct Image {
    /// Apps as `zephyr-wasm pack` and `sign` make them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The firmware of the board: its build directory, or the `.config` in it.
    #[arg(long, value_name = "BUILD|CONFIG")]
    board: PathBuf,
    /// Where to write it.
    #[arg(short, long)]
    output: PathBuf,
    /// Write bytes from the beginning of the partition on, in place of Intel HEX.
    #[arg(long)]
    bin: bool,
    /// The address of the partition, as the tool that writes flash has it, if the devicetree does not say it.
    #[arg(long, value_parser = number)]
    address: Option<u64>,
    /// The size of the partition in bytes, if there is no devicetree (`zephyr.dts`) beside the `.config`.
    #[arg(long, value_parser = number)]
    size: Option<u64>,
    /// A public key that the firmware adds itself, or one of CONFIG_WASM_STORE_KEYS that cannot be read from here.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
    #[command(flatten)]
    added: Added,
}

/// A number, also with `0x`.
fn number(text: &str) -> Result<u64, std::num::ParseIntError> {
    text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| u64::from_str_radix(digits, 16))
}

impl Image {
    pub fn execute(&self) -> Result<ExitCode> {
        let firmware = Firmware::read(Some(&self.board))?;
        let config = Firmware::file(&self.board);
        let shown = config.display();
        if !firmware.has("CONFIG_WASM_STORE") {
            bail!("{shown}: no .config of a firmware with CONFIG_WASM_STORE=y");
        }
        if firmware.has("CONFIG_BIG_ENDIAN") {
            bail!(
                "{shown}: a board with CONFIG_BIG_ENDIAN=y reads numbers otherwise than they are written here"
            );
        }
        let partition = Partition::beside(&config);
        let layout = self.layout(&firmware, &partition).with_context(|| shown.to_string())?;
        // Before it takes long.
        let address = if self.bin { 0 } else { self.address(&firmware, &partition)? };
        let keys = self.keys(&firmware, &config)?;
        let mut apps: Vec<App> = Vec::new();
        for path in &self.files {
            let app = self.app(path, &firmware, &keys).with_context(|| path.display().to_string())?;
            if apps.iter().any(|other| other.name == app.name) {
                bail!("{}: there is an app of the name {} already", path.display(), app.name);
            }
            apps.push(app);
        }
        let pieces = layout.with(&apps)?;
        let bytes = if self.bin { joined(&pieces) } else { at(address, &pieces)?.into_bytes() };
        std::fs::write(&self.output, bytes)
            .with_context(|| format!("cannot write {}", self.output.display()))?;
        let used = pieces.last().map_or(0, |(offset, bytes)| offset + bytes.len());
        let place = if self.bin { String::new() } else { format!(" at {address:#x}") };
        say!("{}: {} apps, {used} of {} bytes{place}", self.output.display(), apps.len(), layout.size);
        Ok(ExitCode::SUCCESS)
    }

    fn layout(&self, firmware: &Firmware, partition: &Result<Partition>) -> Result<Layout> {
        let count = |symbol: &str, most: usize| {
            let number = firmware.number(symbol).filter(|number| *number <= most);
            number.with_context(|| format!("{symbol}: expected a number, at most {most}"))
        };
        let block = count("CONFIG_WASM_STORE_BLOCK_SIZE", 1 << 24)?;
        if block == 0 || !block.is_multiple_of(record::SIZE) {
            bail!("CONFIG_WASM_STORE_BLOCK_SIZE={block}: expected a multiple of {}", record::SIZE);
        }
        let size = match (self.size, partition) {
            (Some(size), _) => size,
            (None, Ok(partition)) => partition.size,
            (None, Err(error)) => bail!("--size says how large wasm_partition is: {error:#}"),
        };
        Ok(Layout {
            entries: count("CONFIG_WASM_STORE_ENTRY_COUNT", 1 << 12)?,
            floors: count("CONFIG_WASM_STORE_FLOOR_COUNT", 1 << 12)?,
            revoked_keys: count("CONFIG_WASM_STORE_REVOKED_KEY_COUNT", 1 << 12)?,
            block,
            size: u32::try_from(size).context("the size of wasm_partition")? as usize,
            has_floors: !firmware.has("CONFIG_WASM_STORE_DOWNGRADE"),
        })
    }

    /// Where the partition is for a tool that writes flash. Only of the flash that has the firmware is that known: others
    /// count from 0 in the devicetree, where that tool has the firmware.
    fn address(&self, firmware: &Firmware, partition: &Result<Partition>) -> Result<u64> {
        if let Some(address) = self.address {
            return Ok(address);
        }
        let why = match (partition, firmware.number("CONFIG_FLASH_BASE_ADDRESS")) {
            (Ok(partition), Some(base)) if partition.is_in_main_flash => {
                return (base as u64).checked_add(partition.offset).context("the address of wasm_partition");
            }
            (Ok(partition), Some(_)) if !partition.is_in_main_flash => {
                "it is not in the flash that `zephyr,flash` names".to_owned()
            }
            (Ok(_), _) => "the firmware has no CONFIG_FLASH_BASE_ADDRESS".to_owned(),
            (Err(error), _) => format!("{error:#}"),
        };
        bail!("--address says where wasm_partition is, or --bin writes it without: {why}")
    }

    /// The keys that the board trusts, those for machine code first, as it has them.
    fn keys(&self, firmware: &Firmware, config: &Path) -> Result<Keys> {
        let application = application(config);
        let of = |symbol: &str| {
            let named = firmware.value(symbol).unwrap_or_default().trim_matches('"');
            let (mut found, mut is_whole) = (Vec::new(), true);
            for name in named.split_whitespace() {
                let path = application.as_deref().unwrap_or(Path::new("")).join(name);
                if path.is_relative() && application.is_none() || !path.exists() {
                    eprintln!("warning: {symbol}: {name} cannot be read; --key names the file here");
                    is_whole = false;
                    continue;
                }
                found.extend(keys::read(&[path])?);
            }
            Ok::<_, anyhow::Error>((found, is_whole))
        };
        let (of_code, is_whole) = of(OF_CODE)?;
        let all = [of_code.clone(), of("CONFIG_WASM_STORE_KEYS")?.0, keys::read(&self.key)?].concat();
        Ok(Keys { all, of_code: is_whole.then_some(of_code) })
    }

    fn app(&self, path: &Path, firmware: &Firmware, keys: &Keys) -> Result<App> {
        let bytes = input::bytes(path)?;
        let stand_in = stand_in(&bytes)?;
        let is_stripped = stand_in.is_some();
        let loaded = stand_in.unwrap_or_else(|| bytes.clone());
        module::validate(path, &loaded)?;
        let Some(name) = name_of(&bytes) else {
            bail!("has no manifest with a name: `zephyr-wasm pack --manifest app.toml`");
        };
        let manifest = Manifest::of(&bytes);
        if let Some(why) = check::too_much_for_a_store(&bytes, manifest) {
            bail!("{why}");
        }
        let version = manifest.first(zephyr_wasm_manifest::keys::VERSION.name).unwrap_or_default();
        let version = numbers_of(version);
        let signer = signer(&bytes, &keys.all, firmware)?;
        let refused = || format!("the board refuses {name}");
        if let Some(why) = why_it_has_to_run(is_stripped, firmware) {
            refuse_in_store(&bytes, firmware, why).with_context(refused)?;
            if keys.of_code.as_ref().is_some_and(|keys| verify(&bytes, keys).is_err()) {
                bail!(
                    "{}: {why}, and it is not signed by a key that may sign machine code ({OF_CODE})",
                    refused()
                );
            }
        }
        let told = firmware.judge(&name, loaded, is_stripped, &self.added);
        told.with_context(refused)?;
        Ok(App { name, version, signer, bytes })
    }
}

/// Names those whose owners may sign machine code.
const OF_CODE: &str = "CONFIG_WASM_COMPILED_KEYS";

/// Keys that a board trusts.
struct Keys {
    all: Vec<Key>,
    /// Those whose owners may sign machine code; none, if not all of them can be read here.
    of_code: Option<Vec<Key>>,
}

/// A version as the board reads it: what is not there is 0.
fn numbers_of(version: &str) -> [u16; 3] {
    let mut numbers = [0; 3];
    for (part, number) in version.split('.').zip(&mut numbers) {
        *number = part.parse().unwrap_or(0);
    }
    numbers
}

/// Who has signed an app; none if nobody has, and the board takes that.
fn signer(app: &[u8], keys: &[Key], firmware: &Firmware) -> Result<Option<KeyId>> {
    match verify(app, keys) {
        Ok(signer) => Ok(Some(signer)),
        Err(Failure::Unsigned) if !firmware.has("CONFIG_WASM_STORE_UNSIGNED_REFUSED") => Ok(None),
        Err(Failure::Unsigned) => {
            bail!(
                "is not signed, which the board refuses (CONFIG_WASM_STORE_UNSIGNED_REFUSED): `zephyr-wasm sign`"
            )
        }
        Err(Failure::UnknownKey) => {
            bail!(
                "is signed by a key that the board does not have (CONFIG_WASM_STORE_KEYS; --key for one that it adds)"
            )
        }
        Err(failure) => bail!("{}", describe(failure)),
    }
}

/// The application's directory, which the names of keys are relative to: a build notes it beside `zephyr/.config`.
fn application(config: &Path) -> Option<PathBuf> {
    let cache = std::fs::read_to_string(config.parent()?.parent()?.join("CMakeCache.txt")).ok()?;
    let line = cache.lines().find_map(|line| line.strip_prefix("APPLICATION_SOURCE_DIR:"))?;
    line.split_once('=').map(|(_, path)| path.into())
}

impl Partition {
    /// That of the devicetree beside a `.config`.
    fn beside(config: &Path) -> Result<Partition> {
        let path = config.with_file_name("zephyr.dts");
        partition::find(&input::text(&path)?).with_context(|| path.display().to_string())
    }
}

/// Pieces of the partition as Intel HEX.
fn at(address: u64, pieces: &[Piece]) -> Result<String> {
    let end = pieces.last().map_or(0, |(offset, bytes)| offset + bytes.len());
    // Each address below is then one of 32 bits.
    if address.checked_add(end as u64).is_none_or(|end| end > 1 << 32) {
        bail!("Intel HEX has addresses of 32 bits, and {address:#x} with {end} bytes is beyond: --bin");
    }
    Ok(hex::write(pieces.iter().map(|(offset, bytes)| ((address as usize + offset) as u32, &bytes[..]))))
}
