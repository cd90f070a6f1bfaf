//! Values where mistakes would be.

/// The bytes of a guest's memory.
pub const MEMORY: u32 = 4096;

/// What is left of the bytes that a guest is made of; zeroes behind their end.
pub struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Input { bytes }
    }

    pub fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                *first
            }
            None => 0,
        }
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }

    pub fn word(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// A pointer, length, handle or discriminant: small, at the edges of memory and of the sign, or anything.
    pub fn number(&mut self) -> i32 {
        let small = u32::from(self.byte());
        (match self.below(8) {
            0 | 1 => small % 5,
            2 => small * 8,
            3 => MEMORY - small % 20,
            4 => MEMORY + small % 3,
            5 => i32::MAX as u32 - small % 10,
            6 => 0u32.wrapping_sub(small % 10),
            _ => self.word(),
        }) as i32
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}
