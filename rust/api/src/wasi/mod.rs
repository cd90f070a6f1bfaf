//! WASI preview 1: what programs import that are made for it, in C by wasi-libc, in Rust for `wasm32-wasip1`.
//!
//! It is no WIT, so that this is written by hand: [`TABLE`] is what there is, a test holds it against the `wasi` crate,
//! and `docs/wasi.md` is made from it. The files here are as WASI sees the world: [`process`] is the program as a whole,
//! [`io`] what is open, [`files`] what has a path, [`listing`] what directories have, [`poll`] waits.

mod call;
mod errno;
mod files;
mod filetype;
mod io;
mod listing;
mod path;
mod poll;
mod process;
mod program;
mod quota;
mod rights;
mod signature;
mod table;
mod unstable;

pub use call::AT_ONCE;
pub use errno::Errno;
pub use path::{guest_and_board, is_of};
pub use program::Program;
pub use table::{Support, functions};

use alloc::boxed::Box;
use alloc::string::String;
use core::any::Any;
use zephyr_wasm_runtime::abi::{Function, Interface, Store};
use zephyr_wasm_runtime::{App, Platform};

/// What WASI programs import from.
pub const PACKAGE: &str = "wasi_snapshot_preview1";

/// What those import from that were made for its snapshot 0. Manifests grant it as they grant preview 1.
pub const UNSTABLE: &str = "wasi_unstable";

/// The function that preview 1 has added.
const ADDED: &str = "sock_accept";

/// What a manifest may grant of it, under `wasi`, each with whether it is a number, and what it means.
pub const GRANTS: &[(&str, bool, &str)] = &[
    ("args", false, "the program's arguments"),
    ("env", false, "its environment, each as `NAME=value`"),
    (
        "dirs",
        false,
        "directories of the board that it has, each as `GUEST=BOARD`, or one path for both, behind a `=` if it has a `=` itself; one that is not there is made",
    ),
    ("read-only", false, "directories that it may only read"),
    ("files", true, "how many files and directories it may open at once"),
    ("bytes", true, "how many bytes all files in its directories may have"),
    ("stdin", false, "where its input comes from: `FILE`, `pipe:NAME` (at most 15 bytes) or `null`"),
    (
        "stdout",
        false,
        "where its output goes: `FILE`, `>>FILE` to append, `pipe:NAME`, `log`, `console` or `null`",
    ),
    ("stderr", false, "where its errors go, likewise"),
];

/// The longest path in bytes.
pub const LONGEST_PATH: usize = 255;

/// What an app is given as it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// An argument; the first is the program's name.
    Argument,
    /// A variable of the environment, as `NAME=value`.
    Variable,
    /// A directory, as `GUEST=BOARD`.
    Directory,
    /// A directory that it may only read.
    ReadOnly,
}

/// How to open a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct How {
    /// To read it.
    pub read: bool,
    /// To write it.
    pub write: bool,
    /// Make it if it is not there.
    pub create: bool,
    /// Empty it first.
    pub truncate: bool,
    /// Make it, and [`Errno::EXIST`] if it is there: of two that do so at once, one does.
    pub exclusive: bool,
}

/// Where [`Wasi::write`] appends.
pub const END: u64 = u64::MAX;

/// What is at a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// It is a directory; else, a file.
    pub is_directory: bool,
    /// The bytes of a file.
    pub size: u64,
}

/// What WASI runs on: streams, and files by their whole paths on the board. Errors are WASI's.
#[expect(clippy::missing_errors_doc, reason = "all are of the medium, or of what a call's name says")]
pub trait Wasi: Platform + crate::clocks::Device + crate::random::Device {
    /// The calling thread's app as a [`Program`]; none before its first call. Its type is not said, so that an image
    /// without WASI does not have what drops it.
    fn program(&mut self) -> &mut Option<Box<dyn Any>>;

    /// Whether whoever started it gave it arguments and directories, in place of its manifest.
    fn is_command(&self) -> bool;

    /// What it was given of that kind, at that place.
    fn given(&self, what: Given, index: usize) -> Option<String>;

    /// The time since 1970 in nanoseconds, as good as the board knows it.
    fn realtime(&self) -> u64;

    /// Reads from the standard input what there is; 0 is its end. Waits for some, or else is [`Errno::AGAIN`].
    fn input(&self, into: &mut [u8], wait: bool) -> Result<usize, Errno>;

