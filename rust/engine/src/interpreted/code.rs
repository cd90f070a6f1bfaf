//! Goes through the code of a valid module, as far as it takes to find what the engine would compute wrongly.

use zephyr_wasm_manifest::section::length;

/// The bytes before a module's first section.
pub(crate) const HEADER: usize = 8;
pub(crate) const TYPE_SECTION: u8 = 1;
pub(crate) const FUNCTION_SECTION: u8 = 3;
pub(crate) const CODE_SECTION: u8 = 10;

/// A section of a module, with its head and without.
pub(crate) struct Section<'a> {
    pub id: u8,
    pub whole: &'a [u8],
    pub body: &'a [u8],
    /// Where its body ends in the file.
    end: usize,
}

/// A function with its locals.
pub(crate) struct Function<'a> {
    /// Its number, among those that the module does not import.
    pub number: usize,
    /// Where it begins in the file.
    pub at: usize,
    pub bytes: &'a [u8],
}

pub(crate) fn sections<'a>(file: &'a [u8], mut each: impl FnMut(Section<'a>) -> Option<()>) -> Option<()> {
    let mut rest = file.get(HEADER..)?;
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, body) = length(after_id)?;
        let (body, next) = body.split_at_checked(size)?;
        each(Section { id, whole: &rest[..rest.len() - next.len()], body, end: file.len() - next.len() })?;
        rest = next;
    }
    Some(())
}

impl<'a> Section<'a> {
    /// Goes through the functions of a section of code; there are none in others.
    pub fn functions(&self, mut each: impl FnMut(Function<'a>) -> Option<()>) -> Option<()> {
        if self.id != CODE_SECTION {
            return Some(());
        }
        let (count, mut rest) = length(self.body)?;
        for number in 0..count {
            let (size, body) = length(rest)?;
            let (bytes, next) = body.split_at_checked(size)?;
            each(Function { number, at: self.end - body.len(), bytes })?;
            rest = next;
        }
        Some(())
    }
}

/// Whether a byte is all of a value's type. A reference can be written in two (`0x63 0x70`, `(ref null func)`), which a
/// reader that goes by one would fall behind with; no compiler does so.
pub(crate) fn is_type(byte: u8) -> bool {
    matches!(byte, 0x7c..=0x7f | 0x6f | 0x70)
}

/// Reads instructions as far as their lengths need it.
pub(crate) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl Reader<'_> {
    pub fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip_bytes(&mut self, count: usize) -> Option<()> {
        self.at = self.at.checked_add(count).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    /// An unsigned number.
    pub fn number(&mut self) -> Option<usize> {
        let (number, rest) = length(self.bytes.get(self.at..)?)?;
        self.at = self.bytes.len() - rest.len();
        Some(number)
    }

    /// Passes a number of any size and sign, and says whether it is 0.
    fn is_zero(&mut self) -> Option<bool> {
        let mut zero = true;
        loop {
            let byte = self.byte()?;
            zero &= byte & 0x7f == 0;
            if byte & 0x80 == 0 {
                return Some(zero);
            }
        }
    }

    /// Passes the types of values.
    pub fn types(&mut self, count: usize) -> Option<()> {
        for _ in 0..count {
            is_type(self.byte()?).then_some(())?;
        }
        Some(())
    }

    /// The type by number of a block that is about to be read, and not one of no value or of a single one. Those are
    /// negative numbers of one byte.
    pub fn type_of_block(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        match rest.first()? {
            0x40..=0x7f => None,
            _ => length(rest).map(|(index, _)| index),
        }
    }

    /// The last target of a `br_table` that is about to be read, which is the one by default.
    pub fn last_target(&self) -> Option<usize> {
        let mut reader = Reader { bytes: self.bytes, at: self.at };
        for _ in 0..reader.number()? {
            reader.number()?;
        }
        reader.number()
    }

    /// Passes what belongs to an instruction; whether its last number is 0.
    pub fn operands(&mut self, operator: u8) -> Option<bool> {
        let numbers = match operator {
            0x02..=0x04 if matches!(self.bytes.get(self.at), Some(0x63 | 0x64)) => return None,
            // Structure, `drop`, `select`, all that computes, `ref.is_null`.
            0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => 0,
            // Blocks, branches, calls, variables, tables, the memory's size, constants, references.
            0x02..=0x04 | 0x0c | 0x0d | 0x10 | 0x20..=0x26 | 0x3f..=0x42 | 0xd0 | 0xd2 => 1,
            // Indirect calls, loads and stores.
            0x11 | 0x28..=0x3e => 2,
            0x0e => self.number()?.checked_add(1)?,
            0x1c => {
                let count = self.number()?;
                return self.types(count).map(|()| false);
            }
            0x43 => return self.skip_bytes(4).map(|()| false),
            0x44 => return self.skip_bytes(8).map(|()| false),
            0xfc => match self.number()? {
                0..=7 => 0,
                9 | 11 | 13 | 15..=17 => 1,
                8 | 10 | 12 | 14 => 2,
                _ => return None,
            },
            _ => return None,
        };
        let mut zero = false;
        for _ in 0..numbers {
            zero = self.is_zero()?;
        }
        Some(zero)
    }
}
