//! Reading, writing and what else is done with an open descriptor.

use super::call::Call;
use super::errno::{Answer, Errno, Fault};
use super::program::{Descriptor, Kind};
use super::rights::{ALL_RIGHTS, RIGHT_READ, RIGHT_WRITE};
use super::{END, Wasi, filetype, listing, quota};
use zephyr_wasm_runtime::abi;

/// WASI's flag of descriptors that write at the end.
pub const APPEND: u16 = 1 << 0;
/// WASI's flag of descriptors that do not wait.
const NONBLOCK: u16 = 1 << 2;

/// How far `fd_seek` counts from.
pub const FROM_START: i32 = 0;
pub const FROM_HERE: i32 = 1;
pub const FROM_END: i32 = 2;

impl Descriptor {
    /// The open file, if it is one and has a right.
    fn file(&self, right: u64) -> Result<u32, Fault> {
        match self.kind {
            Kind::File(file) if self.rights & right == right => Ok(file),
            Kind::File(_) => Err(Errno::NOTCAPABLE.into()),
            Kind::Directory(_) => Err(Errno::BADF.into()),
            Kind::Standard(_) => Err(Errno::SPIPE.into()),
        }
    }

    fn may(&self, right: u64) -> Result<(), Fault> {
        if self.rights & right == right { Ok(()) } else { Err(Errno::BADF.into()) }
    }
}

pub fn fd_close<P: Wasi, const FILES: bool>(call: &mut Call<'_, P>, fd: i32) -> Answer {
    call.descriptor(fd)?;
    let Some(descriptor) = call.program().descriptors[fd as u32 as usize].take() else { return Ok(()) };
    match descriptor.kind {
        Kind::File(file) if FILES => call.app.platform.close(file)?,
        Kind::Directory(_) if FILES => listing::forget(call, |listing| listing.fd == fd as u32),
        _ => {}
    }
    Ok(())
}

pub fn fd_renumber<P: Wasi, const FILES: bool>(call: &mut Call<'_, P>, from: i32, to: i32) -> Answer {
    call.descriptor(from)?;
    call.descriptor(to)?;
    if from != to {
        fd_close::<P, FILES>(call, to)?;
        if FILES {
            listing::forget(call, |listing| listing.fd == from as u32);
        }
        let descriptors = &mut call.program().descriptors;
        descriptors[to as u32 as usize] = descriptors[from as u32 as usize].take();
    }
    Ok(())
}

pub fn fd_read<P: Wasi, const FILES: bool>(
    call: &mut Call<'_, P>,
    fd: i32,
    vectors: i32,
    count: i32,
    out: i32,
) -> Answer {
    let descriptor = call.descriptor(fd)?.clone();
    descriptor.may(RIGHT_READ)?;
    let size = match descriptor.kind {
        Kind::Standard(_) => {
            let wait = descriptor.flags & NONBLOCK == 0;
            call.pieces(vectors, count, |call, start, length, done| {
                // Once something is there, no more is waited for.
                let (into, platform) = call.split(start, length)?;
                Ok(platform.input(into, wait && done == 0)?)
            })?
        }
        Kind::File(file) if FILES => {
            let from = descriptor.position;
            let size = read_at(call, file, from, vectors, count)?;
            call.descriptor(fd)?.position = from + u64::from(size);
            size
        }
        _ => return Err(Errno::ISDIR.into()),
    };
    call.put_u32(out, size)
}

pub fn fd_write<P: Wasi, const FILES: bool>(
    call: &mut Call<'_, P>,
    fd: i32,
    vectors: i32,
    count: i32,
    out: i32,
) -> Answer {
    let descriptor = call.descriptor(fd)?.clone();
    descriptor.may(RIGHT_WRITE)?;
    let size = match descriptor.kind {
        Kind::Standard(number) => call.pieces(vectors, count, |call, start, length, _| {
            let (from, platform) = call.split(start, length)?;
            Ok(platform.output(number, from)?)
        })?,
        Kind::File(file) if FILES => {
            let end = descriptor.flags & APPEND != 0;
            let from = if end { END } else { descriptor.position };
            let size = write_at(call, file, from, vectors, count)?;
            let after = if end { call.app.platform.size(file)? } else { from + u64::from(size) };
            call.descriptor(fd)?.position = after;
            size
        }
        _ => return Err(Errno::ISDIR.into()),
    };
    call.put_u32(out, size)
}

fn read_at<P: Wasi>(
    call: &mut Call<'_, P>,
    file: u32,
    from: u64,
    vectors: i32,
    count: i32,
) -> Result<u32, Fault> {
    call.pieces(vectors, count, |call, start, length, done| {
        let (into, platform) = call.split(start, length)?;
        Ok(platform.read(file, from + u64::from(done), into)?)
    })
}