    /// Waits at most so many nanoseconds until there is some input, or its end.
    fn input_ready(&self, timeout: u64) -> bool;

    /// Writes to the standard output (1) or error (2), and says how much.
    fn output(&self, number: u8, bytes: &[u8]) -> Result<usize, Errno>;

    /// Whether a person is behind a standard stream.
    fn is_terminal(&self, number: u8) -> bool;

    /// Opens a file, and returns its number.
    fn open(&self, path: &str, how: How) -> Result<u32, Errno>;

    /// Closes it.
    fn close(&self, file: u32) -> Result<(), Errno>;

    /// Reads from a place in it; 0 at its end.
    fn read(&self, file: u32, from: u64, into: &mut [u8]) -> Result<usize, Errno>;

    /// Writes to a place in it, with zeroes before that if it is beyond the end; or behind what it has then, at [`END`].
    fn write(&self, file: u32, at: u64, bytes: &[u8]) -> Result<usize, Errno>;

    /// How many bytes it has.
    fn size(&self, file: u32) -> Result<u64, Errno>;

    /// Cuts it, or fills it with zeroes.
    fn set_size(&self, file: u32, size: u64) -> Result<(), Errno>;

    /// Has it survive a loss of power as it is.
    fn sync(&self, file: u32) -> Result<(), Errno>;

    /// What is at a path.
    fn stat(&self, path: &str) -> Result<Stat, Errno>;

    /// The same, and of a link itself where there are links, which is a file then.
    fn stat_itself(&self, path: &str) -> Result<Stat, Errno> {
        self.stat(path)
    }

    /// Begins to list a directory, and returns the list's number. [`Errno::MFILE`] if too many are listed.
    fn open_dir(&self, path: &str) -> Result<u32, Errno>;

    /// Tells the next of what is in it, but for `.` and `..`; false after the last. What is there all the time is told once,
    /// whatever is added or removed meanwhile.
    fn next_entry(&self, dir: u32, tell: &mut dyn FnMut(&str, Stat)) -> Result<bool, Errno>;

    /// Ends the list.
    fn close_dir(&self, dir: u32);

    /// Makes a directory.
    fn make_directory(&self, path: &str) -> Result<(), Errno>;

    /// Removes a file, or an empty directory. [`Errno::BUSY`] if that cannot be while somebody has it open.
    fn remove(&self, path: &str) -> Result<(), Errno>;

    /// Moves a file or directory, in place of a file that is there; true if it is where it was, under another spelling of
    /// its name. [`Errno::BUSY`] as for [`Wasi::remove`].
    fn rename(&self, from: &str, to: &str) -> Result<bool, Errno>;
}

/// WASI as the runtime links it: with files, or without them for an image that has no file system.
pub struct Import<const FILES: bool>;

impl<P: Wasi, const FILES: bool> Interface<App<P>> for Import<FILES> {
    fn name(&self) -> &'static str {
        PACKAGE
    }

    #[inline(never)]
    fn function(&self, name: &str, store: &mut Store<App<P>>) -> Option<(Function, u32)> {
        let (.., signature) = table::Table::<P, FILES>::ALL.iter().find(|(known, ..)| *known == name)?;
        // WASI's functions have no types of WIT.
        Some((signature.function::<FILES>(store), 0))
    }
}

/// Snapshot 0, likewise: the functions of preview 1, but for the few that pass something otherwise.
pub struct Unstable<const FILES: bool>;

impl<P: Wasi, const FILES: bool> Interface<App<P>> for Unstable<FILES> {
    fn name(&self) -> &'static str {
        UNSTABLE
    }

    fn granted_as(&self) -> &'static str {
        PACKAGE
    }

    #[inline(never)]
    fn function(&self, name: &str, store: &mut Store<App<P>>) -> Option<(Function, u32)> {
        let other = table::Table::<P, FILES>::UNSTABLE.iter().find(|(known, _)| *known == name);
        let signature = other.map(|(_, signature)| signature).or_else(|| {
            let same =
                table::Table::<P, FILES>::ALL.iter().find(|(known, ..)| *known == name && name != ADDED)?;
            Some(&same.2)
        })?;
        Some((signature.function::<FILES>(store), 0))
    }
}
