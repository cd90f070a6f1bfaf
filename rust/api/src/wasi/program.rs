//! What an app is as a WASI program: its descriptors, and what it was started with.

use super::errno::Errno;
use super::path::guest_and_board;
use super::rights::{self, ALL_RIGHTS, RIGHTS_OF_FILES};
use super::{Given, PACKAGE, Stat, Wasi};
use crate::pause::pause;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::text::is_hidden;

/// What a descriptor is of.
#[derive(Clone)]
pub enum Kind {
    /// The standard input (0), output (1) or error (2).
    Standard(u8),
    /// A directory.
    Directory(Rc<Directory>),
    /// An open file, by the platform's number.
    File(u32),
}

/// A directory that an app has.
pub struct Directory {
    /// Its path on the board.
    pub board: String,
    /// What the app calls it, if it has it from its start on.
    pub guest: Option<String>,
    /// Nothing in it may be changed.
    pub read_only: bool,
}

/// An open file or directory of an app.
#[derive(Clone)]
pub struct Descriptor {
    /// What it is of.
    pub kind: Kind,
    /// WASI's `fdflags`.
    pub flags: u16,
    /// WASI's `rights`, and those of what is opened through it.
    pub rights: u64,
    /// The same.
    pub inheriting: u64,
    /// Where the next read or write is.
    pub position: u64,
    /// What tells it from others.
    pub inode: u64,
}

/// A directory that the app is in the middle of listing.
pub struct Listing {
    /// The descriptor.
    pub fd: u32,
    /// Which directory.
    pub directory: Rc<Directory>,
    /// The list, by the platform's number.
    pub dir: u32,
    /// WASI's cookie of what comes next.
    pub next: u64,
    /// That, if it was told and did not fit.
    pub pending: Option<(Box<str>, Stat)>,
}

/// An app as a WASI program.
pub struct Program {
    /// What it has open, by number.
    pub descriptors: Vec<Option<Descriptor>>,
    /// The lists that it may go on with, the oldest first.
    pub listings: Vec<Listing>,
    /// The most descriptors of what it has opened.
    most: usize,
    /// The most bytes in all files of its directories, if there is a limit.
    pub quota: Option<u64>,
    /// These directories: it may close what it has of them, and go on by another descriptor.
    pub counted: Vec<Rc<Directory>>,
    /// The bytes that they have, once that was counted.
    pub used: Option<u64>,
    /// The files and directories in them, likewise.
    pub entries: u64,
}

impl Program {
    /// Opens what an app begins with.
    pub(super) fn of<P: Wasi>(app: &App<P>) -> Box<Self> {
        let quota = app.manifest().grants_number(PACKAGE, "bytes").map(u64::from);
        let (mut descriptors, mut counted) = (Vec::new(), Vec::new());
        let standard = |number| Descriptor {
            kind: Kind::Standard(number),
            flags: 0,
            rights: rights::of_standard(number),
            inheriting: 0,
            position: 0,
            inode: u64::from(number),
        };
        descriptors.extend((0..3).map(|number| Some(standard(number))));
        for (what, read_only) in [(Given::Directory, false), (Given::ReadOnly, true)] {
            let mut index = 0;
            while let Some(text) = given(app, what, index) {
                index += 1;
                let (guest, board) = guest_and_board(&text);
                let may_make = !read_only && !board.contains(is_hidden);
                if may_make && app.platform.stat(board) == Err(Errno::NOENT) {
                    // If this fails, or is not done, the directory says so on its first use.
                    let _ = app.platform.make_directory(board);
                }
                let directory =
                    Rc::new(Directory { board: board.into(), guest: Some(guest.into()), read_only });
                if quota.is_some() && !read_only {
                    counted.push(directory.clone());
                }
                descriptors.push(Some(Descriptor::of_directory(directory)));
                pause(&app.platform);
            }
        }
        // Its streams are opened: a file is emptied, and a pipe has its ends, also if nothing comes of that.
        for number in 0..3 {
            app.platform.is_terminal(number);
        }
        let files = app.manifest().grants_number(PACKAGE, "files");
        Box::new(Program {
            most: files.map_or(usize::MAX, |files| files as usize),
            descriptors,
            listings: Vec::new(),
            quota,
            counted,
            used: None,
            entries: 0,
        })
    }

    /// Whether one more descriptor fits. What it has from its start on makes no room for others.
    pub fn room(&self) -> Result<(), Errno> {
        let used = self.descriptors.iter().flatten().filter(|descriptor| descriptor.is_opened()).count();
        if used < self.most { Ok(()) } else { Err(Errno::MFILE) }
    }

    /// Takes the lowest free number for a descriptor.
    pub fn add(&mut self, descriptor: Descriptor) -> u32 {
        let free = self.descriptors.iter().position(Option::is_none).unwrap_or_else(|| {
            self.descriptors.push(None);
            self.descriptors.len() - 1
        });
        self.descriptors[free] = Some(descriptor);
        free as u32
    }
}

impl Descriptor {
    /// Of a directory.
    pub fn of_directory(directory: Rc<Directory>) -> Self {
        let inode = inode(&[&directory.board]);
        Descriptor {
            kind: Kind::Directory(directory),
            flags: 0,
            rights: ALL_RIGHTS & !RIGHTS_OF_FILES,
            inheriting: ALL_RIGHTS,
            position: 0,
            inode,
        }
    }

    /// Whether the app has opened it, and did not begin with it.
    fn is_opened(&self) -> bool {
        match &self.kind {
            Kind::Standard(_) => false,
            Kind::Directory(directory) => directory.guest.is_none(),
            Kind::File(_) => true,
        }
    }
}

/// What tells a file from others: made of its path, because file systems here have no such number.
pub fn inode(path: &[&str]) -> u64 {
    const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const FNV_PRIME: u64 = 0x0100_0000_01b3;
    let bytes = path.iter().flat_map(|part| part.bytes());
    bytes.fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME))
}

/// What an app was given: by who started it, else by its manifest.
pub fn given<P: Wasi>(app: &App<P>, what: Given, index: usize) -> Option<String> {
    if app.platform.is_command() {
        return app.platform.given(what, index);
    }
    let grants = |kind| {
        let manifest = app.manifest();
        manifest.grants(PACKAGE, kind).nth(index).map(String::from)
    };
    match what {
        Given::Argument if index == 0 => Some(app.manifest().first("name").unwrap_or("app").into()),
        Given::Argument => {
            let manifest = app.manifest();
            manifest.grants(PACKAGE, "args").nth(index - 1).map(String::from)
        }
        Given::Variable => grants("env"),
        Given::Directory => grants("dirs"),
        Given::ReadOnly => grants("read-only"),
    }
}
