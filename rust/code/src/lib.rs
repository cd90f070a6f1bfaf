//! The machine code that an app's file may carry: a custom section for each target. `zephyr-wasm compile --target` writes
//! them, and a board that trusts their signer runs what is for its processor in place.
//!
//! A section has, behind its name:
//!
//! | bytes | |
//! |---|---|
//! | 1 | how many zeros follow |
//! | 0 to 15 | zeros, so that what follows is at a multiple of [`ALIGNMENT`] in the file |
//! | 56 | the header, in little-endian numbers: see [`Header`] |
//! | size, a multiple of [`ALIGNMENT`] | the code with its constants. It begins with the properties of the app, of which [`Info`] is what a file needs to know; its entry function is behind them |
//! | 0 to 128 | which compiler has made it, as printable ASCII |
#![no_std]

extern crate alloc;

mod choose;
mod info;
mod read;
mod target;
mod word;
mod write;

pub use choose::{Board, Unfit, choose};
pub use info::Info;
pub use read::{Malformed, codes, digest};
pub use target::Target;
pub use word::Word;
pub use write::{aligned, append, unsigned, without};

/// The section's name.
pub const SECTION: &str = "zephyr-wasm:code";

/// The version of the section's format.
pub const FORMAT: u16 = 1;

/// What the code begins at a multiple of, in bytes from the beginning of the file.
pub const ALIGNMENT: usize = 8;

/// The most bytes of what a compiler is called.
pub const LONGEST_NAME: usize = 128;

/// A SHA-256.
pub type Digest = [u8; 32];

/// How the code was made. With the app, it says all that decides on the code but for the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the code is for.
    pub target: Target,
    /// Made for speed (`-O2`) and not for size (`-Os`).
    pub speed: bool,
    /// Words may be at any address (`CONFIG_WASM_RISCV_UNALIGNED_ACCESS`): of code for RISC-V only.
    pub unaligned: bool,
    /// Traps say where in the app's source they were.
    pub places: bool,
    /// The largest stack frame of its functions, in bytes.
    pub frame: u32,
    /// The most elements of a table that grows and has no maximum.
    pub largest_table: u32,
    /// Of all of the file's sections but these and that of signatures: see [`digest`].
    pub digest: Digest,
}

/// A section of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<'a> {
    /// How it was made.
    pub header: Header,
    /// The code, at a multiple of [`ALIGNMENT`] in the file.
    pub bytes: &'a [u8],
    /// Where that is in the file.
    pub offset: usize,
    /// Which compiler has made it.
    pub compiler: &'a str,
}

impl Code<'_> {
    /// Whether it can be run where it is. Not, if something was put before it that did not move it ([`aligned`]).
    #[must_use]
    pub fn is_aligned(&self) -> bool {
        self.offset.is_multiple_of(ALIGNMENT)
    }

    /// What it begins with.
    #[must_use]
    pub fn info(&self) -> Info {
        // A code that is shorter is malformed.
        Info::read(self.bytes).unwrap_or_default()
    }
}

const SPEED: u32 = 1;
const UNALIGNED: u32 = 2;
const PLACES: u32 = 4;

/// The bytes of a header.
const HEADER: usize = 56;

#[cfg(test)]
mod tests;
