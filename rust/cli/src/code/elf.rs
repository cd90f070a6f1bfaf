//! What is read of the files that a compiler and a linker write: ELF of 32 bits, little-endian.

use anyhow::{Context, Result};

/// A file.
#[derive(Clone, Copy)]
pub struct Elf<'a>(&'a [u8]);

/// A section's number in a symbol that nobody has.
const UNDEFINED: usize = 0;
/// What is a symbol of a section or of a source file.
const SECTION: u8 = 3;
const FILE: u8 = 4;
const WEAK: u8 = 2;
const ABSOLUTE: usize = 0xfff1;

/// A name in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol<'a> {
    pub name: &'a str,
    /// Where it is; none, if that is known nowhere or is no place.
    pub address: Option<u32>,
    /// Whether the file refers to it and does not have it.
    pub is_undefined: bool,
    /// Whether it may be missing, or may be had twice.
    pub is_weak: bool,
}

/// A section's type, its link to another, and what it has.
struct Section<'a> {
    name: usize,
    kind: usize,
    link: usize,
    content: &'a [u8],
}

impl<'a> Elf<'a> {
    /// A file that was read.
    ///
    /// # Errors
    /// If it is another one.
    pub fn of(bytes: &'a [u8]) -> Result<Self> {
        let is_known = bytes.starts_with(b"\x7fELF\x01\x01");
        is_known.then_some(Elf(bytes)).context("the compiler has written no ELF file for 32 bits")
    }

    /// What a section has.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn section(self, name: &str) -> Result<&'a [u8]> {
        let found = (|| {
            // Beyond 65,279 sections, the number that does not fit is in the first one.
            let names = match self.short(50)? {
                0xffff => self.header(0)?.link,
                number => number,
            };
            let names = self.header(names)?.content;
            let mut all = (0..self.count()?).filter_map(|index| self.header(index));
            all.find(|section| text(names, section.name) == Some(name)).map(|section| section.content)
        })();
        found.with_context(|| format!("the linker has written no section `{name}`"))
    }

    /// The symbols, but for those of sections, of files, and of the processor's modes.
    ///
    /// # Errors
    /// If there are none.
    pub fn symbols(self) -> Result<Vec<Symbol<'a>>> {
        const TABLE: usize = 2;
        const SIZE: usize = 16;
        let found = (|| {
            let table =
                (0..self.count()?).filter_map(|index| self.header(index)).find(|one| one.kind == TABLE)?;
            let names = self.header(table.link)?.content;
            let all = table.content.chunks_exact(SIZE).skip(1).map(|symbol| {
                let (info, place) = (symbol[12], usize::from(symbol[14]) | usize::from(symbol[15]) << 8);
                let name = text(names, word(symbol, 0)?)?;
                let is_undefined = place == UNDEFINED;
                let address = (!is_undefined && place != ABSOLUTE).then_some(word(symbol, 4)? as u32);
                let symbol = Symbol { name, address, is_undefined, is_weak: info >> 4 == WEAK };
                let is_named = !matches!(info & 15, SECTION | FILE) && !name.starts_with('$');
                Some(is_named.then_some(symbol))
            });
            all.collect::<Option<Vec<_>>>()
        })();
        Ok(found.context("the compiler has written no symbols")?.into_iter().flatten().collect())
    }

    fn count(self) -> Option<usize> {
        match self.short(48)? {
            0 => word(self.0, self.word(32)? + 20),
            count => Some(count),
        }
    }

    fn header(self, index: usize) -> Option<Section<'a>> {
        const SIZE: usize = 40;
        let at = self.word(32)?.checked_add(index.checked_mul(SIZE)?)?;
        let header = self.0.get(at..)?;
        let (kind, offset, size) = (word(header, 4)?, word(header, 16)?, word(header, 20)?);
        // What is only zeros has no bytes in the file; nor has the first section, whose size is a number.
        let has_bytes = !matches!(kind, 0 | 8);
        let content = if has_bytes { self.0.get(offset..offset.checked_add(size)?)? } else { &[] };
        Some(Section { name: word(header, 0)?, kind, link: word(header, 24)?, content })
    }

    fn short(self, at: usize) -> Option<usize> {
        let bytes = self.0.get(at..)?.first_chunk()?;
        Some(u16::from_le_bytes(*bytes).into())
    }

    fn word(self, at: usize) -> Option<usize> {
        word(self.0, at)
    }
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

