//! Writes sections of code, and moves them.

use crate::read::sections;
use crate::{ALIGNMENT, Code, FORMAT, HEADER, Header, PLACES, SECTION, SPEED, UNALIGNED, codes};
use alloc::vec::Vec;
use zephyr_wasm_manifest::section::write_length;

/// Where the sections of a module begin.
const MODULE: usize = 8;

/// Appends a section of code to a file in front of which `shift` bytes more will be, such as a signature.
pub fn append(file: &mut Vec<u8>, shift: usize, header: &Header, code: &[u8], compiler: &str) {
    // The number of a section's bytes takes more bytes itself behind some paddings.
    for padding in 0..2 * ALIGNMENT {
        let named = 1 + SECTION.len() + 1 + padding + HEADER;
        let content = named + code.len() + compiler.len();
        if !(shift + file.len() + 1 + size(content).len() + named).is_multiple_of(ALIGNMENT) {
            continue;
        }
        file.push(0);
        file.extend_from_slice(&size(content));
        file.push(SECTION.len() as u8);
        file.extend_from_slice(SECTION.as_bytes());
        file.push(padding as u8);
        file.resize(file.len() + padding, 0);
        write_header(file, header, code.len());
        file.extend_from_slice(code);
        file.extend_from_slice(compiler.as_bytes());
        return;
    }
    unreachable!(
        "of {} paddings in a row, {ALIGNMENT} have the same number of bytes before them",
        2 * ALIGNMENT
    );
}

fn write_header(file: &mut Vec<u8>, header: &Header, size: usize) {
    let flag = |is_set: bool, flag: u32| if is_set { flag } else { 0 };
    let flags = flag(header.speed, SPEED) | flag(header.unaligned, UNALIGNED) | flag(header.places, PLACES);
    file.extend_from_slice(&FORMAT.to_le_bytes());
    file.extend_from_slice(&(header.target as u16).to_le_bytes());
    for word in [flags, size as u32, header.frame, header.largest_table, 0] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file.extend_from_slice(&header.digest);
}

/// A size as modules have them.
fn size(size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_length(&mut bytes, size);
    bytes
}

/// A file without those of its sections of code that are to go.
#[must_use]
pub fn without(file: &[u8], mut goes: impl FnMut(&Code<'_>) -> bool) -> Vec<u8> {
    rewritten(file, 0, |code| !goes(code))
}

/// A file with its code where it has to be when `shift` bytes more are in front of its sections.
#[must_use]
pub fn aligned(file: &[u8], shift: usize) -> Vec<u8> {
    rewritten(file, shift, |_| true)
}

/// A file without its signatures.
#[must_use]
pub fn unsigned(file: &[u8]) -> Vec<u8> {
    let mut written = file[..MODULE.min(file.len())].to_vec();
    for section in sections(file).filter(|section| !section.is_signature()) {
        written.extend_from_slice(section.whole);
    }
    written
}

/// Code that cannot be read is left out: whoever wants to know of it reads it first.
fn rewritten(file: &[u8], shift: usize, mut stays: impl FnMut(&Code<'_>) -> bool) -> Vec<u8> {
    let mut written = file[..MODULE.min(file.len())].to_vec();
    let mut codes = codes(file);
    for section in sections(file) {
        if !section.is_code() {
            written.extend_from_slice(section.whole);
        } else if let Some(Ok(code)) = codes.next()
            && stays(&code)
        {
            append(&mut written, shift, &code.header, code.bytes, code.compiler);
        }
    }
    written
}
