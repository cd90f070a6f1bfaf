//! Reads the numbers and lengths of a section.

/// What is left of some bytes.
#[derive(Clone)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// So many bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    /// An unsigned LEB128 number of 32 bits.
    pub fn number(&mut self) -> Option<usize> {
        let mut value = 0u32;
        for index in 0..5 {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f).checked_shl(7 * index)?;
            if byte & 0x80 == 0 {
                return usize::try_from(value).ok();
            }
        }
        None
    }

    /// Bytes behind their length.
    pub fn slice(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length)
    }
}
