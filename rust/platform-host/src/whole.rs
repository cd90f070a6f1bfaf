//! The memory of an app: one piece, with a heap in it.
//!
//! The linear memory in it grows where it is, as on boards: `src/core/linear.h` says why, and how. That of a compiled app has
//! its room from the start (`src/core/room.h`).

use linked_list_allocator::Heap;
use std::alloc::Layout;
use std::io::{Error, Result};
use std::mem;
use std::ptr::{self, NonNull};

/// What sizes of the linear memory's block are multiples of, so that a heap takes a part of it back.
const UNIT: usize = 16;

/// One of so many parts is left away when the room that was asked for is not free in one piece.
const ROOM_STEP: usize = 16;

/// One of so many parts of an app's memory, and no more than this, is not for growth.
const SLACK_PART: usize = 8;
const SLACK_MOST: usize = 32768;

pub struct Memory {
    heap: Heap,
    start: usize,
    size: usize,
    linear: Linear,
    /// Of a compiled app's linear memory: what it has, and its room, in bytes.
    compiled: (usize, usize),
}

/// The linear memory. All sizes are in bytes.
struct Linear {
    start: *mut u8,
    /// What it has, or is about to have.
    size: usize,
    /// What is allocated for it, and the room behind it.
    room: usize,
    /// What the engine believes to be allocated.
    believed: usize,
    /// The most that it can grow to.
    most: usize,
    /// The next allocation is for it.
    next: bool,
    /// Where it was, and what was allocated for it, until it has moved.
    before: (*mut u8, usize),
}

impl Linear {
    const NONE: Linear = Linear {
        start: ptr::null_mut(),
        size: 0,
        room: 0,
        believed: 0,
        most: 0,
        next: false,
        before: (ptr::null_mut(), 0),
    };

    /// What is allocated and only kept for it.
    fn spare(&self) -> usize {
        self.room.saturating_sub(self.size) / UNIT * UNIT
    }
}

impl Memory {
    /// So many bytes of zeroes, of which an app takes from this machine what it writes to.
    ///
    /// # Errors
    /// That there are no such addresses to be had.
    pub fn new(size: usize) -> Result<Self> {
        let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: it is wherever there is nothing yet.
        let start = unsafe { libc::mmap(ptr::null_mut(), size, access, kind | libc::MAP_NORESERVE, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(Error::last_os_error());
        }
        let mut heap = Heap::empty();
        // SAFETY: the memory is unused, lives until `Drop`, and is given to this heap only.
        unsafe { heap.init(start.cast(), size) };
        Ok(Memory { heap, start: start as usize, size, linear: Linear::NONE, compiled: (0, 0) })
    }

    pub fn used(&self) -> usize {
        let (bytes, room) = self.compiled;
        // Its room is known before it is allocated.
        (self.heap.used() - self.linear.spare()).saturating_sub(room.saturating_sub(bytes))
    }

    /// What is not for growth, as the engine translates code when that is first called, and host calls allocate, too.
    fn slack(&self) -> usize {
        (self.size / SLACK_PART).min(SLACK_MOST)
    }

    /// As `zephyr_wasm_room_in()` of boards.
    pub fn room(&mut self, head: usize, least: usize, most: usize) -> usize {
        let beside = head + self.slack();
        let mut room = most.min(self.size);
        while room > least {
            let whole = beside.checked_add(room).and_then(block);
            if let Some(whole) = whole
                && let Ok(pointer) = self.heap.allocate_first_fit(whole)
            {
                // SAFETY: it has just been allocated, and nobody uses it.
                unsafe { self.heap.deallocate(pointer, whole) };
                self.compiled.1 = room;
                return room;
            }
            room -= room / ROOM_STEP + 1;
        }
        least
    }

    pub fn linear_memory_stays(&mut self, bytes: usize) {
        self.compiled.0 = bytes;
    }

    pub fn contains(&self, pointer: *mut u8) -> bool {
        (pointer as usize).wrapping_sub(self.start) < self.size
    }

    /// The linear memory is to have `bytes`, of `most` that it can have. None if it cannot; else whether the next
    /// allocation is for it.
    pub fn linear_memory(&mut self, bytes: usize, most: usize) -> Option<bool> {
        let slack = self.slack();
        let linear = &mut self.linear;
        // The engine would use it without asking for it.
        if bytes > linear.room && bytes <= linear.believed {
            return None;
        }
        // What is behind all that it can have is left anyway.
        if bytes > linear.size
            && bytes <= linear.room
            && linear.room < linear.most
            && linear.room - bytes < slack
        {
            return None;
        }
        linear.size = bytes;
        linear.most = most;
        linear.next = bytes > linear.room;
        Some(linear.next)
    }

    /// Whether a block that the engine wants to have `size` bytes is the linear memory, and can stay.
    pub fn stays(&mut self, pointer: *mut u8, size: usize) -> bool {
        let linear = &mut self.linear;
        let stays = pointer == linear.start && linear.size <= linear.room;
        if stays {
            linear.believed = size;
        }
        stays
    }

    /// How many bytes are there of a block that the engine believes to have `size`: no more may be read as the linear
    /// memory moves.
    pub fn has(&self, pointer: *mut u8, size: usize) -> usize {
        if pointer == self.linear.start { size.min(self.linear.room) } else { size }
    }

    pub fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        if self.linear.next {
            self.linear.next = false;
            return self.allocate_linear(layout.size());
        }
        // As little is taken as it needs: what is left between blocks is of use to nobody.
        let aligned = if layout.align() > UNIT { layout.align() } else { 0 };
        let mut more = layout.size().saturating_add(aligned);
        loop {
            if let Ok(pointer) = self.heap.allocate_first_fit(layout) {
                return Some(pointer);
            }
            if !self.take_room(more) {
                return None;
            }
            more = UNIT;
        }
    }

