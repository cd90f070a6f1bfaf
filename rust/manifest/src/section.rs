//! Finds custom sections of a module, of which one is the manifest; and its numbers, which are lengths.

const CUSTOM_SECTION: u8 = 0;

/// How many sections a module has that has passed the runtime's `check::outside`: each look for one of them goes through
/// those before.
pub fn section_count(file: &[u8]) -> usize {
    let mut rest = file.get(8..).unwrap_or_default();
    let mut count = 0;
    while let Some((_, after_id)) = rest.split_first() {
        let section = length(after_id).and_then(|(length, body)| body.get(length..));
        (rest, count) = (section.unwrap_or_default(), count + 1);
    }
    count
}

/// The contents of a module's custom section of that name. The module has passed the runtime's `check::outside`.
pub fn custom_section<'a>(file: &'a [u8], wanted: &str) -> Option<&'a [u8]> {
    let [found] = custom_sections(file, &[wanted]);
    found
}

/// The contents of the first custom section of each of these names, by one look at the module.
pub fn custom_sections<'a, const COUNT: usize>(
    file: &'a [u8],
    wanted: &[&str; COUNT],
) -> [Option<&'a [u8]>; COUNT] {
    let mut found = [None; COUNT];
    // Where the module ends before a section does, those behind it are not there.
    let _ = find(file, wanted, &mut found);
    found
}

#[inline(never)]
fn find<'a>(file: &'a [u8], wanted: &[&str], found: &mut [Option<&'a [u8]>]) -> Option<()> {
    let mut rest = file.get(8..)?;
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, body) = length(after_id)?;
        let (section, behind) = body.split_at_checked(size)?;
        if id == CUSTOM_SECTION {
            let (name_size, named) = length(section)?;
            let (name, content) = named.split_at_checked(name_size)?;
            for (wanted, found) in wanted.iter().zip(found.iter_mut()) {
                if name == wanted.as_bytes() && found.is_none() {
                    *found = Some(content);
                }
            }
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        rest = behind;
    }
    Some(())
}

/// An unsigned LEB128 number of 32 bits, and what follows it.
pub fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    // Most are one byte.
    if let [byte @ 0..0x80, rest @ ..] = bytes {
        return Some((usize::from(*byte), rest));
    }
    let (mut value, mut rest) = (0, bytes);
    for shift in (0..32).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        rest = behind;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, rest));
        }
    }
    None
}

/// Writes an unsigned LEB128 number.
pub fn write_length(to: &mut impl Extend<u8>, mut number: usize) {
    while number > 0x7f {
        to.extend([number as u8 | 0x80]);
        number >>= 7;
    }
    to.extend([number as u8]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_length_is_read_as_it_was_written(number in any::<u32>(), shift in 0..32_u32, behind in any::<u8>()) {
            let number = (number >> shift) as usize;
            let mut bytes = Vec::new();
            write_length(&mut bytes, number);
            // As many bytes as it needs.
            prop_assert_eq!(bytes.len(), (usize::BITS - number.leading_zeros()).div_ceil(7).max(1) as usize);
            bytes.push(behind);
            prop_assert_eq!(length(&bytes), Some((number, &[behind][..])));
        }
    }
}
