//! Checked access to a guest's memory. Every pointer and length of a guest comes through here.

use alloc::vec::Vec;
use zephyr_wasm_engine::{Error, Violation};

/// `length` bytes from `start` on. Both are a guest's 32-bit numbers, and unsigned.
#[inline(never)]
pub fn bytes(memory: &[u8], start: i32, length: i32) -> Result<&[u8], Error> {
    let (start, length) = (start as u32 as usize, length as u32 as usize);
    match memory.get(start..).and_then(|tail| tail.get(..length)) {
        Some(bytes) => Ok(bytes),
        None => Err(Violation::Pointer.error()),
    }
}

/// The same, to write there.
#[inline(never)]
pub fn bytes_mut(memory: &mut [u8], start: i32, length: i32) -> Result<&mut [u8], Error> {
    let (start, length) = (start as u32 as usize, length as u32 as usize);
    match memory.get_mut(start..).and_then(|tail| tail.get_mut(..length)) {
        Some(bytes) => Ok(bytes),
        None => Err(Violation::Pointer.error()),
    }
}

/// `length` elements of `size` bytes from `start` on.
#[inline(never)]
pub fn elements(memory: &[u8], start: i32, length: i32, size: u32) -> Result<&[u8], Error> {
    match (length as u32).checked_mul(size) {
        Some(total) => bytes(memory, start, total as i32),
        None => Err(Violation::Pointer.error()),
    }
}

/// A string of `length` bytes in UTF-8.
#[inline(never)]
pub fn text(memory: &[u8], start: i32, length: i32) -> Result<&str, Error> {
    match core::str::from_utf8(bytes(memory, start, length)?) {
        Ok(text) => Ok(text),
        Err(_) => Err(Violation::Utf8.error()),
    }
}

/// `N` bytes at `offset` from `start`.
#[inline]
pub fn load<const N: usize>(memory: &[u8], start: i32, offset: u32) -> Result<[u8; N], Error> {
    match (start as u32).checked_add(offset) {
        Some(start) => bytes(memory, start as i32, N as i32).map(|bytes| field(bytes, 0)),
        None => Err(Violation::Pointer.error()),
    }
}

/// `N` bytes of an element, at an offset that the element's size bounds.
#[inline]
pub fn field<const N: usize>(element: &[u8], offset: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&element[offset..offset + N]);
    bytes
}

/// A Unicode scalar value.
#[inline(never)]
pub fn character(number: i32) -> Result<char, Error> {
    char::from_u32(number as u32).ok_or_else(|| Violation::Character.error())
}

/// An empty list with room for as many elements as a guest has shown to have.
pub fn list<T>(length: i32) -> Result<Vec<T>, Error> {
    Ok(Vec::with_capacity(length as u32 as usize))
}

/// Writes bytes from `start` on.
pub fn write(memory: &mut [u8], start: i32, bytes: &[u8]) -> Result<(), Error> {
    let room = memory.get_mut(start as u32 as usize..).and_then(|tail| tail.get_mut(..bytes.len()));
    match room {
        Some(room) => {
            room.copy_from_slice(bytes);
            Ok(())
        }
        None => Err(Violation::Pointer.error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pointers and lengths where mistakes would be: around 0, around the memory's end, around the sign.
    fn number() -> impl Strategy<Value = i32> {
        prop_oneof![any::<i32>(), -3..3i32, 61..68i32, Just(i32::MAX), Just(i32::MIN), Just(i32::MAX - 1)]
    }

    fn inside(start: i32, total: u64) -> bool {
        u64::from(start as u32) + total <= 64
    }

    proptest! {
        #[test]
        fn only_what_is_inside_is_reached(start in number(), length in number(), size in 1u32..16) {
            let memory = [b'a'; 64];
            prop_assert_eq!(bytes(&memory, start, length).is_ok(), inside(start, u64::from(length as u32)));
            prop_assert_eq!(text(&memory, start, length).is_ok(), inside(start, u64::from(length as u32)));
            let total = u64::from(length as u32) * u64::from(size);
            prop_assert_eq!(elements(&memory, start, length, size).is_ok(), inside(start, total));
            let loaded = load::<8>(&memory, start, size);
            prop_assert_eq!(loaded.is_ok(), inside(start, u64::from(size) + 8));
            let mut memory = memory;
            prop_assert_eq!(write(&mut memory, start, b"12345").is_ok(), inside(start, 5));
        }

        #[test]
        fn only_characters_are_characters(number in any::<i32>()) {
            prop_assert_eq!(character(number).ok(), char::from_u32(number as u32));
        }
    }

    #[test]
    fn text_is_utf8() {
        assert_eq!(text(b"gr\xc3\xbc", 0, 4).unwrap(), "grü");
        assert!(text(b"gr\xc3\xbc", 0, 3).is_err());
    }
}
