//! Finds custom sections of a module, of which one is the manifest.

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
    let mut rest = file.get(8..)?;
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, body) = length(after_id)?;
        let section = body.get(..size)?;
        if id == CUSTOM_SECTION {
            let (name_size, named) = length(section)?;
            if named.get(..name_size)? == wanted.as_bytes() {
                return named.get(name_size..);
            }
        }
        rest = &body[size..];
    }
    None
}

/// An unsigned LEB128 number of 32 bits, and what follows it.
pub fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
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
