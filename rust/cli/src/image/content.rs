//! What a store's partition has in it once apps are installed: as src/store writes it, so that a board finds nothing unusual.

use super::record::{Bytes, Commit, Entry, Floor, SIZE, UNIT};
use anyhow::{Context, Result, bail};
use zephyr_wasm_signature::{KeyId, digest};

/// How many commit records a half of the journal has at its end (`COMMITS` in src/store/journal.c).
const COMMITS: usize = 2;

/// What of a board's configuration says where everything is.
pub struct Layout {
    pub entries: usize,
    pub floors: usize,
    pub revoked_keys: usize,
    pub block: usize,
    /// The partition's size in bytes.
    pub size: usize,
    /// Whether the store keeps the oldest versions that may be installed (not with CONFIG_WASM_STORE_DOWNGRADE).
    pub has_floors: bool,
}

/// An app that a board takes.
pub struct App {
    pub name: String,
    pub version: [u16; 3],
    /// Who has signed it; none if nobody has.
    pub signer: Option<KeyId>,
    pub bytes: Vec<u8>,
}

/// A piece of the partition: where it begins, and what is there.
pub type Piece = (usize, Vec<u8>);

impl Layout {
    /// The size of a half of the journal (`JOURNAL_HALF`).
    fn half(&self) -> usize {
        (2 * (self.entries + self.floors + self.revoked_keys) * SIZE).next_multiple_of(self.block)
    }

    /// The partition with these apps: its journal, and the files in the order of the apps.
    ///
    /// # Errors
    /// What does not fit.
    pub fn with(&self, apps: &[App]) -> Result<Vec<Piece>> {
        if !self.size.is_multiple_of(self.block) {
            bail!(
                "wasm_partition has {} bytes, and has to consist of whole blocks of {} bytes (CONFIG_WASM_STORE_BLOCK_SIZE)",
                self.size,
                self.block
            );
        }
        if apps.len() > self.entries {
            bail!("{} apps are more than the {} of CONFIG_WASM_STORE_ENTRY_COUNT", apps.len(), self.entries);
        }
        let signed = apps.iter().filter(|app| app.signer.is_some()).count();
        if self.has_floors && signed > self.floors {
            bail!("{signed} signed apps are more than the {} of CONFIG_WASM_STORE_FLOOR_COUNT", self.floors);
        }
        let mut records = Vec::new();
        let mut files = Vec::new();
        let mut offset = 2 * self.half();
        for (app, sequence) in apps.iter().zip(1..) {
            let room = self.size.checked_sub(offset).filter(|room| app.bytes.len() <= *room);
            room.with_context(|| self.too_large(app, offset))?;
            records.extend(self.records(app, sequence, offset)?);
            let mut file = app.bytes.clone();
            // As upload.c fills the last unit.
            file.resize(file.len().next_multiple_of(UNIT), 0);
            files.push((offset, file));
            offset += app.bytes.len().next_multiple_of(self.block);
        }
        Ok([vec![(0, self.journal(&records)?)], files].concat())
    }

    fn too_large(&self, app: &App, offset: usize) -> String {
        format!(
            "{} has {} bytes, and wasm_partition has {} left of {} (in blocks of {}, {} are the journal's)",
            app.name,
            app.bytes.len(),
            self.size.saturating_sub(offset),
            self.size,
            self.block,
            2 * self.half()
        )
    }

    /// What an installation leaves of an app that has no version before: there is no trial, so it has passed.
    fn records(&self, app: &App, sequence: u32, offset: usize) -> Result<Vec<Bytes>> {
        let too_far = || format!("{} is beyond what 32 bits address", app.name);
        let entry = Entry {
            sequence,
            offset: offset.try_into().with_context(too_far)?,
            size: app.bytes.len().try_into().with_context(too_far)?,
            digest: digest(&app.bytes),
            key: app.signer.unwrap_or_default(),
        };
        let mut records = vec![entry.bytes(app.signer.is_some())];
        // Unsigned apps have no floor: it could keep out signed ones.
        if self.has_floors && app.signer.is_some() {
            let mut floor = Floor { name: [0; 32], version: app.version };
            // C has a zero behind the name.
            let room = floor.name.get_mut(..app.name.len()).filter(|room| room.len() < 32);
            room.with_context(|| format!("{} is too long a name", app.name))?
                .copy_from_slice(app.name.as_bytes());
            records.push(floor.bytes());
        }
        Ok(records)
    }

