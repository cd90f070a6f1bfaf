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
        // No entry function, and the end of a word.
        (8, Info::SIZE as u8, Malformed::Content),
        (8, 60, Malformed::Content),
        (20, 1, Malformed::Content),
        // Words at any address are nothing that Arm's code says.
        (4, UNALIGNED as u8, Malformed::Content),
    ] {
        let mut other = file.clone();
        other[at + offset] = becomes;
        assert_eq!(read(&other), Err(error), "{offset}");
    }
}

#[test]
fn what_a_compiler_is_called_is_short_and_text() {
    let read = |compiler: &str| {
        let mut file = module(3);
        let header = header(&file, Target::Thumbv7m);
        append(&mut file, 0, &header, &code(), compiler);
        codes(&file).next().unwrap().map(|_| ())
    };
    assert_eq!(read(&"x".repeat(LONGEST_NAME)), Ok(()));
    for bad in [&"x".repeat(LONGEST_NAME + 1), "gcc\n", "gcc\u{7f}", "\u{e4}", "\0"] {
        assert_eq!(read(bad), Err(Malformed::Content), "{bad:?}");
    }
}

/// What the files here are for.
const BOARD: Board = Board { target: Target::Thumbv7m, abi: 1, frame: 96, unaligned: false };

/// A file with code for these targets, with headers that are changed.
fn with_code(targets: &[Target], change: impl Fn(&mut Header)) -> Vec<u8> {
    let mut file = module(3);
    for target in targets {
        let mut header = header(&file, *target);
        change(&mut header);
        append(&mut file, 0, &header, &code(), "");
    }
    file
}

#[test]
fn a_board_runs_the_best_that_it_can() {
    use Target::{Riscv32imc, Thumbv6m, Thumbv7em, Thumbv7m};
    let chosen = |targets: &[Target], target| {
        let file = with_code(targets, |_| {});
        choose(&file, &Board { target, ..BOARD }).map(|code| code.header.target)
    };
    assert_eq!(chosen(&[Thumbv6m, Thumbv7m, Riscv32imc], Thumbv7m), Ok(Thumbv7m));
    assert_eq!(chosen(&[Thumbv6m, Thumbv7m, Riscv32imc], Thumbv7em), Ok(Thumbv7m));
    assert_eq!(chosen(&[Thumbv6m, Riscv32imc], Thumbv7em), Ok(Thumbv6m));
    assert_eq!(chosen(&[Thumbv7em, Riscv32imc], Thumbv7m), Err(Unfit::Target(Thumbv7m)));
    assert_eq!(chosen(&[], Thumbv7m), Err(Unfit::None));
    for target in Target::ALL {
        assert_eq!(target.runs()[0], *target);
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let unfit = |board: &Board, change: &dyn Fn(&mut Header)| {
        let file = with_code(&[Target::Thumbv7m], change);
        choose(&file, board).map(|_| ()).unwrap_err()
    };
    let nothing = |_: &mut Header| {};
    assert_eq!(unfit(&Board { abi: 2, ..BOARD }, &nothing), Unfit::Abi { code: 1, board: 2 });
    assert_eq!(unfit(&Board { frame: 95, ..BOARD }, &nothing), Unfit::Frame { code: 96, board: 95 });
    let file = with_code(&[Target::Riscv32imc], |header| header.unaligned = true);
    let riscv = Board { target: Target::Riscv32imc, ..BOARD };
    assert_eq!(choose(&file, &riscv).map(|_| ()), Err(Unfit::Unaligned));
    assert!(choose(&file, &Board { unaligned: true, ..riscv }).is_ok());
    assert_eq!(unfit(&BOARD, &|header| header.digest[31] ^= 1), Unfit::Digest(Target::Thumbv7m));
    let good = with_code(&[Target::Thumbv7m], nothing);
    for shift in 1..ALIGNMENT {
        let mut moved = MODULE.to_vec();
        // A custom section of so many bytes.
        moved.extend([0, shift as u8 + 6, 1, b'y']);
        moved.resize(moved.len() + shift + 4, 0);
        moved.extend(&good[8..]);
        assert_eq!(choose(&moved, &BOARD).map(|_| ()), Err(Unfit::Place), "{shift}");
    }
    // What is of a later format does not keep a board from what it can run.
    let mut file = good.clone();
    let other = header(&module(3), Target::Thumbv6m);
    append(&mut file, 0, &other, &code(), "");
    let at = file.len() - 64 - HEADER;
    file[at] = 2;
    assert!(choose(&file, &BOARD).is_ok());
    let thumbv6m = Board { target: Target::Thumbv6m, ..BOARD };
    assert_eq!(choose(&file, &thumbv6m).map(|_| ()), Err(Unfit::Malformed(Malformed::Format(2))));
}

proptest! {
    /// Whatever a file is, a board says something of it.
    #[test]
    fn any_file_is_looked_at(at in 0..400_usize, becomes in any::<u8>(), cut in 0..400_usize) {
        let mut file = with_code(&[Target::Thumbv7m, Target::Riscv32imc], |_| {});
        let place = at % file.len();
        file[place] = becomes;
        file.truncate(cut.max(8));
        match choose(&file, &BOARD) {
            Ok(code) => prop_assert!(code.is_aligned() && code.bytes.len() > Info::SIZE),
            Err(unfit) => {
                let said = alloc::format!("{unfit}");
                prop_assert!(!said.is_empty());
            }
        }
    }

    /// Whatever is before it, now or later, code is where a board can run it.
    #[test]
    fn code_is_aligned(size in 0..120_usize, words in 6..50_usize, shift in 0..300_usize, again in 0..300_usize) {
        let mut file = module(size);
        let header = header(&file, Target::Thumbv7m);
        let code: Vec<u8> = (0..words * ALIGNMENT).map(|byte| byte as u8).collect();
        append(&mut file, shift, &header, &code, "gcc");
        append(&mut file, shift, &header, &code[..48], "gcc");
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
