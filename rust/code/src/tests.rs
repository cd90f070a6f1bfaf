use super::*;
use alloc::vec::Vec;
use proptest::prelude::*;

const MODULE: [u8; 8] = *b"\0asm\x01\0\0\0";

fn header(file: &[u8], target: Target) -> Header {
    Header {
        target,
        speed: true,
        unaligned: false,
        places: true,
        frame: 96,
        largest_table: 1024,
        digest: digest(file),
    }
}

/// A module with a custom section of some size.
fn module(size: usize) -> Vec<u8> {
    let mut module = MODULE.to_vec();
    module.extend([0, size as u8 + 2, 1, b'x']);
    module.resize(module.len() + size, 7);
    module
}

/// Some code: its version, the size of its instance, and nothing.
fn code() -> [u8; 64] {
    let mut code = [0; 64];
    (code[0], code[4]) = (1, 88);
    code
}

#[test]
fn code_is_read_as_it_was_written() {
    let mut file = module(3);
    let (first, second) = (header(&file, Target::Thumbv7m), header(&file, Target::Riscv32imc));
    append(&mut file, 0, &first, &code(), "gcc 12");
    append(&mut file, 0, &second, &code(), "");
    let codes: Vec<_> = codes(&file).map(Result::unwrap).collect();
    assert_eq!([codes[0].header, codes[1].header], [first, second]);
    assert_eq!((codes[0].compiler, codes[0].bytes), ("gcc 12", &code()[..]));
    assert_eq!((codes[0].info().abi, codes[0].info().instance_size), (1, 88));
    assert_eq!(digest(&file), first.digest);
    let left = without(&file, |code| code.header.target == Target::Thumbv7m);
    assert_eq!(super::codes(&left).map(|code| code.unwrap().header).collect::<Vec<_>>(), [second]);
}

#[test]
fn another_app_has_another_digest() {
    assert_ne!(digest(&module(3)), digest(&module(4)));
    let mut signed = MODULE.to_vec();
    signed.extend([0, 11]);
    signed.extend(b"\x09signature\x05");
    signed.extend(&module(3)[8..]);
    assert_eq!(digest(&signed), digest(&module(3)));
}

#[test]
fn what_is_of_another_version_is_told() {
    let mut file = module(3);
    let start = file.len();
    let header = header(&file, Target::Thumbv6m);
    append(&mut file, 0, &header, &code(), "");
    let at = start + 1 + 2 + 1 + SECTION.len() + 1;
    let at = at.next_multiple_of(ALIGNMENT);
    let read = |file: &[u8]| codes(file).next().unwrap().map(|_| ());
    assert_eq!(read(&file), Ok(()));
    for (offset, becomes, error) in [
        (0, 2, Malformed::Format(2)),
        (2, 99, Malformed::Target(99)),
        (4, 0x80, Malformed::Content),
        (8, 255, Malformed::Content),
        (20, 1, Malformed::Content),
    ] {
        let mut other = file.clone();
        other[at + offset] = becomes;
        assert_eq!(read(&other), Err(error), "{offset}");
    }
}

proptest! {
    /// Whatever is before it, now or later, code is where a board can run it.
    #[test]
    fn code_is_aligned(size in 0..120_usize, length in 40..400_usize, shift in 0..300_usize, again in 0..300_usize) {
        let mut file = module(size);
        let header = header(&file, Target::Thumbv7m);
        let code: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
        append(&mut file, shift, &header, &code, "gcc");
        append(&mut file, shift, &header, &code[..40], "gcc");
        for (shift, file) in [(shift, file.clone()), (again, aligned(&file, again))] {
            let codes: Vec<_> = codes(&file).map(Result::unwrap).collect();
            prop_assert_eq!(codes.len(), 2);
            prop_assert!(codes.iter().all(|code| (shift + code.offset).is_multiple_of(ALIGNMENT)));
            prop_assert_eq!((codes[0].header, codes[0].bytes), (header, &code[..]));
        }
    }

    /// No file makes the reader do anything but say so.
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..200_usize, byte: u8) {
        codes(&bytes).for_each(drop);
        let mut file = module(3);
        let header = header(&file, Target::Thumbv7m);
        append(&mut file, 0, &header, &code(), "gcc");
        let at = at % file.len();
        file[at] = byte;
        codes(&file).for_each(drop);
        file.truncate(at);
        codes(&file).for_each(drop);
        drop(aligned(&file, 3));
    }
}
