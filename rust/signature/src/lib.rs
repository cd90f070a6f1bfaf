//! Signatures of apps, as [WebAssembly's tool conventions] have them: a custom section `signature`, the first of the
//! module, with ed25519 signatures over the SHA-256 of all that follows. Other tools for that format (`wasmsign2`) sign
//! and verify the same files.
//!
//! [WebAssembly's tool conventions]: https://github.com/WebAssembly/tool-conventions/blob/main/Signatures.md
#![no_std]

mod reader;

use ed25519_compact::{PublicKey, Signature};
use hmac_sha256::Hash;
use reader::Reader;

/// A public key: the 32 bytes of RFC 8032.
pub type Key = [u8; 32];

/// A SHA-256.
pub type Digest = [u8; 32];

/// The section's name.
const SECTION: &[u8] = b"signature";
/// What is signed begins so: the domain, and the section's versions.
const DOMAIN: &[u8] = b"wasmsig";
const HEADER: [u8; 3] = [1, 1, 1];
const ED25519: u8 = 1;
/// A module signed as a whole has one hash; a few more are read, so that one signed in parts can be told from nonsense.
const MOST_HASHES: usize = 4;

/// The name of a key that a signature gives: the first bytes of the key's SHA-256.
pub type KeyId = [u8; 8];

/// Why a module is not known to come from the owner of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It has no signature.
    Unsigned,
    /// It has a section of that name which is not a signature.
    Malformed,
    /// It was signed by keys that are not among the given.
    UnknownKey,
    /// It is not what was signed.
    Wrong,
}

/// The SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Hash::hash(bytes)
}

/// The name of a key.
pub fn key_id(key: &Key) -> KeyId {
    let mut id = KeyId::default();
    let length = id.len();
    id.copy_from_slice(&digest(key)[..length]);
    id
}

/// Checks that the owner of one of these keys has signed all of a module, and says which.
///
/// # Errors
/// Why not.
pub fn verify(module: &[u8], keys: &[Key]) -> Result<KeyId, Failure> {
    let (section, signed) = split(module)?;
    let mut sets = Reader(section);
    if HEADER.iter().any(|byte| sets.byte() != Some(*byte)) {
        return Err(Failure::Malformed);
    }
    let digest = digest(signed);
    let mut failure = Failure::UnknownKey;
    for _ in 0..sets.number().ok_or(Failure::Malformed)? {
        let set = sets.slice().ok_or(Failure::Malformed)?;
        match verify_set(set, &digest, keys) {
            Err(Failure::UnknownKey) => {}
            Err(other) => failure = other,
            signer => return signer,
        }
    }
    Err(failure)
}

/// A module's signature section, and all that follows it.
fn split(module: &[u8]) -> Result<(&[u8], &[u8]), Failure> {
    let mut rest = Reader(module.get(8..).ok_or(Failure::Unsigned)?);
    if rest.byte() != Some(0) {
        return Err(Failure::Unsigned);
    }
    let mut section = Reader(rest.slice().ok_or(Failure::Malformed)?);
    match section.slice() {
        Some(name) if name == SECTION => Ok((section.0, rest.0)),
        _ => Err(Failure::Unsigned),
    }
}

/// Whether one of the signatures over a set of hashes is by one of the keys, and the module's among them.
fn verify_set(set: &[u8], digest: &Digest, keys: &[Key]) -> Result<KeyId, Failure> {
    let mut set = Reader(set);
    let count = set.number().filter(|count| *count <= MOST_HASHES).ok_or(Failure::Malformed)?;
    let hashes = set.take(count * digest.len()).ok_or(Failure::Malformed)?;
    if !hashes.chunks_exact(digest.len()).any(|hash| hash == digest) {
        return Err(Failure::Wrong);
    }
    let start = DOMAIN.len() + HEADER.len();
    let mut message = [0; DOMAIN.len() + HEADER.len() + MOST_HASHES * size_of::<Digest>()];
    message[..DOMAIN.len()].copy_from_slice(DOMAIN);
    message[DOMAIN.len()..start].copy_from_slice(&HEADER);
    message[start..start + hashes.len()].copy_from_slice(hashes);
    let message = &message[..start + hashes.len()];

    let mut failure = Failure::UnknownKey;
    for _ in 0..set.number().ok_or(Failure::Malformed)? {
        let mut one = Reader(set.slice().ok_or(Failure::Malformed)?);
        let name = one.slice().ok_or(Failure::Malformed)?;
        if one.byte() != Some(ED25519) {
            continue;
        }
        let signature = one.slice().and_then(|bytes| Signature::from_slice(bytes).ok());
        let signature = signature.ok_or(Failure::Malformed)?;
        for key in keys {
            let id = key_id(key);
            // Other tools may name keys otherwise, or not at all.
            if name.len() == id.len() && name != id {
                continue;
            }
            failure = Failure::Wrong;
            if PublicKey::new(*key).verify(message, &signature).is_ok() {
                return Ok(id);
            }
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests;