/// A text up to its zero.
fn text(strings: &[u8], at: usize) -> Option<&str> {
    let rest = strings.get(at..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(&rest[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a section, symbols and names, whose section headers are behind it.
    fn file() -> Vec<u8> {
        let mut file = b"\x7fELF\x01\x01\x01".to_vec();
        file.resize(52, 0);
        let mut sections = vec![[0u32; 10]];
        let mut add = |file: &mut Vec<u8>, name: u32, kind: u32, link: u32, content: &[u8]| {
            sections.push([name, kind, 0, 0, file.len() as u32, content.len() as u32, link, 0, 0, 0]);
            file.extend_from_slice(content);
        };
        let mut symbols = vec![0; 16];
        for (name, value, info, place) in [
            (1u32, 0x101u32, 0x12u8, 1u16),
            (6, 0, 0x10, 0),
            (12, 0, 0x20, 0),
            (17, 7, 0x10, 0xfff1),
            (1, 0, 3, 1),
        ] {
            symbols.extend(name.to_le_bytes());
            symbols.extend(value.to_le_bytes());
            symbols.extend([0, 0, 0, 0, info, 0]);
            symbols.extend(place.to_le_bytes());
        }
        add(&mut file, 1, 1, 0, b"code");
        add(&mut file, 7, 2, 3, &symbols);
        add(&mut file, 15, 3, 0, b"\0have\0wants\0weak\0base\0$t\0");
        add(&mut file, 23, 3, 0, b"\0.blob\0.symtab\0.strtab\0.shstrtab\0");
        let at = file.len() as u32;
        file[32..36].copy_from_slice(&at.to_le_bytes());
        file[48] = sections.len() as u8;
        file[50] = 4;
        file.extend(sections.iter().flatten().flat_map(|word| word.to_le_bytes()));
        file
    }

    #[test]
    fn sections_and_symbols_are_found() {
        let file = file();
        let elf = Elf::of(&file).unwrap();
        assert_eq!(elf.section(".blob").unwrap(), b"code");
        assert!(elf.section(".text").unwrap_err().to_string().contains("no section `.text`"));
        let symbol = |name, address, is_undefined, is_weak| Symbol { name, address, is_undefined, is_weak };
        assert_eq!(
            elf.symbols().unwrap(),
            [
                symbol("have", Some(0x101), false, false),
                symbol("wants", None, true, false),
                symbol("weak", None, true, true),
                symbol("base", None, false, false),
            ]
        );
    }

    /// One with more sections than 16 bits count: as of a large app, where each function has one.
    #[test]
    fn many_sections_are_counted() {
        let mut file = file();
        let at = u32::from_le_bytes(*file[32..].first_chunk().unwrap()) as usize;
        (file[at + 20], file[at + 24]) = (5, 4);
        (file[48], file[50], file[51]) = (0, 0xff, 0xff);
        let elf = Elf::of(&file).unwrap();
        assert_eq!(elf.section(".blob").unwrap(), b"code");
        assert_eq!(elf.symbols().unwrap().len(), 4);
    }

    #[test]
    fn what_is_cut_off_is_told() {
        let whole = file();
        for end in 0..whole.len() {
            if let Ok(elf) = Elf::of(&whole[..end]) {
                let _ = (elf.section(".blob"), elf.symbols());
            }
        }
        assert!(Elf::of(b"\x7fELF\x02\x01").is_err());
    }
}
