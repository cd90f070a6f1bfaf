//! Why a WASI call failed, as WASI numbers it, and what else ends one.

use zephyr_wasm_runtime::abi::Error;

macro_rules! errnos {
    ($($(#[$docs:meta])* $name:ident = $number:literal,)*) => {
        impl Errno {
            $($(#[$docs])* pub const $name: Errno = Errno($number);)*
        }
    };
}

/// A WASI error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u8);

errnos! {
    /// There is nothing now.
    AGAIN = 6,
    /// No such descriptor, or not for this.
    BADF = 8,
    /// The quota is used up.
    DQUOT = 19,
    /// It exists.
    EXIST = 20,
    /// A file would be too large.
    FBIG = 22,
    /// Not UTF-8, or with a zero.
    ILSEQ = 25,
    /// An argument that makes no sense.
    INVAL = 28,
    /// The medium failed.
    IO = 29,
    /// It is a directory.
    ISDIR = 31,
    /// The app has as many open files as it may.
    MFILE = 33,
    /// A name is too long.
    NAMETOOLONG = 37,
    /// No such file.
    NOENT = 44,
    /// There is no room for one more.
    NOMEM = 48,
    /// The medium is full.
    NOSPC = 51,
    /// Not supported here: see docs/wasi.md.
    NOSYS = 52,
    /// It is no directory.
    NOTDIR = 54,
    /// The directory has files.
    NOTEMPTY = 55,
    /// It is no socket.
    NOTSOCK = 57,
    /// Not of this kind of file.
    NOTSUP = 58,
    /// Outside of what the app is given.
    PERM = 63,
    /// Nobody reads this.
    PIPE = 64,
    /// Given to read only.
    ROFS = 69,
    /// It has no positions.
    SPIPE = 70,
    /// It is on another file system.
    XDEV = 75,
    /// The descriptor lacks the right.
    NOTCAPABLE = 76,
}

/// What ends a call without success.
pub enum Fault {
    /// The app is told.
    Errno(Errno),
    /// The app is ended.
    Trap(Error),
}

impl From<Errno> for Fault {
    fn from(errno: Errno) -> Self {
        Fault::Errno(errno)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Trap(error)
    }
}

/// What a call gives the app: nothing but what it wrote to its memory.
pub type Answer = Result<(), Fault>;
