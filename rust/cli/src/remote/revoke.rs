//! `zephyr-wasm revoke`: has boards trust a key no longer.

use super::board::{Address, Board, Manner};
use super::protocol::{self, Done};
use crate::keys::{self, Hex, secret};
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use zephyr_wasm_signature::{Key, key_id, revocation};

/// Has a board trust a key no longer, for good, by the word of another of its keys. Without a board, prints the request
/// for its shell (`wasm revoke`), and for firmware that has another way to it (`zephyr_wasm_store_revoke()`).
#[derive(Args)]
pub struct Revoke {
    /// The public key (ed25519, PEM) that is trusted no longer.
    revoked: PathBuf,
    /// The private key of another that the board trusts.
    #[arg(short, long)]
    key: PathBuf,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    manner: Manner,
}

impl Revoke {
    pub fn execute(&self) -> Result<ExitCode> {
        let revoked = keys::bytes_of(&keys::public(&self.revoked)?)?;
        let signer = secret(&self.key)?;
        let own: Key = *signer.sk.public_key();
        if own == revoked {
            bail!("a key is revoked by another: {} is this key's own", self.key.display());
        }
        let mut request = Vec::from(revoked);
        request.extend_from_slice(&key_id(&own));
        request.extend_from_slice(signer.sk.sign(revocation(&revoked), None).as_ref());
        if self.address.udp.is_none() && self.address.serial.is_none() {
            say!("{}", Hex(&request));
            return Ok(ExitCode::SUCCESS);
        }
        let Done {} =
            Board::connect(&self.address, &self.manner)?.ask(protocol::Revoke { request: &request })?;
        Ok(ExitCode::SUCCESS)
    }
}
