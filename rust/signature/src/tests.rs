//! What this verifies against what `wasmsign2` signs.

extern crate std;

use super::*;
use proptest::prelude::*;
use std::vec::Vec;
use wasmsign2::{KeyPair, Module, SectionLike};

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
    for bit in 0..module.len() * 8 {
        let mut changed = module.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let is_same = split(&changed).is_ok_and(|parts| parts.1 == &module[end..]);
        assert!(verify(&changed, &[key]).is_err() || is_same, "bit {bit}");
    }
}

#[test]
fn a_part_of_what_was_signed_is_refused() {
    let pair = KeyPair::generate();
    let mut bytes = module();
    bytes.extend_from_slice(b"\0\x06\x05other");
    let parsed = Module::deserialize(&mut bytes.as_slice()).unwrap();
    // In two parts: what stands before the second, and all.
    let cut = parsed.split(|section| !section.display(false).contains("other")).unwrap();
    let (signed, _) = pair.sk.sign_multi(cut, None, false, false).unwrap();
    let mut whole = Vec::new();
    signed.serialize(&mut whole).unwrap();
    assert_eq!(verify(&whole, &[key(&pair)]), Ok(key_id(&key(&pair))));
    let mut parts = 0;
    for end in 0..whole.len() {
        assert!(verify(&whole[..end], &[key(&pair)]).is_err(), "{end}");
        // What other tools take as whole: the section is there, and what follows it is one of the parts.
        let part = pair.pk.verify_multi(&mut &whole[..end], None, |_| true);
        parts += usize::from(part.is_ok());
    }
    assert!(parts > 0, "there is no part that others take");
}

/// A module with a section of that many sets, each with that many signatures by nobody.
fn signed_often(sets: u32, signatures: u32) -> Vec<u8> {
    let number = |mut value: u32, to: &mut Vec<u8>| {
        while value > 0x7f {
            to.push(value as u8 | 0x80);
            value >>= 7;
        }
        to.push(value as u8);
    };
    let mut one = Vec::from([0, ED25519, 64]);
    one.resize(67, 0xaa);
    let mut set = Vec::from([1]);
    set.extend_from_slice(&digest(&module()[8..]));
    number(signatures, &mut set);
    for _ in 0..signatures {
        number(67, &mut set);
        set.extend_from_slice(&one);
    }
    let mut section = Vec::from(*b"\x09signature\x01\x01\x01");
    number(sets, &mut section);
    for _ in 0..sets {
        number(u32::try_from(set.len()).unwrap(), &mut section);
        section.extend_from_slice(&set);
    }
    let mut bytes = Vec::from(*b"\0asm\x01\0\0\0\0");
    number(u32::try_from(section.len()).unwrap(), &mut bytes);
    bytes.extend_from_slice(&section);
    bytes.extend_from_slice(&module()[8..]);
    bytes
}

#[test]
fn a_thousand_signatures_are_refused_before_one_is_looked_at() {
    for (sets, signatures) in [(1, 4), (4, 1), (2, 2)] {
        let few = signed_often(sets, signatures);
        assert_eq!(verify(&few, &[other_key()]), Err(Failure::Wrong), "{sets} of {signatures}");
    }
    for (sets, signatures) in [(1, 5), (5, 1), (3, 2), (1, 1000), (1000, 1), (1000, 0), (1000, 1000)] {
        let many = signed_often(sets, signatures);
        // No key is asked for: nothing is computed.
        let keys = (0..1).map(|_| -> &'static Key { panic!("a key is asked for") });
        assert_eq!(verify(&many, keys), Err(Failure::TooMany), "{sets} of {signatures}");
    }
}

#[test]
fn what_is_signed_in_a_section_with_more_in_it_is_refused() {
    let (module, key) = signed(true);
    let mut more = module.clone();
    let length = module[9];
    more[9] += 1;
    more.insert(10 + usize::from(length), 0);
    assert_eq!(verify(&more, &[key]), Err(Failure::Malformed));
}

/// A request to revoke a key, by the owner of another.
fn request(key: &Key, by: &KeyPair) -> Vec<u8> {
    let mut request = Vec::from(*key);
    request.extend_from_slice(&key_id(&by.pk.to_bytes()[1..].try_into().unwrap()));
    request.extend_from_slice(by.sk.sk.sign(revocation(key), None).as_ref());
    request
}

#[test]
fn a_key_is_revoked_by_another_and_by_no_one_else() {
    let (good, bad, nobody) = (KeyPair::generate(), KeyPair::generate(), KeyPair::generate());
    let keys = [key(&good), key(&bad)];
    assert_eq!(revoked(&request(&key(&bad), &good), &keys), Ok(key(&bad)));
    // Itself, one that is not trusted, one that is not any more.
    assert_eq!(revoked(&request(&key(&bad), &bad), &keys), Err(Failure::UnknownKey));
    assert_eq!(revoked(&request(&key(&bad), &nobody), &keys), Err(Failure::UnknownKey));
    assert_eq!(revoked(&request(&key(&good), &bad), &keys[..1]), Err(Failure::UnknownKey));
    let whole = request(&key(&bad), &good);
    for end in 0..whole.len() {
        assert_eq!(revoked(&whole[..end], &keys), Err(Failure::Malformed), "{end}");
    }
    for bit in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(revoked(&changed, &keys).is_err(), "bit {bit}");
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
