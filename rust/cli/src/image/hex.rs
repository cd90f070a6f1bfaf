//! Intel HEX, which tools that write flash read.

use std::fmt::Write as _;

/// How many bytes a line has.
const LINE: usize = 32;
const DATA: u8 = 0;
const END: u8 = 1;
const UPPER_ADDRESS: u8 = 4;

/// Pieces of memory, each at its address, as Intel HEX. None goes beyond an address of 32 bits.
pub fn write<'a>(pieces: impl IntoIterator<Item = (u32, &'a [u8])>) -> String {
    let mut text = String::new();
    let mut upper = None;
    for (address, bytes) in pieces {
        let mut at = address;
        let mut rest = bytes;
        while !rest.is_empty() {
            // A line stays within the 64 KiB that it can address.
            let room = 0x1_0000 - (at & 0xffff) as usize;
            let (now, later) = rest.split_at(rest.len().min(LINE).min(room));
            if upper != Some(at >> 16) {
                upper = Some(at >> 16);
                line(&mut text, 0, UPPER_ADDRESS, &((at >> 16) as u16).to_be_bytes());
            }
            line(&mut text, at as u16, DATA, now);
            at = at.wrapping_add(now.len() as u32);
            rest = later;
        }
    }
    line(&mut text, 0, END, &[]);
    text
}

fn line(text: &mut String, address: u16, kind: u8, data: &[u8]) {
    let [high, low] = address.to_be_bytes();
    let head = [data.len() as u8, high, low, kind];
    let sum = head.iter().chain(data).fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    text.push(':');
    for byte in head.iter().chain(data).chain(&[sum.wrapping_neg()]) {
        let _ = write!(text, "{byte:02X}");
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_within_its_64_kib() {
        let text = write([(0x0800_fffe, &[1, 2, 3][..])]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [":020000040800F2", ":02FFFE000102FE", ":020000040801F1", ":0100000003FC", ":00000001FF"]
        );
    }
}
