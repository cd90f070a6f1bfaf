//! What an app's manifest says of how it is looked after.

use crate::{NEVER, Supervised};
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_manifest::keys::{self, Value};

/// When an app is started again, in words: each is at the place of its number.
pub(crate) const WORDS: &[&str] = match keys::RESTART.value {
    Value::OneOf(words) => words,
    _ => &[],
};

impl Supervised {
    /// An app of which its manifest says this. One that is run `once`, because somebody called a function of it, or gave a
    /// program what it has, is not started again.
    #[inline]
    pub fn new(manifest: Manifest<'_>, once: bool, first: u32) -> Self {
        let word = manifest.first(keys::RESTART.name);
        let restart = WORDS.iter().position(|known| word == Some(known)).unwrap_or_default() as u32;
        Supervised {
            restart: if once { NEVER } else { restart },
            backoff: first,
            heartbeat: manifest.number(keys::HEARTBEAT.name).unwrap_or_default(),
            share: manifest.number(keys::CPU.name).unwrap_or_default(),
            ..Supervised::default()
        }
    }
}