    /// Both halves of the journal. What is not used is 0, which is no record, and which the store erases before it writes
    /// there. So a tool that erases only what it writes leaves nothing of an older journal. And flash with error correction,
    /// where writing once also an erased value may be all that is possible, is not written twice.
    fn journal(&self, records: &[Bytes]) -> Result<Vec<u8>> {
        let half = self.half();
        let mut journal = vec![0; 2 * half];
        let place = half - COMMITS * SIZE;
        if records.len() * SIZE > place || 2 * half >= self.size {
            bail!("wasm_partition has {} bytes, which its journal alone needs ({})", self.size, 2 * half);
        }
        for (to, record) in journal.chunks_exact_mut(SIZE).zip(records) {
            to.copy_from_slice(record);
        }
        for place in (place..half).step_by(SIZE) {
            let number = |number: usize| u32::try_from(number).context("the journal is too large");
            let commit = Commit {
                generation: 1,
                place: number(place)?,
                half: number(half)?,
                block: number(self.block)?,
            };
            journal[place..place + SIZE].copy_from_slice(&commit.bytes());
        }
        Ok(journal)
    }
}

/// Pieces as one, from the beginning of the partition on.
pub fn joined(pieces: &[Piece]) -> Vec<u8> {
    let mut all = Vec::new();
    for (offset, bytes) in pieces {
        all.resize(*offset, 0xff);
        all.extend_from_slice(bytes);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        Layout { entries: 2, floors: 2, revoked_keys: 1, block: 1024, size: 8192, has_floors: true }
    }

    fn app(name: &str, size: usize) -> App {
        App { name: name.into(), version: [1, 2, 3], signer: Some([7; 8]), bytes: vec![1; size] }
    }

    #[test]
    fn files_begin_with_blocks_behind_the_journal() {
        let pieces = layout().with(&[app("one", 1025), app("two", 31)]).unwrap();
        let places: Vec<_> = pieces.iter().map(|(offset, bytes)| (*offset, bytes.len())).collect();
        assert_eq!(places, [(0, 2048), (2048, 1056), (4096, 32)]);
        // Machine code in a file is at a multiple of 8 in it, and has to be at one in memory.
        assert!(places.iter().all(|(offset, _)| offset.is_multiple_of(8)));
        let all = joined(&pieces);
        assert_eq!((all.len(), all[2048], all[2048 + 1025], all[4096 - 1]), (4128, 1, 0, 0xff));
    }

    #[test]
    fn the_commit_records_are_the_last_of_the_first_half() {
        let (_, journal) = &layout().with(&[app("one", 1)]).unwrap()[0];
        let types: Vec<u8> = journal.chunks(SIZE).map(|record| record[0]).collect();
        let count = types.len();
        assert_eq!(types[..2], *b"EF");
        assert_eq!(types[count / 2 - 2..count / 2], *b"CC");
        assert_eq!(types.iter().filter(|one| **one == 0).count(), count - 4);
        // The place of the first of them: each says its own.
        assert_eq!(journal[1024 - 128 + 8..][..4], 896u32.to_le_bytes());
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let refused = |layout: Layout, apps: &[App]| layout.with(apps).unwrap_err().to_string();
        let three = [app("one", 1), app("two", 1), app("three", 1)];
        assert!(refused(layout(), &three).contains("CONFIG_WASM_STORE_ENTRY_COUNT"));
        let floors = Layout { floors: 1, ..layout() };
        assert!(refused(floors, &three[..2]).contains("CONFIG_WASM_STORE_FLOOR_COUNT"));
        let none = Layout { floors: 1, has_floors: false, ..layout() };
        assert!(none.with(&three[..2]).is_ok());
        assert!(
            refused(layout(), &[app("one", 6000), app("two", 1)])
                .starts_with("two has 1 bytes, and wasm_partition has 0 left of 8192")
        );
        assert!(layout().with(&[app("one", 6144)]).is_ok());
        assert!(refused(layout(), &[app("one", 6145)]).contains("one has 6145 bytes"));
        assert!(refused(Layout { size: 2048, ..layout() }, &[]).contains("which its journal alone needs"));
        assert!(refused(Layout { size: 8191, ..layout() }, &[]).contains("whole blocks"));
        assert!(refused(layout(), &[app(&"n".repeat(32), 1)]).contains("too long a name"));
    }
}
