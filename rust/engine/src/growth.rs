//! Who decides how far an app's memory and tables grow.

/// Who decides how far an app's memory and tables grow.
pub trait Growth {
    /// Whether the memory may have `desired` bytes in place of `current`, of `declared` that the module says at most.
    fn memory_growing(&mut self, current: usize, desired: usize, declared: Option<usize>) -> bool;

    /// There was no memory for that.
    fn memory_grow_failed(&mut self);

    /// Whether a table may have `desired` elements in place of `current`, of `declared` that the module says at most.
    fn table_growing(&mut self, current: usize, desired: usize, declared: Option<usize>) -> bool;

    /// The most instances.
    fn instances(&self) -> usize;

    /// The most tables.
    fn tables(&self) -> usize;

    /// The most memories.
    fn memories(&self) -> usize;

    /// How many bytes to reserve for a memory of `least` bytes that can grow to `most`, behind `head` bytes of something
    /// else. The next allocation is for all that, and may fail.
    #[cfg(feature = "compiled")]
    fn memory_reserving(&mut self, head: usize, least: usize, most: usize) -> usize;

    /// Whether a memory that stays where it is may have `desired` bytes, of `declared` that the module says at most.
    #[cfg(feature = "compiled")]
    fn memory_staying(&mut self, desired: usize, declared: usize) -> bool;

    /// Whether a table for which there is room may have `desired` elements.
    #[cfg(feature = "compiled")]
    fn table_staying(&mut self, desired: usize) -> bool;
}
