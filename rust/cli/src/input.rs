//! Files that are read whole, of which nobody has promised that they come to an end.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The longest file: no app, log or table is nearly as long.
const LONGEST: u64 = 256 << 20;

/// What a file has.
///
/// # Errors
/// If it cannot be read, or goes on.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(cannot)?;
    whole(file, LONGEST).with_context(cannot)
}

/// The same of a text.
///
/// # Errors
/// Likewise, and if it is none.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(bytes(path)?).with_context(|| format!("cannot read {}", path.display()))
}

fn whole(input: impl Read, longest: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        bail!("it has more than {longest} bytes");
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_is_not_read() {
        assert_eq!(whole(&b"abc"[..], 3).unwrap(), b"abc");
        let error = whole(std::io::repeat(0), 3).unwrap_err();
        assert_eq!(error.to_string(), "it has more than 3 bytes");
    }
}
