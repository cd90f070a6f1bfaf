//! Who is told of changes: its place, and how far it was told.

use super::request::Path;
use super::shared::Peer;

/// Where an observer is. What is 0 is nobody.
#[repr(u8)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stage {
    #[default]
    Nobody,
    /// It knows all.
    Idle,
    /// It is to be told.
    Due,
    /// It was told, and has not said that it knows.
    Sent,
    /// What it observes is gone.
    Gone,
}

/// Who is told of changes.
#[repr(C)]
#[derive(Clone, Default)]
pub struct Observer {
    pub(super) peer: Peer,
    pub(super) token: [u8; 8],
    pub(super) path: Path,
    pub(super) stage: Stage,
    pub(super) resource: u8,
    pub(super) token_length: u8,
    /// How often the message under way is sent again at most.
    pub(super) tries: u8,
    /// There is more to tell than what is under way.
    pub(super) is_changed: u8,
    /// The message that it is told by.
    pub(super) message: u16,
    /// The block that it has asked for, as an exchange has it.
    pub(super) block: u32,
    /// How long is waited for it, and until when.
    pub(super) timeout: u32,
    pub(super) until: u32,
}

impl Observer {
    /// What it observes is served no more.
    pub(super) fn abandon(&mut self, number: usize) {
        if self.stage != Stage::Nobody && usize::from(self.resource) == number {
            self.stage = Stage::Gone;
        }
    }

    pub(super) fn token(&self) -> &[u8] {
        self.token.get(..usize::from(self.token_length)).unwrap_or_default()
    }

    pub(super) fn is(&self, peer: &Peer, token: &[u8]) -> bool {
        !matches!(self.stage, Stage::Nobody | Stage::Gone) && self.peer == *peer && self.token() == token
    }

    pub(super) fn looks_at(&self, number: usize, path: &Path) -> bool {
        !matches!(self.stage, Stage::Nobody | Stage::Gone)
            && usize::from(self.resource) == number
            && self.path.bytes() == path.bytes()
    }
}
