//! Signatures of apps, and requests to revoke a key: no bytes crash what reads them, and none that differ from what was
//! signed are taken for it.

use crate::changes::changed;
use ed25519_compact::{KeyPair, Seed};
use std::sync::LazyLock;
use zephyr_wasm_signature::{Key, REVOCATION_SIZE, digest, key_id, revocation, revoked, verify};

/// What a module begins with.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";
/// What follows the signature, with an end between two sections.
const BODY: &[u8] = b"\0\x06\x05other\0\x05\x04more\x01\x04\x01\x60\0\0";

struct Signed {
    keys: [Key; 2],
    /// Signed as a whole, and in parts.
    modules: [Vec<u8>; 2],
    request: Vec<u8>,
}

fn pair(number: u8) -> KeyPair {
    KeyPair::from_seed(Seed::new([number; 32]))
}

/// The custom section `signature` with these contents.
fn section(contents: &[u8]) -> Vec<u8> {
    let size = contents.len() + 10;
    let mut bytes = vec![
        0,
        size as u8 & 0x7f | 0x80,
        (size >> 7) as u8 & 0x7f | 0x80,
        (size >> 14) as u8 & 0x7f,
    ];
    bytes.push(9);
    bytes.extend_from_slice(b"signature");
    bytes.extend_from_slice(contents);
    bytes
}

/// A module that is signed with the hashes of its beginnings up to these places.
fn signed(pair: &KeyPair, ends: &[usize]) -> Vec<u8> {
    let hashes: Vec<u8> = ends.iter().flat_map(|end| digest(&BODY[..*end])).collect();
    let mut message = Vec::from(*b"wasmsig\x01\x01\x01");
    message.extend_from_slice(&hashes);
    let mut set = vec![ends.len() as u8];
    set.extend_from_slice(&hashes);
    set.extend_from_slice(&[1, 8 + 1 + 1 + 1 + 64, 8]);
    set.extend_from_slice(&key_id(&pair.pk));
    set.extend_from_slice(&[1, 64]);
    set.extend_from_slice(pair.sk.sign(message, None).as_ref());
    let mut contents = vec![
        1,
        1,
        1,
        1,
        set.len() as u8 & 0x7f | 0x80,
        (set.len() >> 7) as u8,
    ];
    contents.extend_from_slice(&set);
    [MODULE, &section(&contents), BODY].concat()
}

static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let (first, second) = (pair(1), pair(2));
    let mut request = Vec::from(*second.pk);
    request.extend_from_slice(&key_id(&first.pk));
    request.extend_from_slice(first.sk.sign(revocation(&second.pk), None).as_ref());
    let keys = [*first.pk, *second.pk];
    let modules = [
        signed(&first, &[BODY.len()]),
        signed(&second, &[8, 15, BODY.len()]),
    ];
    assert!(modules.iter().all(|module| verify(module, &keys).is_ok()));
    assert_eq!(revoked(&request, &keys), Ok(keys[1]));
    Signed {
        keys,
        modules,
        request,
    }
});

/// What is taken ends as what was signed does, and begins as a module.
fn judge(module: &[u8]) {
    if verify(module, &SIGNED.keys).is_ok() {
        assert!(module.starts_with(MODULE), "another beginning");
        assert!(module.ends_with(BODY), "another end");
    }
}

/// Takes bytes as a signature, or as changes of what was signed.
pub fn signature(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    match kind % 5 {
        0 => judge(rest),
        1 => judge(&[MODULE, &section(rest), BODY].concat()),
        2 | 3 => judge(&changed(&SIGNED.modules[usize::from(kind % 5 - 2)], rest)),
        _ => {
            let request = changed(&SIGNED.request, rest);
            let result = revoked(&request, &SIGNED.keys);
            assert!(
                result.is_err() || request == SIGNED.request,
                "{REVOCATION_SIZE} other bytes"
            );
        }
    }
}