    /// The linear memory itself, with all the room that there is.
    fn allocate_linear(&mut self, believed: usize) -> Option<NonNull<u8>> {
        let least = self.linear.size.checked_next_multiple_of(UNIT)?;
        let mut room = least.max(self.linear.most.min(self.size) / UNIT * UNIT);
        loop {
            if let Ok(pointer) = self.heap.allocate_first_fit(block(room)?) {
                self.linear.before = (self.linear.start, self.linear.room);
                self.linear.start = pointer.as_ptr();
                self.linear.room = room;
                self.linear.believed = believed;
                return Some(pointer);
            }
            if room == least {
                return None;
            }
            room = least.max((room - room / ROOM_STEP - 1) / UNIT * UNIT);
        }
    }

    /// Takes so much from the room behind the linear memory, from its end; false if there is none.
    fn take_room(&mut self, size: usize) -> bool {
        let taken = self.linear.spare().min(size.checked_next_multiple_of(UNIT).unwrap_or(usize::MAX));
        let (Some(block), true) = (block(taken), taken > 0) else { return false };
        self.linear.room -= taken;
        // SAFETY: the end of the block, of whole units, which nobody uses.
        unsafe {
            let end = NonNull::new_unchecked(self.linear.start.add(self.linear.room));
            self.heap.deallocate(end, block);
        }
        true
    }

    /// # Safety
    /// The memory is of this heap, with that layout, and nobody uses it any more.
    pub unsafe fn deallocate(&mut self, pointer: NonNull<u8>, layout: Layout) {
        let (before, room) = self.linear.before;
        let room = if pointer.as_ptr() == self.linear.start {
            mem::replace(&mut self.linear, Linear::NONE).room
        } else if pointer.as_ptr() == before {
            self.linear.before = (ptr::null_mut(), 0);
            room
        } else {
            0
        };
        let layout = if room > 0 { block(room).unwrap_or(layout) } else { layout };
        // SAFETY: as promised by the caller; the block of the linear memory is larger than it was asked to be.
        unsafe { self.heap.deallocate(pointer, layout) }
    }
}

