//! What the store of apps (`src/store/`) calls: who an app is, and who has signed it.

use crate::entry::{module, write};
use crate::sys;
use core::ffi::c_char;
use core::slice;
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_manifest::keys::{NAME, VERSION, is_name};
use zephyr_wasm_runtime::{Message, Refusal, check};
use zephyr_wasm_signature::{Failure, Key, MOST_SIGNATURES, digest, revoked, verify};

/// The size of a key.
#[doc(alias = "ZEPHYR_WASM_KEY_SIZE")]
const KEY_SIZE: usize = 32;
/// The size of what a key is known by.
#[doc(alias = "ZEPHYR_WASM_KEY_ID_SIZE")]
const KEY_ID_SIZE: usize = 8;
/// The size of a SHA-256.
#[doc(alias = "ZEPHYR_WASM_DIGEST_SIZE")]
const DIGEST_SIZE: usize = 32;
/// The size of a request to revoke a key.
#[doc(alias = "ZEPHYR_WASM_REVOCATION_SIZE")]
const REQUEST_SIZE: usize = 104;

// As the message says.
const _: () = assert!(MOST_SIGNATURES == 4);

/// The SHA-256 of some bytes.
///
/// # Safety
/// `data` has `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_digest(data: *const u8, size: usize, out: &mut [u8; DIGEST_SIZE]) {
    // SAFETY: as promised by the caller.
    *out = digest(unsafe { slice::from_raw_parts(data, size) });
}

/// Reads an app's name and version from the manifest of a file that may be anything; false if it is no module, or has
/// no name that fits.
///
/// # Safety
/// `wasm` has `size` bytes; `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_identify(
    wasm: *const u8,
    size: usize,
    out: &mut sys::Identity,
    message: *mut c_char,
) -> bool {
    // SAFETY: as promised by the caller.
    let module = unsafe { module(wasm, size) };
    let mut text = Message::new();
    let found = identify(module, out, &mut text);
    // SAFETY: as promised by the caller.
    unsafe { write(text.as_str(), message, sys::MESSAGE_SIZE) };
    found
}

fn identify(module: &[u8], out: &mut sys::Identity, message: &mut Message) -> bool {
    if check::outside(module, usize::MAX, message).is_err() {
        return false;
    }
    let manifest = Manifest::of(module);
    if let Some(why) = check::too_much_for_a_store(module, manifest) {
        message.text(why);
        return false;
    }
    let name = manifest.first(NAME.name).unwrap_or_default();
    if !is_name(name) {
        message.text("has no manifest with a name: `zephyr-wasm pack --manifest app.toml`");
        return false;
    }
    out.name.fill(0);
    out.name[..name.len()].copy_from_slice(name.as_bytes());
    out.version = [0; 3];
    let version = manifest.first(VERSION.name).unwrap_or_default();
    for (part, out) in version.split('.').zip(&mut out.version) {
        *out = part.parse().unwrap_or(0);
    }
    true
}

/// The key of that number that is trusted; none behind the last.
#[doc(alias = "zephyr_wasm_key_at")]
type KeyAt = extern "C" fn(index: usize) -> Option<&'static [u8; KEY_SIZE]>;

fn keys(at: KeyAt) -> impl Iterator<Item = &'static Key> + Clone {
    (0..).map_while(move |index| at(index))
}

/// Checks an app's signature: 0 and the signer if it is by one of the keys, else a [`Refusal`] and its message.
///
/// # Safety
/// `wasm` has `size` bytes; `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_verify(
    wasm: *const u8,
    size: usize,
    key_at: KeyAt,
    signer: &mut [u8; KEY_ID_SIZE],
    message: *mut c_char,
) -> u8 {
    // SAFETY: as promised by the caller.
    let module = unsafe { slice::from_raw_parts(wasm, size) };
    let failure = match verify(module, keys(key_at)) {
        Ok(id) => {
            *signer = id;
            return 0;
        }
        Err(failure) => failure,
    };
    let (refusal, text) = match failure {
        Failure::Unsigned => (
            Refusal::Unsigned,
            "is not signed, and this image takes signed apps only: `zephyr-wasm sign` (CONFIG_WASM_STORE_UNSIGNED_ALLOWED)",
        ),
        Failure::UnknownKey => (
            Refusal::UnknownKey,
            "is signed by a key that this image does not have, or that is revoked (CONFIG_WASM_STORE_KEYS)",
        ),
        Failure::TooMany => (Refusal::BadSignature, "has more than 4 signatures"),
        Failure::Malformed => (Refusal::BadSignature, "has a signature that cannot be read"),
        Failure::Wrong => {
            (Refusal::BadSignature, "is not what was signed, or a part of it: its signature does not fit")
        }
    };
    // SAFETY: as promised by the caller.
    unsafe { write(text, message, sys::MESSAGE_SIZE) };
    refusal as u8
}

/// Reads a request to revoke a key: 0 and the key if another that is trusted has signed it, else a [`Refusal`] and its
/// message.
///
/// # Safety
/// `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_revoked(
    request: &[u8; REQUEST_SIZE],
    key_at: KeyAt,
    key: &mut [u8; KEY_SIZE],
    message: *mut c_char,
) -> u8 {
    let (refusal, text) = match revoked(request, keys(key_at)) {
        Ok(revoked) => {
            *key = revoked;
            return 0;
        }
        Err(Failure::UnknownKey) => (
            Refusal::UnknownKey,
            "is not signed by another key that this image trusts (CONFIG_WASM_STORE_KEYS)",
        ),
        Err(_) => (Refusal::BadSignature, "is not what was signed: its signature does not fit"),
    };
    // SAFETY: as promised by the caller.
    unsafe { write(text, message, sys::MESSAGE_SIZE) };
    refusal as u8
}
