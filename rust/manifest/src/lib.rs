//! What an app's manifest can say, how its file carries that, and what its grants mean.
//!
//! The board, the tool and the docs are made of one table of keys ([`keys`]). A key that is added there has its type, its
//! range and its place in `docs/manifest.md`; a limit besides has its field in [`Limits`], on the board from Kconfig and in
//! C, is refused where an app asks for more, and is read from a firmware's `.config` by the tool.
//!
//! - `table` has the rows, [`keys`] what they say
//! - [`lines`] reads a manifest as it is in an app's file, which is found by [`section`]
//! - [`limits`] is what an app may use
//! - [`grants`] says what grants of the network mean
#![no_std]

extern crate alloc;

#[macro_use]
mod table;

pub mod grants;
pub mod keys;
pub mod limits;
pub mod lines;
pub mod section;

pub use limits::Limits;
pub use lines::{MANIFEST, Manifest, can_be_granted, matches};
