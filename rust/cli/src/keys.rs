//! `zephyr-wasm keygen` and `keys`: pairs of keys, and what firmware has of them.

use anyhow::{Context, Result, bail};
use clap::Args;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasmsign2::{KeyPair, PublicKey, SecretKey};
use zephyr_wasm_signature::{Key, KeyId, key_id};

/// Makes a pair of keys (ed25519): a private one to sign apps with, and a public one for the firmware that takes them.
#[derive(Args)]
pub struct Keygen {
    /// Where to write the private key; the public one is beside it, as `.pub.pem`.
    #[arg(short, long, default_value = "key.pem")]
    output: PathBuf,
}

impl Keygen {
    pub fn execute(&self) -> Result<ExitCode> {
        let pair = KeyPair::generate();
        let public = self.output.with_extension("pub.pem");
        create(&self.output, 0o600, &pair.sk.to_pem())?;
        create(&public, 0o644, &pair.pk.to_pem())?;
        say!("{}: the private key; keep it out of your repository and your image", self.output.display());
        say!(
            "{}: the public key {}; CONFIG_WASM_STORE_KEYS, or CONFIG_WASM_COMPILED_KEYS if it is to sign machine code",
            public.display(),
            Hex(&id_of(&pair.pk)?)
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a new file: a key that is there is never lost.
fn create(path: &Path, mode: u32, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file = options.open(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes public keys as a source file in C: what the build makes of CONFIG_WASM_STORE_KEYS and CONFIG_WASM_COMPILED_KEYS.
#[derive(Args)]
pub struct Keys {
    /// Files of public keys in PEM.
    files: Vec<PathBuf>,
    /// A file of a public key whose owner may sign machine code.
    #[arg(long, value_name = "FILE")]
    compiled: Vec<PathBuf>,
    /// Where to write the source file.
    #[arg(short, long)]
    output: PathBuf,
}

impl Keys {
    pub fn execute(&self) -> Result<ExitCode> {
        let mut text = String::from(
            "/* Generated from CONFIG_WASM_COMPILED_KEYS and CONFIG_WASM_STORE_KEYS. */\n\n#include <stddef.h>\n\
             #include <stdint.h>\n\nconst uint8_t zephyr_wasm_store_keys[][32] = {\n",
        );
        let all = [&self.compiled[..], &self.files[..]].concat();
        for key in read(&all)? {
            let bytes: Vec<String> = key.iter().map(|byte| format!("{byte:#04x}")).collect();
            let _ = writeln!(text, "\t/* {} */\n\t{{ {} }},", Hex(&key_id(&key)), bytes.join(", "));
        }
        if all.is_empty() {
            text += "\t{ 0 },\n";
        }
        let _ = writeln!(text, "}};\n\nconst size_t zephyr_wasm_store_key_count = {};", all.len());
        let _ =
            writeln!(text, "const size_t zephyr_wasm_store_compiled_key_count = {};", self.compiled.len());
        std::fs::write(&self.output, text)
            .with_context(|| format!("cannot write {}", self.output.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a public key.
pub fn public(path: &Path) -> Result<PublicKey> {
    let text = text_of(path)?;
    if text.contains("PRIVATE KEY") {
        bail!("{}: a private key, and the public one is wanted", path.display());
    }
    PublicKey::from_pem(&text).map_err(|error| unusable(path, &error))
}

/// Reads public keys, as firmware has them.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Key>> {
    paths.iter().map(|path| bytes_of(&public(path)?)).collect()
}

/// Reads a private key.
pub fn secret(path: &Path) -> Result<SecretKey> {
    SecretKey::from_pem(&text_of(path)?).map_err(|error| unusable(path, &error))
}

fn text_of(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; `zephyr-wasm keygen` makes a pair of keys", path.display()))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{}: no key of ed25519 in PEM: {error}", path.display())
}

/// A key as firmware has it.
pub fn bytes_of(key: &PublicKey) -> Result<Key> {
    // Behind the number of its algorithm.
    key.to_bytes().get(1..).and_then(|bytes| bytes.try_into().ok()).context("not a key of ed25519")
}

/// The name of a key.
pub fn id_of(key: &PublicKey) -> Result<KeyId> {
    Ok(key_id(&bytes_of(key)?))
}

/// Bytes as people read them.
pub struct Hex<'a>(pub &'a [u8]);

impl std::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