/// What the heap is told of the linear memory's block.
fn block(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, UNIT).ok()
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: `new` mapped exactly this, and the app that used it has ended.
        unsafe { libc::munmap(self.start as *mut libc::c_void, self.size) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(size: usize) -> Layout {
        Layout::from_size_align(size, 1).unwrap()
    }

    #[test]
    fn the_linear_memory_grows_where_it_is() {
        let mut memory = Memory::new(4096).unwrap();
        assert_eq!(memory.linear_memory(1000, usize::MAX), Some(true));
        let linear = memory.allocate(bytes(1000)).unwrap().as_ptr();
        let used = memory.used();
        assert!((1000..1100).contains(&used));

        // What else is allocated takes the end of the room.
        let other = memory.allocate(bytes(500)).unwrap().as_ptr();
        assert!(other as usize > linear as usize + 3000 && memory.used() < used + 600);

        // The engine asks for twice what there is, and after that for nothing.
        assert_eq!(memory.linear_memory(1800, usize::MAX), Some(false));
        assert!(memory.stays(linear, 2000));
        assert_eq!(memory.linear_memory(2900, usize::MAX), Some(false));
        assert_eq!(memory.linear_memory(3100, usize::MAX), None, "an eighth is the engine's");
        assert!(memory.stays(linear, 4000));
        assert_eq!(memory.linear_memory(3900, usize::MAX), None, "it would lie over the other");
        assert!(memory.used() > 3400 && memory.allocate(bytes(700)).is_none());
    }

    #[test]
    fn it_moves_where_it_has_to() {
        let mut memory = Memory::new(4096).unwrap();
        assert_eq!(memory.linear_memory(500, 600), Some(true));
        let linear = memory.allocate(bytes(500)).unwrap();
        assert!(memory.allocate(bytes(100)).is_some());
        // It may become larger than it was said to.
        assert_eq!(memory.linear_memory(1000, usize::MAX), Some(true));
        assert!(!memory.stays(linear.as_ptr(), 1000));
        let moved = memory.allocate(bytes(1000)).unwrap();
        // SAFETY: nobody uses it.
        unsafe { memory.deallocate(linear, bytes(500)) };
        assert!(memory.stays(moved.as_ptr(), 2000) && memory.used() < 1700);
        assert_eq!(memory.linear_memory(2000, usize::MAX), Some(false));
    }

    #[test]
    fn no_more_is_copied_than_there_is() {
        let mut memory = Memory::new(16384).unwrap();
        // What the engine needs until an app is loaded, below its linear memory.
        let data = memory.allocate(bytes(9000)).unwrap();
        assert_eq!(memory.linear_memory(3800, usize::MAX), Some(true));
        let linear = memory.allocate(bytes(3800)).unwrap().as_ptr();
        // The engine is told that it has twice what it has, which is more than there is up to the end of all.
        assert_eq!(memory.linear_memory(4000, usize::MAX), Some(false));
        assert!(memory.stays(linear, 7600));
        let end = memory.start + memory.size;
        assert!(linear as usize + 7600 > end);
        // SAFETY: nobody uses it.
        unsafe { memory.deallocate(data, bytes(9000)) };
        // It grows to more than that, where there is the room by now.
        assert_eq!(memory.linear_memory(7601, usize::MAX), Some(true));
        assert!(!memory.stays(linear, 15200));
        let there = memory.has(linear, 7600);
        assert!(there >= 4000 && linear as usize + there <= end);
        let moved = memory.allocate(bytes(15200)).unwrap().as_ptr();
        assert!(moved < linear && memory.has(linear, 7600) == 7600 && memory.has(moved, 7600) == 7600);
    }

    #[test]
    fn a_memory_that_never_moves_has_its_room_from_the_start() {
        let mut memory = Memory::new(4096).unwrap();
        memory.linear_memory_stays(100);
        // An eighth is for others.
        let room = memory.room(64, 100, usize::MAX);
        assert!((3000..=3520).contains(&room), "{room}");
        assert!(memory.allocate(bytes(64 + room)).is_some() && memory.used() < 300);
        memory.linear_memory_stays(2000);
        assert!(memory.used() >= 2064 && memory.allocate(bytes(400)).is_some());

        let mut memory = Memory::new(4096).unwrap();
        assert_eq!(memory.room(64, 100, 1000), 1000);
        // What is not there is for the allocation to find.
        assert_eq!(memory.room(64, 5000, usize::MAX), 5000);
    }

    #[test]
    fn growth_that_fails_leaves_it_as_it_was() {
        let mut memory = Memory::new(4096).unwrap();
        assert_eq!(memory.linear_memory(500, 600), Some(true));
        let linear = memory.allocate(bytes(500)).unwrap().as_ptr();
        assert_eq!(memory.linear_memory(5000, usize::MAX), Some(true));
        assert!(!memory.stays(linear, 5000) && memory.allocate(bytes(5000)).is_none());
        assert_eq!(memory.linear_memory(500, usize::MAX), Some(false));
        assert!(memory.allocate(bytes(2000)).is_some());
    }
}
