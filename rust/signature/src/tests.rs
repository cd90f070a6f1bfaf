//! What this verifies against what `wasmsign2` signs.

extern crate std;

use super::*;
use proptest::prelude::*;
use std::vec::Vec;
use wasmsign2::{KeyPair, Module};

fn module() -> Vec<u8> {
    wat::parse_str("(module (memory 1) (func (export \"run\") (result i32) i32.const 0))").unwrap()
}

fn key(pair: &KeyPair) -> Key {
    pair.pk.to_bytes()[1..].try_into().unwrap()
}

/// A signed module, and its key.
fn signed(id: bool) -> (Vec<u8>, Key) {
    let pair = KeyPair::generate();
    let id = id.then(|| key_id(&key(&pair)).to_vec());
    let parsed = Module::deserialize(&mut module().as_slice()).unwrap();
    let mut bytes = Vec::new();
    pair.sk.sign(parsed, id.as_ref()).unwrap().serialize(&mut bytes).unwrap();
    (bytes, key(&pair))
}

fn other_key() -> Key {
    key(&KeyPair::generate())
}

#[test]
fn what_wasmsign2_signs_is_verified_with_and_without_a_name() {
    for named in [true, false] {
        let (module, key) = signed(named);
        assert_eq!(verify(&module, &[key]), Ok(key_id(&key)));
        assert_eq!(verify(&module, &[other_key(), key]), Ok(key_id(&key)));
    }
}

#[test]
fn other_keys_are_told_from_wrong_signatures() {
    let (module, key) = signed(true);
    assert_eq!(verify(&module, &[other_key()]), Err(Failure::UnknownKey));
    assert_eq!(verify(&module, &[]), Err(Failure::UnknownKey));
    let (unnamed, _) = signed(false);
    assert_eq!(verify(&unnamed, &[other_key()]), Err(Failure::Wrong));
    let mut changed = module.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(verify(&changed, &[key]), Err(Failure::Wrong));
    changed = module.clone();
    changed.extend_from_slice(b"\0\x05\x04more");
    assert_eq!(verify(&changed, &[key]), Err(Failure::Wrong));
}

#[test]
fn what_is_not_signed_is_told() {
    assert_eq!(verify(&module(), &[other_key()]), Err(Failure::Unsigned));
    assert_eq!(verify(b"\0asm", &[other_key()]), Err(Failure::Unsigned));
    assert_eq!(verify(b"", &[]), Err(Failure::Unsigned));
}

#[test]
fn no_shortened_and_no_flipped_module_is_verified() {
    let (module, key) = signed(true);
    for end in 0..module.len() {
        assert!(verify(&module[..end], &[key]).is_err(), "{end}");
    }
    // The section itself is not signed: a flip there may leave it good, as long as the signed part is what it was.
    let end = module.len() - split(&module).unwrap().1.len();
    for bit in 8 * 8..module.len() * 8 {
        let mut changed = module.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let is_same = split(&changed).is_ok_and(|parts| parts.1 == &module[end..]);
        assert!(verify(&changed, &[key]).is_err() || is_same, "bit {bit}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut module = Vec::from(*b"\0asm\x01\0\0\0\0");
        module.push(u8::try_from(bytes.len() + 10).unwrap() & 0x7f);
        module.extend_from_slice(b"\x09signature");
        module.extend_from_slice(&bytes);
        prop_assert!(verify(&module, &[other_key()]).is_err());
    }
}
