//! WASI's kinds of files.

use super::Stat;

pub const UNKNOWN: u8 = 0;
pub const CHARACTER_DEVICE: u8 = 2;
pub const DIRECTORY: u8 = 3;
pub const REGULAR_FILE: u8 = 4;

/// The kind of what has these properties.
pub fn of_stat(stat: Stat) -> u8 {
    if stat.is_directory { DIRECTORY } else { REGULAR_FILE }
}
