//! Lists of directories. A list goes on where it was, so that what is removed meanwhile makes it miss nothing.

use super::call::Call;
use super::errno::{Answer, Errno};
use super::program::{Directory, Kind, Listing, inode};
use super::{Stat, Wasi, filetype};
use crate::pause::pause;
use alloc::boxed::Box;
use alloc::rc::Rc;

/// How an entry of a directory is laid out: cookie, inode, length of the name, kind.
const ENTRY_SIZE: usize = 24;
/// The entries that no file system lists here: the directory itself, and the one above.
const DOTS: [&str; 2] = [".", ".."];
/// The most lists that an app can go on with. What it lists besides begins anew, at the number of the entry.
const MOST: usize = 2;

/// Ends lists that the app does not go on with.
pub fn forget<P: Wasi>(call: &mut Call<'_, P>, which: impl Fn(&Listing) -> bool) {
    while let Some(at) = call.program().listings.iter().position(&which) {
        let listing = call.program().listings.remove(at);
        call.app.platform.close_dir(listing.dir);
    }
}

/// Begins to list a directory, if need be in place of what the app listed before.
pub fn open<P: Wasi>(call: &mut Call<'_, P>, path: &str) -> Result<u32, Errno> {
    loop {
        match call.app.platform.open_dir(path) {
            Err(Errno::MFILE) if !call.program().listings.is_empty() => forget_oldest(call),
            opened => return opened,
        }
    }
}

fn forget_oldest<P: Wasi>(call: &mut Call<'_, P>) {
    let listing = call.program().listings.remove(0);
    call.app.platform.close_dir(listing.dir);
}

/// The list of a descriptor from a cookie on: the one that it was at, or a new one.
fn list_from<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: u32,
    directory: Rc<Directory>,
    cookie: u64,
) -> Result<Listing, Errno> {
    if let Some(at) = call.program().listings.iter().position(|listing| listing.fd == fd) {
        let listing = call.program().listings.remove(at);
        if listing.next == cookie {
            return Ok(listing);
        }
        call.app.platform.close_dir(listing.dir);
    }
    let dir = open(call, &directory.board)?;
    for _ in DOTS.len() as u64..cookie {
        match call.app.platform.next_entry(dir, &mut |_, _| {}) {
            Ok(true) => pause(&call.app.platform),
            Ok(false) => break,
            Err(errno) => {
                call.app.platform.close_dir(dir);
                return Err(errno);
            }
        }
    }
    Ok(Listing { fd, directory, dir, next: cookie, pending: None })
}

/// The app's buffer as it fills.
struct Entries<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl Entries<'_> {
    /// Adds an entry, and says whether it was all of it: one that is cut tells the app to ask again from there on.
    fn add(&mut self, name: &str, kind: u8, inode: u64, cookie: u64) -> bool {
        let mut entry = [0; ENTRY_SIZE];
        entry[0..8].copy_from_slice(&cookie.to_le_bytes());
        entry[8..16].copy_from_slice(&inode.to_le_bytes());
        entry[16..20].copy_from_slice(&(name.len() as u32).to_le_bytes());
        entry[20] = kind;
        for part in [&entry[..], name.as_bytes()] {
            let room = &mut self.buffer[self.used..];
            let size = part.len().min(room.len());
            room[..size].copy_from_slice(&part[..size]);
            self.used += size;
            if size < part.len() {
                return false;
            }
        }
        true
    }

    /// Adds from a list what fits, and says whether there may be more.
    fn add_from<P: Wasi>(&mut self, platform: &P, listing: &mut Listing) -> Result<bool, Errno> {
        loop {
            let mut found: Option<(Box<str>, Stat)> = listing.pending.take();
            if found.is_none() {
                platform.next_entry(listing.dir, &mut |name, stat| found = Some((name.into(), stat)))?;
            }
            let Some((name, stat)) = found else { return Ok(false) };
            let inode = inode(&[&listing.directory.board, "/", &name]);
            if !self.add(&name, filetype::of_stat(stat), inode, listing.next + 1) {
                listing.pending = Some((name, stat));
                return Ok(true);
            }
            listing.next += 1;
            pause(platform);
        }
    }
}

pub fn fd_readdir<P: Wasi>(
    call: &mut Call<'_, P>,
    fd: i32,
    start: i32,
    length: i32,
    cookie: i64,
    out: i32,
) -> Answer {
    let Kind::Directory(directory) = call.descriptor(fd)?.kind.clone() else {
        return Err(Errno::NOTDIR.into());
    };
    let mut cookie = u64::from(u32::try_from(cookie).map_err(|_| Errno::INVAL)?);
    let mut entries = Entries { buffer: call.split(start, length)?.0, used: 0 };
    let mut is_full = false;
    while let (Some(name), false) = (DOTS.get(cookie as usize), is_full) {
        is_full = !entries.add(name, filetype::DIRECTORY, inode(&[&directory.board]), cookie + 1);
        cookie += 1;
    }
    let mut used = entries.used;
    if !is_full {
        let mut listing = list_from(call, fd as u32, directory, cookie)?;
        let (buffer, platform) = call.split(start, length)?;
        let mut entries = Entries { buffer, used };
        let more = entries.add_from(platform, &mut listing);
        used = entries.used;
        keep(call, listing, *more.as_ref().unwrap_or(&false));
        more?;
    }
    call.put_u32(out, used as u32)
}

/// Keeps a list that goes on, and ends it otherwise.
fn keep<P: Wasi>(call: &mut Call<'_, P>, listing: Listing, goes_on: bool) {
    if !goes_on {
        call.app.platform.close_dir(listing.dir);
        return;
    }
    if call.program().listings.len() == MOST {
        forget_oldest(call);
    }
    call.program().listings.push(listing);
}
