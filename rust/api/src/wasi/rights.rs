//! WASI's rights, as far as something here depends on them.

/// The rights that there are.
pub const ALL_RIGHTS: u64 = (1 << 30) - 1;
/// Those that only files have: to sync their data, read, seek, tell, write, allocate, and set their size.
pub const RIGHTS_OF_FILES: u64 = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 22;

/// The right to read.
pub const RIGHT_READ: u64 = 1 << 1;
/// The right to write.
pub const RIGHT_WRITE: u64 = 1 << 6;
const RIGHT_POLL: u64 = 1 << 27;

/// The rights of a standard stream: it has no positions.
pub fn of_standard(number: u8) -> u64 {
    RIGHT_POLL | if number == 0 { RIGHT_READ } else { RIGHT_WRITE }
}