/// Writes from a place on, or appends at [`END`].
fn write_at<P: Wasi>(
    call: &mut Call<'_, P>,
    file: u32,
    from: u64,
    vectors: i32,
    count: i32,
) -> Result<u32, Fault> {
    let appends = from == END;
    call.pieces(vectors, count, |call, start, length, done| {
        let at = if appends { END } else { from.checked_add(done.into()).ok_or(Errno::INVAL)? };
        let before = call.app.platform.size(file)?;
        // Others may append at the same time: where that is, is known afterwards.
        let start_of_growth = if appends { before } else { at };
        let end = start_of_growth.checked_add(u64::from(length as u32)).ok_or(Errno::INVAL)?;
        let growth = end.saturating_sub(before);
        quota::take(call, growth)?;
        let (bytes, platform) = call.split(start, length)?;
        let written = platform.write(file, at, bytes);
        let grown = match (&written, appends) {
            (Ok(written), true) => *written as u64,
            _ => platform.size(file).unwrap_or(before).saturating_sub(before),
        };
        quota::settle(call, growth, grown);
        Ok(written?)
    })
}

pub fn fd_pread<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    vectors: i32,
    count: i32,
    from: i64,
    out: i32,
) -> Answer {
    let file = call.descriptor(fd)?.file(RIGHT_READ)?;
    let size = read_at(call, file, position(from)?, vectors, count)?;
    call.put_u32(out, size)
}

pub fn fd_pwrite<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    vectors: i32,
    count: i32,
    from: i64,
    out: i32,
) -> Answer {
    let file = call.descriptor(fd)?.file(RIGHT_WRITE)?;
    let size = write_at(call, file, position(from)?, vectors, count)?;
    call.put_u32(out, size)
}

/// A place in a file: not before its start, nor beyond what any file has.
fn position(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| Errno::INVAL.into())
}

pub fn fd_seek<P: Wasi, const FILES: bool>(
    call: &mut Call<'_, P>,
    fd: i32,
    by: i64,
    from: i32,
    out: i32,
) -> Answer {
    let descriptor = call.descriptor(fd)?.clone();
    let file = descriptor.file(0)?;
    let start = match from {
        FROM_START => 0,
        FROM_HERE => descriptor.position,
        FROM_END if FILES => call.app.platform.size(file)?,
        _ => return Err(Errno::INVAL.into()),
    };
    let place = start.checked_add_signed(by).filter(|place| i64::try_from(*place).is_ok());
    let place = place.ok_or(Errno::INVAL)?;
    call.descriptor(fd)?.position = place;
    call.put_u64(out, place)
}

pub fn fd_tell<P: Wasi>(call: &mut Call<'_, P>, fd: i32, out: i32) -> Answer {
    let descriptor = call.descriptor(fd)?;
    descriptor.file(0)?;
    let place = descriptor.position;
    call.put_u64(out, place)
}

pub fn fd_sync<P: Wasi>(call: &mut Call<'_, P>, fd: i32) -> Answer {
    match call.descriptor(fd)?.kind {
        Kind::File(file) => Ok(call.app.platform.sync(file)?),
        Kind::Directory(_) => Ok(()),
        Kind::Standard(_) => Err(Errno::INVAL.into()),
    }
}

pub fn fd_advise<P: Wasi>(call: &mut Call<'_, P>, fd: i32, from: i64, length: i64, advice: i32) -> Answer {
    call.descriptor(fd)?.file(0)?;
    // Nothing is made of it, but what makes no sense is told.
    if from < 0 || length < 0 || !(0..6).contains(&advice) {
        return Err(Errno::INVAL.into());
    }
    Ok(())
}

/// Room that is not needed yet is made nowhere here, as WASI allows.
pub fn fd_allocate<P: Wasi>(call: &mut Call<'_, P>, fd: i32, _from: i64, _length: i64) -> Answer {
    call.descriptor(fd)?.file(0)?;
    Err(Errno::NOTSUP.into())
}

/// No descriptor is a socket: an app has those of `zephyr:sockets`.
pub fn sock_shutdown<P: Wasi>(call: &mut Call<'_, P>, fd: i32, _how: i32) -> Answer {
    call.descriptor(fd)?;
    Err(Errno::NOTSOCK.into())
}

pub fn fd_fdstat_get<P: Wasi>(call: &mut Call<'_, P>, fd: i32, out: i32) -> Answer {
    let descriptor = call.descriptor(fd)?.clone();
    let filetype = filetype_of(&call.app.platform, &descriptor);
    let mut stat = [0; 24];
    stat[0] = filetype;
    stat[2..4].copy_from_slice(&descriptor.flags.to_le_bytes());
    stat[8..16].copy_from_slice(&descriptor.rights.to_le_bytes());
    stat[16..24].copy_from_slice(&descriptor.inheriting.to_le_bytes());
    call.put(out, &stat)
}

