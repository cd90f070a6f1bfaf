//! Signatures of apps, and of requests to revoke a key. Those of apps are as [WebAssembly's tool conventions] have them: a custom section
//! `signature`, the first of the module, with ed25519 signatures over the SHA-256 of all that follows. Other tools for that format (`wasmsign2`) sign
//! and verify the same files.
//!
//! [WebAssembly's tool conventions]: https://github.com/WebAssembly/tool-conventions/blob/main/Signatures.md
#![no_std]

mod reader;
mod revocation;

use ed25519_compact::{PublicKey, Signature};
use hmac_sha256::Hash;
use reader::Reader;
pub use revocation::{REVOCATION_SIZE, revocation, revoked};

/// A public key: the 32 bytes of RFC 8032.
pub type Key = [u8; 32];

/// A SHA-256.
pub type Digest = [u8; 32];

/// The section's name.
const SECTION: &[u8] = b"signature";
/// What a module begins with, which is not signed and has to be this.
const MODULE: [u8; 8] = *b"\0asm\x01\0\0\0";
/// What is signed begins so: the domain, and the section's versions.
const DOMAIN: &[u8] = b"wasmsig";
const HEADER: [u8; 3] = [1, 1, 1];
const ED25519: u8 = 1;
/// A module signed as a whole has one hash; a few more are read, for one that was signed in parts.
const MOST_HASHES: usize = 4;
/// The most signatures of a module. One has as many as it has signers, and each costs its board time.
pub const MOST_SIGNATURES: usize = 4;

/// The name of a key that a signature gives: the first bytes of the key's SHA-256.
pub type KeyId = [u8; 8];

/// Why a module is not known to come from the owner of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It has no signature.
    Unsigned,
    /// It has a section of that name which is not a signature.
    Malformed,
    /// It has more than [`MOST_SIGNATURES`].
    TooMany,
    /// It was signed by keys that are not among the given.
    UnknownKey,
    /// It is not what was signed, or only a part of that.
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
/// Why not. What has too many signatures, or anything else in their section, is refused before anything is computed.
pub fn verify<'a, K>(module: &[u8], keys: K) -> Result<KeyId, Failure>
where
    K: IntoIterator<Item = &'a Key> + Clone,
{
    let (section, signed) = split(module)?;
    let mut sets = Reader(section.strip_prefix(&HEADER).ok_or(Failure::Malformed)?);
    count(sets.clone())?;
    let digest = digest(signed);
    let mut failure = Failure::UnknownKey;
    for _ in 0..sets.number().ok_or(Failure::Malformed)? {
        let set = sets.slice().ok_or(Failure::Malformed)?;
        match verify_set(set, &digest, &keys) {
            Err(Failure::UnknownKey) => {}
            Err(other) => failure = other,
            signer => return signer,
        }
    }
    Err(failure)
}

/// Reads all of the section: nothing in it is without a meaning, and there are no signatures too many. A set counts as
/// one, or sets without any would have no end.
fn count(sets: Reader) -> Result<(), Failure> {
    let mut count = 0;
    each(sets, |set| {
        let (_, signatures) = hashes(set).ok_or(Failure::Malformed)?;
        let before = count;
        each(signatures, |signature| {
            parts(signature).ok_or(Failure::Malformed)?;
            count += 1;
            if count > MOST_SIGNATURES { Err(Failure::TooMany) } else { Ok(()) }
        })?;
        count = count.max(before + 1);
        if count > MOST_SIGNATURES { Err(Failure::TooMany) } else { Ok(()) }
    })
}

/// Looks at as many slices as the number before them says, behind the last of which is nothing.
fn each<'a>(
    mut slices: Reader<'a>,
    mut look: impl FnMut(&'a [u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for _ in 0..slices.number().ok_or(Failure::Malformed)? {
        look(slices.slice().ok_or(Failure::Malformed)?)?;
    }
    if slices.0.is_empty() { Ok(()) } else { Err(Failure::Malformed) }
}

/// The hashes of a set, and its signatures.
fn hashes(set: &[u8]) -> Option<(&[u8], Reader<'_>)> {
    let mut set = Reader(set);
    let count = set.number().filter(|count| *count <= MOST_HASHES)?;
    let hashes = set.take(count * size_of::<Digest>())?;
    Some((hashes, set))
}

/// Of one signature: the name of its key, its algorithm, and itself.
fn parts(one: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let mut one = Reader(one);
    let parts = (one.slice()?, one.byte()?, one.slice()?);
    one.0.is_empty().then_some(parts)
}

/// A module's signature section, and all that follows it.
fn split(module: &[u8]) -> Result<(&[u8], &[u8]), Failure> {
    let mut rest = Reader(module.strip_prefix(&MODULE).ok_or(Failure::Unsigned)?);
    if rest.byte() != Some(0) {
        return Err(Failure::Unsigned);
    }
    let mut section = Reader(rest.slice().ok_or(Failure::Malformed)?);
    match section.slice() {
        Some(name) if name == SECTION => Ok((section.0, rest.0)),
        _ => Err(Failure::Unsigned),
    }
}

/// Whether one of the signatures over a set of hashes is by one of the keys, and the module's the last among them: those
/// before it, of a module that was signed in parts, are of its beginnings, which nobody has signed as a whole.
fn verify_set<'a, K>(set: &[u8], digest: &Digest, keys: &K) -> Result<KeyId, Failure>
where
    K: IntoIterator<Item = &'a Key> + Clone,
{
    let (hashes, mut signatures) = hashes(set).ok_or(Failure::Malformed)?;
    if hashes.chunks_exact(digest.len()).last() != Some(digest) {
        return Err(Failure::Wrong);
    }
    let start = DOMAIN.len() + HEADER.len();
    let mut message = [0; DOMAIN.len() + HEADER.len() + MOST_HASHES * size_of::<Digest>()];
    message[..DOMAIN.len()].copy_from_slice(DOMAIN);
    message[DOMAIN.len()..start].copy_from_slice(&HEADER);
    message[start..start + hashes.len()].copy_from_slice(hashes);
    let message = &message[..start + hashes.len()];

    let mut failure = Failure::UnknownKey;
    for _ in 0..signatures.number().ok_or(Failure::Malformed)? {
        let one = signatures.slice().and_then(parts);
        let (name, algorithm, signature) = one.ok_or(Failure::Malformed)?;
        if algorithm != ED25519 {
            continue;
        }
        for key in keys.clone() {
            let id = key_id(key);
            // Other tools may name keys otherwise, or not at all.
            if name.len() == id.len() && name != id {
                continue;
            }
            failure = Failure::Wrong;
            if is_signed_by(key, message, signature) {
                return Ok(id);
            }
        }
    }
    Err(failure)
}

/// Whether a signature is by the owner of a key, over a message.
fn is_signed_by(key: &Key, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature)
        .is_ok_and(|signature| PublicKey::new(*key).verify(message, &signature).is_ok())
}

#[cfg(test)]
mod tests;
