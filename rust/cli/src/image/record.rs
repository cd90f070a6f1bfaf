//! The records of a board's store, which `src/store/journal.h` describes. `zephyr-wasm-declare` writes assertions that these
//! structures and numbers are the same there, so firmware whose records differ does not compile.

use std::mem::offset_of;

/// A record, whose bytes are one of the structures below.
#[doc(alias = "struct record")]
#[repr(C)]
struct Record {
    r#type: u8,
    state: u8,
    flags: u8,
    unused: u8,
    bytes: [u8; 56],
    crc: u32,
}

/// A version of an app.
#[doc(alias = "struct record_entry")]
#[repr(C)]
pub struct Entry {
    pub sequence: u32,
    pub offset: u32,
    pub size: u32,
    pub digest: [u8; 32],
    pub key: [u8; 8],
}

/// The oldest version of an app that may be installed.
#[doc(alias = "struct record_floor")]
#[repr(C)]
pub struct Floor {
    pub name: [u8; 32],
    pub version: [u16; 3],
}

/// That the half of the journal is valid which has it.
#[doc(alias = "struct record_commit")]
#[repr(C)]
pub struct Commit {
    pub generation: u32,
    pub place: u32,
    pub half: u32,
    pub block: u32,
}

#[doc(alias = "RECORD_COMMIT")]
const COMMIT: u8 = 0x43;
#[doc(alias = "RECORD_ENTRY")]
const ENTRY: u8 = 0x45;
#[doc(alias = "RECORD_FLOOR")]
const FLOOR: u8 = 0x46;
#[doc(alias = "RECORD_INSTALLED")]
const INSTALLED: u8 = 2;
#[doc(alias = "RECORD_IS_SIGNED")]
const IS_SIGNED: u8 = 1;
#[doc(alias = "RECORD_IS_CONFIRMED")]
const IS_CONFIRMED: u8 = 4;

/// What flash is written in (`FLASH_UNIT`).
#[doc(alias = "FLASH_UNIT")]
pub const UNIT: usize = 32;
/// The size of a record in bytes.
pub const SIZE: usize = size_of::<Record>();

/// A record as it is in flash.
pub type Bytes = [u8; SIZE];

/// Writes bytes at the place of a field.
fn put(to: &mut [u8], at: usize, bytes: &[u8]) {
    to[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The bytes of a record: as Rust and C have it in memory, on a processor that has the low byte first.
fn record(r#type: u8, state: u8, flags: u8, fields: &[(usize, &[u8])]) -> Bytes {
    let mut bytes = [0; SIZE];
    bytes[offset_of!(Record, r#type)] = r#type;
    bytes[offset_of!(Record, state)] = state;
    bytes[offset_of!(Record, flags)] = flags;
    for (at, field) in fields {
        put(&mut bytes, offset_of!(Record, bytes) + at, field);
    }
    let crc = crc(&bytes[..offset_of!(Record, crc)]);
    put(&mut bytes, offset_of!(Record, crc), &crc.to_le_bytes());
    bytes
}

impl Entry {
    /// Its record: installed, and past its trial.
    pub fn bytes(&self, is_signed: bool) -> Bytes {
        let flags = IS_CONFIRMED | if is_signed { IS_SIGNED } else { 0 };
        record(
            ENTRY,
            INSTALLED,
            flags,
            &[
                (offset_of!(Entry, sequence), &self.sequence.to_le_bytes()),
                (offset_of!(Entry, offset), &self.offset.to_le_bytes()),
                (offset_of!(Entry, size), &self.size.to_le_bytes()),
                (offset_of!(Entry, digest), &self.digest),
                (offset_of!(Entry, key), &self.key),
            ],
        )
    }
}

impl Floor {
    /// Its record.
    pub fn bytes(&self) -> Bytes {
        let version: Vec<u8> = self.version.iter().flat_map(|part| part.to_le_bytes()).collect();
        record(FLOOR, 0, 0, &[(offset_of!(Floor, name), &self.name), (offset_of!(Floor, version), &version)])
    }
}

impl Commit {
    /// Its record.
    pub fn bytes(&self) -> Bytes {
        record(
            COMMIT,
            0,
            0,
            &[
                (offset_of!(Commit, generation), &self.generation.to_le_bytes()),
                (offset_of!(Commit, place), &self.place.to_le_bytes()),
                (offset_of!(Commit, half), &self.half.to_le_bytes()),
                (offset_of!(Commit, block), &self.block.to_le_bytes()),
            ],
        )
    }
}

/// The checksum of IEEE 802.3, which Zephyr calls `crc32_ieee()`.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }
}