fn filetype_of<P: Wasi>(platform: &P, descriptor: &Descriptor) -> u8 {
    match descriptor.kind {
        Kind::Standard(number) if platform.is_terminal(number) => filetype::CHARACTER_DEVICE,
        Kind::Standard(_) => filetype::UNKNOWN,
        Kind::Directory(_) => filetype::DIRECTORY,
        Kind::File(_) => filetype::REGULAR_FILE,
    }
}

pub fn fd_fdstat_set_flags<P: Wasi>(call: &mut Call<'_, P>, fd: i32, flags: i32) -> Answer {
    let descriptor = call.descriptor(fd)?;
    if flags & !0x1f != 0 {
        return Err(Errno::INVAL.into());
    }
    descriptor.flags = flags as u16;
    Ok(())
}

pub fn fd_fdstat_set_rights<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    rights: i64,
    inheriting: i64,
) -> Answer {
    let descriptor = call.descriptor(fd)?;
    let (rights, inheriting) = (rights as u64 & ALL_RIGHTS, inheriting as u64 & ALL_RIGHTS);
    // Rights are given away, and never come back.
    if rights & !descriptor.rights != 0 || inheriting & !descriptor.inheriting != 0 {
        return Err(Errno::NOTCAPABLE.into());
    }
    (descriptor.rights, descriptor.inheriting) = (rights, inheriting);
    Ok(())
}

/// WASI's `filestat`. File systems here know no times, devices and links, and inodes are made of paths.
pub fn filestat(filetype: u8, size: u64, inode: u64) -> [u8; 64] {
    let mut stat = [0; 64];
    stat[8..16].copy_from_slice(&inode.to_le_bytes());
    stat[16] = filetype;
    stat[24] = 1;
    stat[32..40].copy_from_slice(&size.to_le_bytes());
    stat
}

pub fn fd_filestat_get<P: Wasi, const FILES: bool>(call: &mut Call<'_, P>, fd: i32, out: i32) -> Answer {
    let stat = filestat_of::<P, FILES>(call, fd)?;
    call.put(out, &stat)
}

/// That of a descriptor.
#[inline(always)]
pub fn filestat_of<P: Wasi, const FILES: bool>(call: &mut Call<'_, P>, fd: i32) -> Result<[u8; 64], Fault> {
    let descriptor = call.descriptor(fd)?.clone();
    let size = match descriptor.kind {
        Kind::File(file) if FILES => call.app.platform.size(file)?,
        _ => 0,
    };
    let filetype = filetype_of(&call.app.platform, &descriptor);
    Ok(filestat(filetype, size, descriptor.inode))
}

pub fn fd_filestat_set_size<P: Wasi>(call: &mut Call<'_, P>, fd: i32, size: i64) -> Answer {
    let size = position(size)?;
    let file = call.descriptor(fd)?.file(RIGHT_WRITE)?;
    let before = call.app.platform.size(file)?;
    let growth = size.saturating_sub(before);
    quota::take(call, growth)?;
    let changed = call.app.platform.set_size(file, size);
    let after = call.app.platform.size(file).unwrap_or(before);
    quota::settle(call, growth, after.saturating_sub(before));
    if changed.is_ok() {
        quota::give(call, before.saturating_sub(size));
    }
    Ok(changed?)
}

pub fn fd_prestat_get<P: Wasi>(call: &mut Call<'_, P>, fd: i32, out: i32) -> Answer {
    let length = preopened(call, fd)?.len() as u32;
    // The only kind that there is, a directory, has the number 0.
    call.put_u32(out, 0)?;
    call.put_u32(out.wrapping_add(4), length)
}

pub fn fd_prestat_dir_name<P: Wasi>(call: &mut Call<'_, P>, fd: i32, start: i32, length: i32) -> Answer {
    let name = preopened(call, fd)?;
    abi::bytes(call.memory, start, length)?;
    if (length as u32 as usize) < name.len() {
        return Err(Errno::NAMETOOLONG.into());
    }
    call.put(start, name.as_bytes())
}

/// What the app calls a directory that it has from its start on.
fn preopened<P: Wasi>(call: &mut Call<'_, P>, fd: i32) -> Result<alloc::string::String, Fault> {
    match &call.descriptor(fd)?.kind {
        Kind::Directory(directory) => directory.guest.clone().ok_or(Fault::Errno(Errno::BADF)),
        _ => Err(Errno::BADF.into()),
    }
}
