//! What the engine is known to get wrong.

/// What the engine is known to get wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Selects,
    Blocks,
    Tables,
}
