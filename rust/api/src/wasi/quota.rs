//! How much an app may have in its directories.
//!
//! What is there is counted once, as the app first opens a file to change it, or makes something; files that others
//! change meanwhile are not.

use super::call::Call;
use super::errno::{Errno, Fault};
use super::program::Directory;
use super::{LONGEST_PATH, Stat, Wasi};
use crate::pause::pause;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// How many of its bytes an app has to have for each file and directory, but for a few. A directory has no bytes, and
/// takes two blocks of LittleFS, and a cluster of FAT as a file of one byte does: the card would be full of them.
const BYTES_OF_ENTRY: u64 = 1024;
const LEAST_ENTRIES: u64 = 16;

/// Counts what there is, before the first file is opened that may change it: what file systems tell of open files is
/// not what they have.
pub fn begin<P: Wasi>(call: &mut Call<'_, P>) -> Result<(), Fault> {
    let program = call.program();
    if program.quota.is_some() && program.used.is_none() {
        let (used, entries) = count(call)?;
        let program = call.program();
        (program.used, program.entries) = (Some(used), entries);
    }
    Ok(())
}

/// Takes so many bytes of the app's quota, before they are written.
pub fn take<P: Wasi>(call: &mut Call<'_, P>, bytes: u64) -> Result<(), Fault> {
    let Some(quota) = call.program().quota else { return Ok(()) };
    if bytes == 0 {
        return Ok(());
    }
    let after = call.program().used.unwrap_or(0).saturating_add(bytes);
    if after > quota {
        return Err(Errno::DQUOT.into());
    }
    call.program().used = Some(after);
    Ok(())
}

/// Gives back what was taken for bytes that were not written after all.
pub fn settle<P: Wasi>(call: &mut Call<'_, P>, taken: u64, written: u64) {
    give(call, taken.saturating_sub(written));
}

/// Gives bytes back that are not there any more.
pub fn give<P: Wasi>(call: &mut Call<'_, P>, bytes: u64) {
    if let Some(used) = &mut call.program().used {
        *used = used.saturating_sub(bytes);
    }
}

/// Whether the app may have one more file or directory.
pub fn check_entry<P: Wasi>(call: &mut Call<'_, P>) -> Result<(), Fault> {
    begin(call)?;
    let program = call.program();
    let most = program.quota.map_or(u64::MAX, |quota| (quota / BYTES_OF_ENTRY).max(LEAST_ENTRIES));
    if program.entries < most { Ok(()) } else { Err(Errno::DQUOT.into()) }
}

/// Counts one that was made.
pub fn add_entry<P: Wasi>(call: &mut Call<'_, P>) {
    call.program().entries += 1;
}

/// Counts one less.
pub fn remove_entry<P: Wasi>(call: &mut Call<'_, P>) {
    let program = call.program();
    program.entries = program.entries.saturating_sub(1);
}

/// Counts what is in the app's directories that it may write to, as deep as its paths go: its bytes, and its files and
/// directories. What was not counted would be free after its next start. Where something is deeper, which was moved
/// there, nobody knows how much that is, and the app may write nothing.
fn count<P: Wasi>(call: &mut Call<'_, P>) -> Result<(u64, u64), Fault> {
    let board = |directory: &Rc<Directory>| directory.board.trim_end_matches('/').into();
    let mut left: Vec<String> = call.program().counted.iter().map(board).collect();
    let (mut bytes, mut entries) = (0u64, 0u64);
    while let Some(path) = left.pop() {
        let platform = &call.app.platform;
        let dir = platform.open_dir(&path)?;
        let mut tell = |name: &str, stat: Stat| {
            entries += 1;
            if !stat.is_directory {
                bytes = bytes.saturating_add(stat.size);
            } else if path.len() + 1 + name.len() <= LONGEST_PATH {
                let mut inner = path.clone();
                inner.push('/');
                inner.push_str(name);
                left.push(inner);
            } else {
                bytes = u64::MAX;
            }
        };
        let listed = loop {
            match platform.next_entry(dir, &mut tell) {
                Ok(true) => pause(platform),
                Ok(false) => break Ok(()),
                Err(errno) => break Err(errno),
            }
        };
        platform.close_dir(dir);
        listed?;
    }
    Ok((bytes, entries))
}
