//! The memory of an app under a fuzzer: each allocation is one of the system's, so that AddressSanitizer sees what goes
//! beyond it, or comes after it. They are counted as if they were in one region.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Result;
use std::mem;
use std::ptr::{self, NonNull};

/// What the smallest allocation counts, as in a heap of headers.
const LEAST: usize = 16;

/// A place in the table that is free, and one that was taken.
const FREE: *mut u8 = ptr::null_mut();
const GONE: *mut u8 = ptr::without_provenance_mut(1);

/// Allocations, in a table by their addresses, which needs no memory of its own while it is used.
pub struct Memory {
    size: usize,
    used: usize,
    /// What the engine has for the linear memory, and whether the next allocation is for that.
    believed: usize,
    next: bool,
    table: Box<[(*mut u8, Layout)]>,
}

impl Memory {
    /// So many bytes.
    ///
    /// # Errors
    /// None.
    pub fn new(size: usize) -> Result<Self> {
        // Twice as many places as there can be allocations.
        let places = (size / LEAST * 2).next_power_of_two();
        let table = vec![(FREE, Layout::new::<()>()); places].into();
        Ok(Memory { size, used: 0, believed: 0, next: false, table })
    }

    pub fn used(&self) -> usize {
        self.used
    }

    pub fn contains(&self, pointer: *mut u8) -> bool {
        self.find(pointer).is_some()
    }

    /// As in one piece, but that nothing is kept for the linear memory to grow into: what it reads or writes beyond its
    /// block is seen.
    pub fn linear_memory(&mut self, bytes: usize, _: usize) -> Option<bool> {
        self.next = bytes > self.believed;
        Some(self.next)
    }

    #[cfg(fuzzing)]
    pub fn room(&mut self, head: usize, least: usize, most: usize) -> usize {
        // Half of what is left is for others.
        most.min((self.size - self.used).saturating_sub(head) / 2).max(least)
    }

    #[cfg(fuzzing)]
    pub fn linear_memory_stays(&mut self, _: usize) {}

    pub fn stays(&self, _: *mut u8, _: usize) -> bool {
        false
    }

    #[cfg(fuzzing)]
    pub fn has(&self, _: *mut u8, size: usize) -> usize {
        size
    }

    pub fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let counts = counts(layout);
        let is_linear = mem::take(&mut self.next);
        if counts > self.size - self.used {
            return None;
        }
        // SAFETY: nobody allocates nothing, as `GlobalAlloc` has it.
        let pointer = NonNull::new(unsafe { System.alloc(layout) })?;
        let place = self.places(pointer.as_ptr()).find(|place| !is_taken(self.table[*place].0))?;
        self.table[place] = (pointer.as_ptr(), layout);
        self.used += counts;
        if is_linear {
            self.believed = layout.size();
        }
        Some(pointer)
    }

    /// # Safety
    /// The memory is of this, and nobody uses it any more.
    pub unsafe fn deallocate(&mut self, pointer: NonNull<u8>, layout: Layout) {
        let place = self.find(pointer.as_ptr()).expect("an allocation");
        assert_eq!(self.table[place].1, layout, "given back as another");
        self.table[place].0 = GONE;
        self.used -= counts(layout);
        // SAFETY: it is of `allocate`, and as promised by the caller.
        unsafe { System.dealloc(pointer.as_ptr(), layout) };
    }

    fn find(&self, pointer: *mut u8) -> Option<usize> {
        let mut places = self.places(pointer).take_while(|place| self.table[*place].0 != FREE);
        places.find(|place| self.table[*place].0 == pointer)
    }

    /// Where an allocation can be, the likeliest place first.
    fn places(&self, pointer: *mut u8) -> impl Iterator<Item = usize> + use<> {
        let count = self.table.len();
        let first = (pointer as usize / LEAST).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (0..count).map(move |step| (first >> 20).wrapping_add(step) % count)
    }
}

fn is_taken(pointer: *mut u8) -> bool {
    pointer != FREE && pointer != GONE
}

fn counts(layout: Layout) -> usize {
    layout.size().next_multiple_of(LEAST)
}

impl Drop for Memory {
    fn drop(&mut self) {
        for (pointer, layout) in &self.table {
            if is_taken(*pointer) {
                // SAFETY: it is of `allocate`, and the app that used it has ended.
                unsafe { System.dealloc(*pointer, *layout) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocations_are_counted_and_found() {
        let mut memory = Memory::new(1024).unwrap();
        let layout = Layout::from_size_align(24, 8).unwrap();
        let all: Vec<_> = std::iter::from_fn(|| memory.allocate(layout)).collect();
        assert_eq!((all.len(), memory.used()), (32, 1024));
        assert!(all.iter().all(|pointer| memory.contains(pointer.as_ptr())));
        // SAFETY: it is not used any more.
        unsafe { memory.deallocate(all[3], layout) };
        assert!(!memory.contains(all[3].as_ptr()) && memory.contains(all[4].as_ptr()));
        assert!(memory.allocate(layout).is_some() && memory.allocate(layout).is_none());
        let mut other = 0u8;
        assert!(!memory.contains(&raw mut other));
        assert!(!memory.stays(&raw mut other, 100));
    }

    #[test]
    fn only_what_the_linear_memory_asks_for_may_fail() {
        let mut memory = Memory::new(1024).unwrap();
        let bytes = |size| Layout::from_size_align(size, 1).unwrap();
        assert_eq!(memory.linear_memory(100, 1000), Some(true));
        assert!(memory.allocate(bytes(100)).is_some());
        assert_eq!(memory.linear_memory(150, 1000), Some(true));
        // The engine asks for twice what it has, and then for nothing.
        assert!(memory.allocate(bytes(200)).is_some() && memory.allocate(bytes(300)).is_some());
        let asked = [150, 200, 201].map(|bytes| memory.linear_memory(bytes, 1000));
        assert_eq!(asked, [Some(false), Some(false), Some(true)]);
    }
}
