//! WASI's snapshot 0, which programs import as `wasi_unstable` that were made before 2020: the functions of preview 1, but for
//! the few that pass something otherwise.

use super::call::Call;
use super::errno::{Answer, Errno};
use super::{Wasi, files, io};

/// The size of what `poll_oneoff` is given for each thing to wait for, in which a clock has a number of its own before it.
pub const SUBSCRIPTION_SIZE: usize = 56;

/// From here, from the end, from the start: in preview 1, the start is the first.
pub fn fd_seek<P: Wasi, const FILES: bool>(
    call: &mut Call<'_, P>,
    fd: i32,
    by: i64,
    from: i32,
    out: i32,
) -> Answer {
    let from = match from {
        0 => io::FROM_HERE,
        1 => io::FROM_END,
        2 => io::FROM_START,
        _ => return Err(Errno::INVAL.into()),
    };
    io::fd_seek::<P, FILES>(call, fd, by, from, out)
}

pub fn fd_filestat_get<P: Wasi, const FILES: bool>(call: &mut Call<'_, P>, fd: i32, out: i32) -> Answer {
    let stat = io::filestat_of::<P, FILES>(call, fd)?;
    call.put(out, &filestat(&stat))
}

pub fn path_filestat_get<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    lookup: i32,
    path: i32,
    length: i32,
    out: i32,
) -> Answer {
    let stat = files::filestat_of(call, fd, lookup, path, length)?;
    call.put(out, &filestat(&stat))
}

/// A `filestat` of preview 1, as snapshot 0 has it: the number of links has 32 bits, right behind the type.
fn filestat(stat: &[u8; 64]) -> [u8; 56] {
    let mut old = [0; 56];
    old[..20].copy_from_slice(&stat[..20]);
    old[20..24].copy_from_slice(&stat[24..28]);
    old[24..].copy_from_slice(&stat[32..]);
    old
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filestat_has_its_links_in_32_bits() {
        let mut stat = [0; 64];
        for (at, number) in [(0, 1u64), (8, 2), (16, 3), (24, 4), (32, 5), (40, 6), (48, 7), (56, 8)] {
            stat[at..at + 8].copy_from_slice(&number.to_le_bytes());
        }
        let old = filestat(&stat);
        let number = |at: usize| u32::from_le_bytes([old[at], old[at + 1], old[at + 2], old[at + 3]]);
        // Of the device, the inode, the type, the links, the size, and three times.
        assert_eq!([0, 8, 16, 20, 24, 32, 40, 48].map(number), [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
