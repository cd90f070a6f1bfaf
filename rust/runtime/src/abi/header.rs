//! What a guest passes to functions of a header of C, besides numbers and bytes: texts as C has them, and memory that is written
//! while other memory is read.

use zephyr_wasm_engine::{Error, Violation};

/// The size of a text with the zero that ends it, which is within the guest's memory.
///
/// # Errors
/// A [`Violation`], if there is no zero between `start` and the end of the memory.
#[inline(never)]
pub fn terminated(memory: &[u8], start: i32) -> Result<usize, Error> {
    let tail = memory.get(start as u32 as usize..).unwrap_or_default();
    match tail.iter().position(|byte| *byte == 0) {
        Some(length) => Ok(length + 1),
        None => Err(Violation::Pointer.error()),
    }
}

/// That two pieces of memory have no byte in common: where each is, and its size. Both are known to be within the memory.
///
/// # Errors
/// A [`Violation`], if they have.
#[inline(never)]
pub fn apart((one, size): (i32, usize), (other, other_size): (i32, usize)) -> Result<(), Error> {
    let (one, other) = (one as u32 as usize, other as u32 as usize);
    let is_apart = size == 0 || other_size == 0 || one + size <= other || other + other_size <= one;
    if is_apart { Ok(()) } else { Err(Violation::Overlap.error()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use zephyr_wasm_engine::error::Kind;

    fn is(error: Error, violation: Violation) -> bool {
        error.kind() == Kind::Violation(violation)
    }

    #[test]
    fn a_text_ends_within_the_memory() {
        let memory = *b"\0ab\0cd";
        assert_eq!(
            [0, 1, 2, 3].map(|start| terminated(&memory, start).ok()),
            [Some(1), Some(3), Some(2), Some(1)]
        );
        for start in [4, 5, 6, 7, i32::MAX, i32::MIN, -1] {
            assert!(is(terminated(&memory, start).unwrap_err(), Violation::Pointer), "{start}");
        }
    }

    proptest! {
        #[test]
        fn what_has_a_byte_in_common_is_not_apart(
            one in 0usize..20, size in 0usize..20, other in 0usize..20, other_size in 0usize..20
        ) {
            let common = (one..one + size).any(|byte| (other..other + other_size).contains(&byte));
            match apart((one as i32, size), (other as i32, other_size)) {
                Ok(()) => prop_assert!(!common),
                Err(error) => prop_assert!(common && is(error, Violation::Overlap)),
            }
        }
    }
}
