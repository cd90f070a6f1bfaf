//! A `select` that the engine would compute wrongly.
//!
//! wasmi 2.0.0 joins a `select` with the comparison that its condition comes from, if that is `x == 0` or `x != 0`: it
//! drops the comparison, and means to select by `x`. Where `x` is in a slot (a local, what a call or a block has left), it
//! selects by what is in its register instead, whatever that is. A comparison by `<` and `>` is never joined, and so
//! another way to write the same.
//!
//! [`edits`] finds what has to be written otherwise: `zephyr-wasm pack` does that, and a board that validates refuses
//! what has not been through it. It goes by the three instructions before a `select`, and takes for right only what is
//! known to be: what it finds too much costs three bytes. `docs/upstream` has the engine's side of it.

use super::code::{CODE_SECTION, HEADER, sections};
pub use super::scan::Edit;
use super::scan::look;
use super::wrong::wrong;
use alloc::vec::Vec;
use zephyr_wasm_manifest::section::{length, write_length};

/// Finds what has to be written otherwise in a function of a valid module, given with its locals; none, if it cannot be
/// read.
pub fn edits(function: &[u8], edit: impl FnMut(Edit)) -> Option<()> {
    look(function, edit, |_, _| Some(()))
}

/// Whether a valid module has what has to be written otherwise, or cannot be read.
pub fn has_edits(file: &[u8]) -> bool {
    wrong(file).is_none_or(|wrong| wrong.selects)
}

/// A valid module that the engine computes rightly; the same bytes, if it does so already. None, if it cannot be read.
pub fn mended(file: &[u8]) -> Option<Vec<u8>> {
    if !has_edits(file) {
        return Some(file.to_vec());
    }
    let mut whole = file.get(..HEADER)?.to_vec();
    sections(file, |section| {
        if section.id != CODE_SECTION {
            whole.extend_from_slice(section.whole);
            return Some(());
        }
        let (count, _) = length(section.body)?;
        let mut code = Vec::new();
        write_length(&mut code, count);
        section.functions(|function| {
            let (function, mut edited, mut at) = (function.bytes, Vec::new(), 0);
            edits(function, |edit| {
                edited.extend_from_slice(&function[at..edit.from]);
                edited.extend_from_slice(edit.with);
                at = edit.to;
            })?;
            edited.extend_from_slice(&function[at..]);
            write_length(&mut code, edited.len());
            code.append(&mut edited);
            Some(())
        })?;
        whole.push(CODE_SECTION);
        write_length(&mut whole, code.len());
        whole.append(&mut code);
        Some(())
    })?;
    Some(whole)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;
    use std::format;

    /// A module of one function that selects by this condition, mended.
    fn mended_of(condition: &str) -> (Vec<u8>, Vec<u8>) {
        let text = format!(
            "(module (memory 1) (func (param $x i32) (param $y i64) (result i32) \
               (select (i32.const 3) (i32.const 4) {condition}))
               (@custom \"extra\" \"text\"))"
        );
        let module = wat::parse_str(text).unwrap();
        let mended = mended(&module).expect("can be read");
        assert!(!has_edits(&mended));
        (module, mended)
    }

    /// By how many bytes a condition grows.
    fn growth(condition: &str) -> usize {
        let (module, mended) = mended_of(condition);
        mended.len() - module.len()
    }

    #[test]
    fn what_is_wrong_is_written_otherwise() {
        let same = |condition: &str, other: &str| {
            let (mended, meant) = (mended_of(condition).1, mended_of(other).0);
            assert_eq!(mended, meant, "{condition}");
        };
        same("(i32.eqz (local.get $x))", "(i32.lt_u (local.get $x) (i32.const 1))");
        same("(i32.eq (local.get $x) (i32.const 0))", "(i32.lt_u (local.get $x) (i32.const 1))");
        same("(i32.ne (local.get $x) (i32.const 0))", "(i32.gt_u (local.get $x) (i32.const 0))");
        same(
            "(i32.eq (i32.const 0) (local.get $x))",
            "(i32.gt_u (i32.eq (i32.const 0) (local.get $x)) (i32.const 0))",
        );
    }

    #[test]
    fn what_is_right_stays() {
        for condition in [
            "(local.get $x)",
            "(i32.and (local.get $x) (i32.const 1))",
            "(i32.eqz (i32.load (local.get $x)))",
            "(i32.eqz (i32.and (local.get $x) (i32.const 1)))",
            "(i32.eq (local.get $x) (i32.const 10))",
            "(i32.ne (local.get $x) (local.get $x))",
            "(i32.lt_s (local.get $x) (i32.const 0))",
            "(i64.eqz (local.get $y))",
            "(i64.eq (local.get $y) (i64.const 0))",
        ] {
            assert_eq!(growth(condition), 0, "{condition}");
        }
    }

    /// A section's length takes another byte when it passes 127.
    #[test]
    fn lengths_are_written_anew() {
        let one = "(select (i32.const 3) (i32.const 4) (i32.eqz (local.get 0))) drop ";
        let text =
            format!("(module (func (param i32) {}) (func (param i32) {}))", one.repeat(12), one.repeat(12));
        let module = wat::parse_str(text).unwrap();
        let mended = mended(&module).unwrap();
        assert!(!has_edits(&mended));
        wasmi::Module::validate(&wasmi::Engine::default(), &mended).expect("still valid");
        // Two bytes each, and one for the length of each function, 110 bytes before.
        assert_eq!(mended.len(), module.len() + 2 * 12 * 2 + 2);
    }

    proptest! {
        #[test]
        fn nothing_panics(code in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = edits(&code, |_| ());
            let mut file = Vec::from(*b"\0asm\x01\0\0\0\x0a");
            file.push(code.len() as u8);
            file.extend(code);
            let _ = mended(&file);
        }
    }
}
