//! The board's file systems: directories of this machine, by `--mount` and `-d`. Links in them lead nowhere outside, and are
//! files where they are listed, removed or renamed.

use super::Owner;
use crate::pool::{Held, Pool, lock};
use crate::world::world;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, Metadata, OpenOptions, OpenOptionsExt};
use std::collections::VecDeque;
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use zephyr_wasm_api::wasi::{END, Errno, How, Stat};

static FILES: Pool<Open> = Pool::new();
static DIRS: Pool<Listed> = Pool::new();
/// One for each open file, taken before that is opened: whose it is, if it is no stream's.
static PLACES: Pool<Option<Owner>> = Pool::new();

/// Appends are one after the other, whoever makes them.
static APPENDS: Mutex<()> = Mutex::new(());

/// A file that an app has open.
struct Open {
    owner: Owner,
    file: Mutex<File>,
    _place: Held<Option<Owner>>,
}

/// A directory that an app lists: what it had when that began, the next first.
struct Listed {
    owner: Owner,
    left: Mutex<VecDeque<(String, Stat)>>,
}

/// What an error of the system is to WASI.
pub fn errno(error: &Error) -> Errno {
    match error.kind() {
        ErrorKind::NotFound => Errno::NOENT,
        ErrorKind::AlreadyExists => Errno::EXIST,
        ErrorKind::IsADirectory => Errno::ISDIR,
        ErrorKind::NotADirectory => Errno::NOTDIR,
        ErrorKind::DirectoryNotEmpty => Errno::NOTEMPTY,
        ErrorKind::InvalidInput => Errno::INVAL,
        ErrorKind::PermissionDenied => Errno::PERM,
        ErrorKind::FileTooLarge => Errno::FBIG,
        ErrorKind::StorageFull => Errno::NOSPC,
        ErrorKind::ReadOnlyFilesystem => Errno::ROFS,
        ErrorKind::CrossesDevices => Errno::XDEV,
        ErrorKind::WouldBlock => Errno::AGAIN,
        ErrorKind::BrokenPipe => Errno::PIPE,
        ErrorKind::InvalidFilename => Errno::NAMETOOLONG,
        _ => Errno::IO,
    }
}

type Outcome<T> = Result<T, Errno>;

/// The directory of this machine that is behind a path of the board's, and the rest of the path.
fn locate(path: &str) -> Outcome<(Dir, PathBuf)> {
    if world().configured.wasi_files == 0 {
        return Err(Errno::NOSYS);
    }
    for (board, host) in &world().mounts {
        let Some(rest) = path.strip_prefix(board.trim_end_matches('/')) else { continue };
        if rest.is_empty() || rest.starts_with('/') {
            let dir = Dir::open_ambient_dir(host, ambient_authority()).map_err(|error| errno(&error))?;
            let rest = rest.trim_matches('/');
            return Ok((dir, if rest.is_empty() { ".".into() } else { rest.into() }));
        }
    }
    Err(Errno::NOENT)
}

fn at<T>(path: &str, act: impl FnOnce(&Dir, &Path) -> std::io::Result<T>) -> Outcome<T> {
    let (dir, rest) = locate(path)?;
    act(&dir, &rest).map_err(|error| errno(&error))
}

/// Opens a file for a program, which opens no more of them than a board lets it.
pub fn open(owner: Owner, path: &str, how: How) -> Outcome<u32> {
    let of_program = PLACES.all().iter().filter(|place| ***place == Some(owner)).count();
    if of_program >= world().configured.wasi_files_of_program {
        return Err(Errno::MFILE);
    }
    open_at(Some(owner), owner, path, how)
}

/// Opens a file for a stream of a program.
pub fn open_stream(owner: Owner, path: &str, how: How) -> Outcome<u32> {
    open_at(None, owner, path, how)
}

fn open_at(place: Option<Owner>, owner: Owner, path: &str, how: How) -> Outcome<u32> {
    let mut options = OpenOptions::new();
    options.read(how.read).write(how.write || how.create).create(how.create).truncate(how.truncate);
    options.create_new(how.exclusive);
    // Who opens a pipe would wait for the other end, and neither a kill nor Ctrl-C ends that.
    options.custom_flags(libc::O_NONBLOCK);
    let place = PLACES.hold(world().configured.wasi_files, place).map_err(|_| Errno::MFILE)?;
    let file = at(path, |dir, rest| dir.open_with(rest, &options))?;
    Ok(FILES.add(Open { owner, file: Mutex::new(file), _place: place }))
}

