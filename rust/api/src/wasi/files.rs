//! Files by their paths.

use super::call::Call;
use super::errno::{Answer, Errno, Fault};
use super::io::filestat;
use super::path::{Place, resolve};
use super::program::{Descriptor, Directory, Kind, inode};
use super::rights::{RIGHT_READ, RIGHT_WRITE};
use super::{How, Wasi, filetype, listing, quota};
use alloc::rc::Rc;
use zephyr_wasm_runtime::text::is_hidden;

/// WASI's flag of look-ups.
const FOLLOW: i32 = 1 << 0;
/// WASI's flags of `path_open`.
const CREATE: i32 = 1 << 0;
const DIRECTORY: i32 = 1 << 1;
const EXCLUSIVE: i32 = 1 << 2;
const TRUNCATE: i32 = 1 << 3;

/// WASI's right to list what a directory has.
const RIGHT_READDIR: u64 = 1 << 14;
/// WASI's rights of a directory, in which files may be made, or emptied as they are opened.
const RIGHT_TO_CREATE: u64 = 1 << 10;
const RIGHT_TO_TRUNCATE: u64 = 1 << 19;
/// WASI's rights to change the sizes of files.
const RIGHTS_TO_SIZE: u64 = 1 << 8 | 1 << 22;

/// The directory of a descriptor, and where a path in it leads.
fn place<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    path: i32,
    length: i32,
) -> Result<(Rc<Directory>, Place), Fault> {
    let Kind::Directory(directory) = call.descriptor(fd)?.kind.clone() else {
        return Err(Errno::NOTDIR.into());
    };
    let path = call.path(path, length)?;
    let place = resolve(&call.app.platform, &directory.board, path)?;
    Ok((directory, place))
}

/// The same, to change something there.
fn place_to_change<P: Wasi>(call: &mut Call<'_, P>, fd: i32, path: i32, length: i32) -> Result<Place, Fault> {
    let (directory, place) = place(call, fd, path, length)?;
    if directory.read_only { Err(Errno::ROFS.into()) } else { Ok(place) }
}

/// Has nothing new be called what the terminal of whoever lists it would obey, nor what FAT ends a name at.
fn check_name(place: &Place) -> Result<(), Errno> {
    if place.path.contains(is_hidden) { Err(Errno::ILSEQ) } else { Ok(()) }
}

#[expect(clippy::too_many_arguments, reason = "they are WASI's")]
pub fn path_open<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    _lookup: i32,
    path: i32,
    length: i32,
    open: i32,
    rights: i64,
    inheriting: i64,
    flags: i32,
    out: i32,
) -> Answer {
    let (directory, place) = place(call, fd, path, length)?;
    let (given, given_on) = {
        let parent = call.descriptor(fd)?;
        for (flag, right) in [(CREATE, RIGHT_TO_CREATE), (TRUNCATE, RIGHT_TO_TRUNCATE)] {
            if open & flag != 0 && parent.rights & right == 0 {
                return Err(Errno::NOTCAPABLE.into());
            }
        }
        (parent.inheriting, parent.inheriting & inheriting as u64)
    };
    let rights = rights as u64 & given;
    let wants_write = rights & (RIGHT_WRITE | RIGHTS_TO_SIZE) != 0;
    let found = match call.app.platform.stat(&place.path) {
        Ok(stat) => Some(stat),
        Err(Errno::NOENT) => None,
        Err(errno) => return Err(errno.into()),
    };
    if found.is_some() && open & CREATE != 0 && open & EXCLUSIVE != 0 {
        return Err(Errno::EXIST.into());
    }
    call.program().room()?;
    let is_directory = found.is_some_and(|stat| stat.is_directory);
    if is_directory {
        if open & (CREATE | TRUNCATE) != 0 || rights & RIGHT_WRITE != 0 {
            return Err(Errno::ISDIR.into());
        }
        let mut opened = Descriptor::of_directory(Rc::new(Directory {
            board: place.path,
            guest: None,
            read_only: directory.read_only,
        }));
        (opened.rights, opened.inheriting) = (rights & opened.rights, given_on);
        let number = call.program().add(opened);
        return call.put_u32(out, number);
    }
    match found {
        Some(_) if open & DIRECTORY != 0 || place.directory => return Err(Errno::NOTDIR.into()),
        None if open & CREATE == 0 || open & DIRECTORY != 0 => return Err(Errno::NOENT.into()),
        None if place.directory => return Err(Errno::ISDIR.into()),
        None => check_name(&place)?,
        Some(_) => {}
    }
    if directory.read_only && (wants_write || open & (CREATE | TRUNCATE) != 0) {
        return Err(Errno::ROFS.into());
    }
    let how = How {
        read: rights & (RIGHT_READ | RIGHT_READDIR) != 0 || !wants_write,
        write: wants_write || open & TRUNCATE != 0,
        create: open & CREATE != 0,
        truncate: open & TRUNCATE != 0,
        exclusive: open & CREATE != 0 && open & EXCLUSIVE != 0,
    };
    if how.write {
        quota::begin(call)?;
    }
    if found.is_none() {
        quota::check_entry(call)?;
    }
    let file = call.app.platform.open(&place.path, how)?;
    if found.is_none() {
        quota::add_entry(call);
    }
    if how.truncate {
        quota::give(call, found.map_or(0, |stat| stat.size));
    }
    let number = call.program().add(Descriptor {
        kind: Kind::File(file),
        flags: flags as u16 & 0x1f,
        rights,
        inheriting: given_on,
        position: 0,
        inode: inode(&[&place.path]),
    });
    call.put_u32(out, number)
}

