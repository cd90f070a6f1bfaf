//! A short text without an allocation and without the weight of `core::fmt`.

/// The longest message, in bytes.
pub const MESSAGE_MAX: usize = 160;

/// Says in words how an app ended or why it was refused. What does not fit is cut off.
#[derive(Default)]
pub struct Message {
    text: heapless::String<MESSAGE_MAX>,
}

impl Message {
    /// An empty message.
    pub const fn new() -> Self {
        Message { text: heapless::String::new() }
    }

    /// Appends a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        let room = MESSAGE_MAX - self.text.len();
        let mut end = text.len().min(room);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        // What is left fits, by the lines above.
        let _ = self.text.push_str(&text[..end]);
        self
    }

    /// Appends a number in decimal.
    pub fn number(&mut self, mut number: u64) -> &mut Self {
        let mut digits = [0u8; 20];
        let mut start = digits.len();
        loop {
            start -= 1;
            digits[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.text(core::str::from_utf8(&digits[start..]).unwrap_or_default())
    }

    /// Appends a number in hexadecimal.
    pub fn hex(&mut self, number: u32) -> &mut Self {
        let digits = (32 - number.leading_zeros()).div_ceil(4).max(1);
        for digit in (0..digits).rev() {
            let digit = (number >> (4 * digit)) as usize & 15;
            self.text(&"0123456789abcdef"[digit..=digit]);
        }
        self
    }

    /// Appends a signed number in decimal.
    pub fn signed(&mut self, number: i64) -> &mut Self {
        if number < 0 {
            self.text("-");
        }
        self.number(number.unsigned_abs())
    }

    /// The message so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal() {
        let mut message = Message::new();
        message.number(0).text(" ").number(u64::MAX).text(" ").signed(-7).text(" ").signed(i64::MIN);
        assert_eq!(message.as_str(), "0 18446744073709551615 -7 -9223372036854775808");
    }

    #[test]
    fn numbers_are_hexadecimal() {
        let mut message = Message::new();
        message.hex(0).text(" ").hex(0x10).text(" ").hex(0xfff).text(" ").hex(u32::MAX);
        assert_eq!(message.as_str(), "0 10 fff ffffffff");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let mut message = Message::new();
        for _ in 0..100 {
            message.text("ä€");
        }
        assert_eq!(message.as_str().len(), MESSAGE_MAX);
        message.text("more");
        assert_eq!(message.as_str().len(), MESSAGE_MAX);
    }
}