pub fn close(number: u32) {
    FILES.remove(number);
}

/// Closes what an app has left open.
pub fn close_all(owner: Owner) {
    FILES.remove_all(|open| open.owner == owner);
    DIRS.remove_all(|listed| listed.owner == owner);
}

fn with<T>(number: u32, act: impl FnOnce(&mut File) -> std::io::Result<T>) -> Outcome<T> {
    act(&mut lock(&FILES.get(number).file)).map_err(|error| errno(&error))
}

pub fn read(number: u32, from: u64, into: &mut [u8]) -> Outcome<usize> {
    with(number, |file| {
        file.seek(SeekFrom::Start(from))?;
        file.read(into)
    })
}

pub fn write(number: u32, at: u64, bytes: &[u8]) -> Outcome<usize> {
    with(number, |file| {
        if at == END {
            let _one = lock(&APPENDS);
            file.seek(SeekFrom::End(0))?;
            return file.write(bytes);
        }
        file.seek(SeekFrom::Start(at))?;
        file.write(bytes)
    })
}

pub fn size(number: u32) -> Outcome<u64> {
    with(number, |file| Ok(file.metadata()?.len()))
}

pub fn set_size(number: u32, size: u64) -> Outcome<()> {
    with(number, |file| file.set_len(size))
}

pub fn sync(number: u32) -> Outcome<()> {
    with(number, |file| file.sync_all())
}

fn stat_of(metadata: &Metadata) -> Stat {
    Stat { is_directory: metadata.is_dir(), size: if metadata.is_dir() { 0 } else { metadata.len() } }
}

pub fn stat(path: &str) -> Outcome<Stat> {
    at(path, |dir, rest| dir.metadata(rest)).map(|metadata| stat_of(&metadata))
}

/// The same of what is there itself, if it is a link.
pub fn stat_itself(path: &str) -> Outcome<Stat> {
    at(path, |dir, rest| dir.symlink_metadata(rest)).map(|metadata| stat_of(&metadata))
}

/// Begins to list what is in a directory, by name.
pub fn open_dir(owner: Owner, path: &str) -> Outcome<u32> {
    let left = Mutex::new(entries(path)?.into());
    DIRS.add_within(world().configured.wasi_dirs, Listed { owner, left }).map_err(|_| Errno::MFILE)
}

/// The next of what is in it.
pub fn next_entry(number: u32) -> Option<(String, Stat)> {
    lock(&DIRS.get(number).left).pop_front()
}

pub fn close_dir(number: u32) {
    DIRS.remove(number);
}

fn entries(path: &str) -> Outcome<Vec<(String, Stat)>> {
    let mut found = at(path, |dir, rest| {
        let mut found = Vec::new();
        for entry in dir.read_dir(rest)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.metadata() {
                // Somebody has removed it meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                metadata => found.push((name, stat_of(&metadata?))),
            }
        }
        Ok(found)
    })?;
    found.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(found)
}

pub fn make_directory(path: &str) -> Outcome<()> {
    at(path, |dir, rest| dir.create_dir(rest))
}

pub fn remove(path: &str) -> Outcome<()> {
    at(
        path,
        |dir, rest| {
            if dir.symlink_metadata(rest)?.is_dir() { dir.remove_dir(rest) } else { dir.remove_file(rest) }
        },
    )
}

/// Moves a file or directory. Nothing here has two spellings of its name.
pub fn rename(from: &str, to: &str) -> Outcome<bool> {
    let (from_dir, from) = locate(from)?;
    let (to_dir, to) = locate(to)?;
    from_dir.rename(from, &to_dir, to).map(|()| false).map_err(|error| errno(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_moves_to_another_file_system_is_told_so() {
        // Then `mv` copies.
        assert_eq!(errno(&Error::from_raw_os_error(libc::EXDEV)), Errno::XDEV);
    }
}
