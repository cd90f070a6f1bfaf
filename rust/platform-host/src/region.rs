//! Memory of an app: everything its life allocates comes out of one region.

use std::alloc::Layout;
use std::io::Result;
use std::ptr::NonNull;

#[cfg(not(fuzzing))]
use crate::whole::Memory;

#[cfg(fuzzing)]
use crate::pieces::Memory;

/// The region of one app.
pub struct Region {
    memory: Memory,
    size: usize,
    used_most: usize,
}

impl Region {
    /// A region of `size` bytes.
    ///
    /// # Errors
    /// That this machine has no such region.
    pub fn new(size: usize) -> Result<Self> {
        Ok(Region { memory: Memory::new(size)?, size, used_most: 0 })
    }

    /// Its size in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The most bytes that were in use at once.
    pub fn used_most(&self) -> usize {
        self.used_most
    }

    /// The linear memory is to have `bytes`, of `most` that it can have. None if it cannot; else whether the next
    /// allocation is for it.
    pub fn linear_memory(&mut self, bytes: usize, most: usize) -> Option<bool> {
        let next = self.memory.linear_memory(bytes, most);
        self.used_most = self.used_most.max(self.memory.used());
        next
    }

    /// How many bytes there are for the linear memory of a compiled app: `least` at least, and `most` at most. It is in one
    /// block with `head` other bytes before it, never moves, and leaves something for other blocks.
    pub fn room(&mut self, head: usize, least: usize, most: usize) -> usize {
        self.memory.room(head, least, most)
    }

    /// That linear memory is to have `bytes`.
    pub fn linear_memory_stays(&mut self, bytes: usize) {
        self.memory.linear_memory_stays(bytes);
        self.used_most = self.used_most.max(self.memory.used());
    }

    /// Memory of that layout; null if there is none.
    pub fn allocate(&mut self, layout: Layout) -> *mut u8 {
        match self.memory.allocate(layout) {
            Some(pointer) => {
                self.used_most = self.used_most.max(self.memory.used());
                pointer.as_ptr()
            }
            None => std::ptr::null_mut(),
        }
    }

    /// Whether memory is of this region.
    pub fn contains(&self, pointer: *mut u8) -> bool {
        self.memory.contains(pointer)
    }

    /// Takes memory back.
    ///
    /// # Safety
    /// It is of this region, with that layout, and nobody uses it any more.
    pub unsafe fn deallocate(&mut self, pointer: NonNull<u8>, layout: Layout) {
        // SAFETY: as promised by the caller.
        unsafe { self.memory.deallocate(pointer, layout) }
    }

    /// Whether a block that the engine wants to have `size` bytes is the linear memory, and can stay.
    pub fn stays(&mut self, pointer: *mut u8, size: usize) -> bool {
        self.memory.stays(pointer, size)
    }

    /// How many bytes are there of a block that the engine believes to have `size`.
    pub fn has(&self, pointer: *mut u8, size: usize) -> usize {
        self.memory.has(pointer, size)
    }
}
