//! Requests to trust a key no longer, which another key has signed: what makes them, and what reads them.

use crate::{Failure, Key, KeyId, is_signed_by, key_id};

const DOMAIN: [u8; 20] = *b"zephyr-wasm:revoke:1";

/// The size of a request in bytes: the key that is revoked, the name of the one that has signed, and the signature.
pub const REVOCATION_SIZE: usize = size_of::<Key>() + size_of::<KeyId>() + 64;

/// What is signed to revoke a key.
pub fn revocation(key: &Key) -> [u8; DOMAIN.len() + size_of::<Key>()] {
    let mut message = [0; DOMAIN.len() + size_of::<Key>()];
    message[..DOMAIN.len()].copy_from_slice(&DOMAIN);
    message[DOMAIN.len()..].copy_from_slice(key);
    message
}

/// The key that a request revokes, if another of these keys has signed it.
///
/// # Errors
/// Why not.
pub fn revoked<'a>(request: &[u8], keys: impl IntoIterator<Item = &'a Key>) -> Result<Key, Failure> {
    let request: &[u8; REVOCATION_SIZE] = request.try_into().map_err(|_| Failure::Malformed)?;
    let (key, rest) = request.split_first_chunk::<{ size_of::<Key>() }>().ok_or(Failure::Malformed)?;
    let (signer, signature) = rest.split_first_chunk::<{ size_of::<KeyId>() }>().ok_or(Failure::Malformed)?;
    // A key that has come into wrong hands cannot do without the others, and the last cannot be revoked.
    let by = keys.into_iter().find(|by| key_id(by) == *signer && *by != key).ok_or(Failure::UnknownKey)?;
    if is_signed_by(by, &revocation(key), signature) { Ok(*key) } else { Err(Failure::Wrong) }
}
