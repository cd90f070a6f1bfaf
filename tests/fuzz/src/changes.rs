//! Bytes that are nearly what they should be.

/// Bytes with some changed: three numbers a change, of which the first two are where and how.
pub fn changed(bytes: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes.chunks_exact(3) {
        let [low, high, value] = [change[0], change[1], change[2]];
        let at = (usize::from(low) | usize::from(high >> 3) << 8) % (bytes.len() + 1);
        match high & 3 {
            // A cut of everything behind is rare: it ends what is left to change.
            0 if high & 4 == 0 => bytes.truncate(at),
            0 | 1 => bytes.insert(at, value),
            2 if at < bytes.len() => bytes[at] = value,
            3 if at < bytes.len() => {
                bytes.remove(at);
            }
            _ => {}
        }
    }
    bytes
}
