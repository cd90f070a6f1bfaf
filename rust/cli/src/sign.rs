//! `zephyr-wasm sign` and `verify`.

use crate::code::{self, Source};
use crate::input;
use crate::keys::{self, Hex, secret};
use crate::module;
use crate::pack::name_of;
use crate::replace::replace;
use crate::text::shown;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasmsign2::{Module, SecretKey};
use zephyr_wasm_code::{aligned, codes, unsigned};
use zephyr_wasm_signature::{Failure, key_id, verify};

/// Signs packed apps, so that boards take them that have the public key. A signature says that the app is valid, too:
/// what is not is not signed.
#[derive(Args)]
pub struct Sign {
    /// Apps as `zephyr-wasm pack` makes them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The private key (ed25519, PEM), as of `zephyr-wasm keygen` or `openssl genpkey -algorithm ed25519`.
    #[arg(short, long)]
    key: PathBuf,
    /// Where to write the signed app; without it, the file is signed in place.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// The file that the app was packed of, if machine code in it tells places in that file.
    #[arg(long, value_name = "FILE")]
    source: Option<PathBuf>,
    /// Leave out the WebAssembly code, for boards without the interpreter: the machine code is compared with it before.
    #[arg(long)]
    strip: bool,
    /// Sign it whatever it is: for tests of what a board refuses.
    #[arg(long, hide = true, conflicts_with = "strip")]
    unchecked: bool,
}

impl Sign {
    pub fn execute(&self) -> Result<ExitCode> {
        if self.output.is_some() && self.files.len() > 1 {
            bail!("--output is for one file");
        }
        let key = secret(&self.key)?;
        let source = self.source.as_deref().map(Source::read).transpose()?;
        for path in &self.files {
            let app = input::bytes(path)?;
            let signed = if self.unchecked {
                signed_as_it_is(&app, &key).with_context(|| path.display().to_string())?
            } else {
                checked_and_signed(path, &app, &key, source.as_ref(), self.strip)?
            };
            replace(self.output.as_deref().unwrap_or(path), &signed)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn checked_and_signed(
    path: &Path,
    app: &[u8],
    key: &SecretKey,
    source: Option<&Source>,
    strip: bool,
) -> Result<Vec<u8>> {
    let told = || path.display().to_string();
    module::validate(path, app)?;
    // What is signed runs on boards that trust its signer to have packed it, by this version or another.
    let app = code::canonical(path, app)?;
    code::check(&app, source).with_context(told)?;
    if name_of(&app).is_none() {
        bail!("{}: has no manifest; `zephyr-wasm pack --manifest app.toml`", path.display());
    }
    let app = if strip { code::stripped(&app).with_context(told)? } else { app };
    let signed = signed(&app, key).with_context(told)?;
    // What was checked is what boards will look at.
    code::refuse_unfit(&signed)
        .with_context(told)
        .context("signing has changed it, which is a fault of `sign`")?;
    Ok(signed)
}

/// A module with its signature, in place of one that it had. Its code is then where a board can run it.
fn signed(app: &[u8], key: &SecretKey) -> Result<Vec<u8>> {
    let signed = signed_as_it_is(app, key)?;
    if codes(app).next().is_none() {
        return Ok(signed);
    }
    // A signature has as many bytes whatever it signs.
    let bare = unsigned(&signed);
    signed_as_it_is(&aligned(&bare, signed.len() - bare.len()), key)
}

fn signed_as_it_is(app: &[u8], key: &SecretKey) -> Result<Vec<u8>> {
    let id = key_id(&key.sk.public_key()).to_vec();
    let module = Module::deserialize(&mut &app[..])?;
    let mut bytes = Vec::new();
    key.sign(module, Some(&id))?.serialize(&mut bytes)?;
    Ok(bytes)
}

/// Says who has signed apps.
#[derive(Args)]
pub struct Verify {
    /// Apps.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The public keys (ed25519, PEM) that are trusted.
    #[arg(short, long, required = true)]
    key: Vec<PathBuf>,
}

impl Verify {
    pub fn execute(&self) -> Result<ExitCode> {
        let keys = keys::read(&self.key)?;
        let mut code = ExitCode::SUCCESS;
        for path in &self.files {
            let app = input::bytes(path)?;
            let name = shown(&path.display().to_string());
            match verify(&app, &keys) {
                Ok(id) => {
                    say!("{name}: signed by {}", Hex(&id));
                    for line in code::told(&app) {
                        say!("  has {line}");
                    }
                    if let Err(error) = code::refuse_unfit(&app) {
                        code = ExitCode::FAILURE;
                        eprintln!("{name}: {}", shown(&format!("{error:#}")));
                    }
                }
                Err(failure) => {
                    code = ExitCode::FAILURE;
                    eprintln!("{name}: {}", describe(failure));
                }
            }
        }
        Ok(code)
    }
}

/// A failure in words.
pub fn describe(failure: Failure) -> &'static str {
    match failure {
        Failure::Unsigned => "not signed",
        Failure::Malformed => "its signature cannot be read",
        Failure::TooMany => "more than 4 signatures, which no board takes",
        Failure::UnknownKey => "signed by another key",
        Failure::Wrong => "not what was signed, or a part of it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{bytes_of, id_of};
    use wasmsign2::KeyPair;

    #[test]
    fn a_module_is_signed_again_in_place_of_its_signature() {
        let module = wat::parse_str("(module)").unwrap();
        let (first, second) = (KeyPair::generate(), KeyPair::generate());
        let once = signed(&module, &first.sk).unwrap();
        let twice = signed(&once, &second.sk).unwrap();
        assert_eq!(once.len(), twice.len());
        let keys = [bytes_of(&first.pk).unwrap()];
        assert_eq!(verify(&once, &keys), Ok(id_of(&first.pk).unwrap()));
        assert_eq!(verify(&twice, &keys), Err(Failure::UnknownKey));
    }

    #[test]
    fn other_tools_verify_what_this_signs() {
        let pair = KeyPair::generate();
        let module = signed(&wat::parse_str("(module (memory 1))").unwrap(), &pair.sk).unwrap();
        pair.pk.verify(&mut module.as_slice(), None).unwrap();
    }

    #[test]
    fn a_key_that_is_none_is_told() {
        let error = secret(Path::new("/nowhere/key.pem")).err().unwrap();
        assert!(format!("{error:#}").contains("zephyr-wasm keygen"), "{error:#}");
    }
}