pub fn path_filestat_get<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    lookup: i32,
    path: i32,
    length: i32,
    out: i32,
) -> Answer {
    let stat = filestat_of(call, fd, lookup, path, length)?;
    call.put(out, &stat)
}

/// WASI's `filestat` of what is at a path.
#[inline(always)]
pub fn filestat_of<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    lookup: i32,
    path: i32,
    length: i32,
) -> Result<[u8; 64], Fault> {
    let (_, place) = place(call, fd, path, length)?;
    let follows = lookup & FOLLOW != 0 || place.directory;
    let platform = &call.app.platform;
    let stat = if follows { platform.stat(&place.path) } else { platform.stat_itself(&place.path) }?;
    if place.directory && !stat.is_directory {
        return Err(Errno::NOTDIR.into());
    }
    Ok(filestat(filetype::of_stat(stat), stat.size, inode(&[&place.path])))
}

pub fn path_create_directory<P: Wasi>(call: &mut Call<'_, P>, fd: i32, path: i32, length: i32) -> Answer {
    let place = place_to_change(call, fd, path, length)?;
    check_name(&place)?;
    quota::check_entry(call)?;
    call.app.platform.make_directory(&place.path)?;
    quota::add_entry(call);
    Ok(())
}

pub fn path_remove_directory<P: Wasi>(call: &mut Call<'_, P>, fd: i32, path: i32, length: i32) -> Answer {
    let place = place_to_change(call, fd, path, length)?;
    if !call.app.platform.stat_itself(&place.path)?.is_directory {
        return Err(Errno::NOTDIR.into());
    }
    if !place.named {
        return Err(Errno::INVAL.into());
    }
    // The app may have listed what it removes, and is done with that.
    listing::forget(call, |listing| listing.directory.board == place.path);
    let mut is_empty = true;
    let dir = listing::open(call, &place.path)?;
    let looked = call.app.platform.next_entry(dir, &mut |_, _| is_empty = false);
    call.app.platform.close_dir(dir);
    looked?;
    if !is_empty {
        return Err(Errno::NOTEMPTY.into());
    }
    call.app.platform.remove(&place.path)?;
    quota::remove_entry(call);
    Ok(())
}

pub fn path_unlink_file<P: Wasi>(call: &mut Call<'_, P>, fd: i32, path: i32, length: i32) -> Answer {
    let place = place_to_change(call, fd, path, length)?;
    let stat = call.app.platform.stat_itself(&place.path)?;
    if stat.is_directory {
        return Err(Errno::ISDIR.into());
    }
    if place.directory {
        return Err(Errno::NOTDIR.into());
    }
    call.app.platform.remove(&place.path)?;
    quota::give(call, stat.size);
    quota::remove_entry(call);
    Ok(())
}

pub fn path_rename<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    from: i32,
    from_length: i32,
    to_fd: i32,
    to: i32,
    to_length: i32,
) -> Answer {
    let from = place_to_change(call, fd, from, from_length)?;
    let to = place_to_change(call, to_fd, to, to_length)?;
    check_name(&to)?;
    if !from.named || !to.named {
        return Err(Errno::INVAL.into());
    }
    let source = call.app.platform.stat_itself(&from.path)?;
    if (from.directory || to.directory) && !source.is_directory {
        return Err(Errno::NOTDIR.into());
    }
    let replaced = match call.app.platform.stat_itself(&to.path) {
        Ok(target) if target.is_directory && !source.is_directory => return Err(Errno::ISDIR.into()),
        Ok(target) if !target.is_directory && source.is_directory => return Err(Errno::NOTDIR.into()),
        Ok(target) => Some(target.size),
        Err(Errno::NOENT) => None,
        Err(errno) => return Err(errno.into()),
    };
    if from.path == to.path {
        return Ok(());
    }
    if to.path.strip_prefix(&*from.path).is_some_and(|inside| inside.starts_with('/')) {
        return Err(Errno::INVAL.into());
    }
    let respelled = call.app.platform.rename(&from.path, &to.path)?;
    if let (Some(size), false) = (replaced, respelled) {
        quota::give(call, size);
        quota::remove_entry(call);
    }
    Ok(())
}

/// No file here is a link.
pub fn path_readlink<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    path: i32,
    length: i32,
    _buffer: i32,
    _size: i32,
    _out: i32,
) -> Answer {
    let (_, place) = place(call, fd, path, length)?;
    call.app.platform.stat(&place.path)?;
    Err(Errno::INVAL.into())
}
