//! How much is written of a module at most: a few bytes of one can stand for any amount of C.

use crate::error::Error;

/// The most bytes of C, unless somebody says fewer: many times what a board has room for.
pub const TEXT: usize = 256 << 20;

/// The most operands on the stack of a function: with each store and each call, all of them are looked at.
pub const OPERANDS: usize = 10_000;

/// The most blocks in each other: of each, what it takes and gives is kept.
pub const BLOCKS: usize = 50_000;

/// The most variables whose addresses are known to be checked: with each `if`, all of them are kept for its `else`.
pub const CHECKED: usize = 256;

/// The most blocks in each other for which they are kept: together, some tens of megabytes.
pub const KEPT: usize = 500;

/// How far lines go to the right, in tabs.
pub const DEPTH: usize = 16;

/// Refuses C of more bytes than that.
pub fn refuse_text(length: usize, most: usize) -> Result<(), Error> {
    if length > most {
        return Err(Error::refused(format!("more than {most} bytes of C, which no board has room for")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{Error, Options};

    fn refused(source: &str, largest_text: usize) -> Option<String> {
        let module = wat::parse_str(source).unwrap();
        let options = Options { largest_text, ..Options::new("app") };
        crate::compile(&module, &options).err().map(|error: Error| error.to_string())
    }

    #[test]
    fn a_few_bytes_that_are_much_c_are_refused() {
        const MOST: usize = 2_000_000;
        const TOO_LARGE: &str = "more than 2000000 bytes of C, which no board has room for";
        let locals = format!("(func (local {}))", "i32 ".repeat(20_000));
        assert_eq!(refused(&format!("(module {locals})"), MOST), None);
        assert_eq!(refused(&format!("(module {})", locals.repeat(20)), MOST).unwrap(), TOO_LARGE);
        // Each way of a branch takes all results along.
        let results = "i32 ".repeat(500);
        let ways = (0..200).map(|way| format!("{way} ")).collect::<String>();
        let (begin, end) = ("block (type 0) ".repeat(200), "end ".repeat(200));
        let branch = format!("{} local.get 0 br_table {ways}", "i32.const 1 ".repeat(500));
        let source = format!(
            "(module (type (func (result {results}))) (func (param i32) {begin} {branch} {end} unreachable))"
        );
        assert_eq!(refused(&source, MOST).unwrap(), TOO_LARGE);
        // A table that code reads is all of its elements, most of which nobody has named.
        let source = "(module (table 1000000 funcref) (func (drop (table.get 0 (i32.const 1)))))";
        assert_eq!(refused(source, MOST).unwrap(), TOO_LARGE);
        let exports = |name: u32| format!(r#"(export "{name}" (func 0))"#);
        let exports = (0..300).map(exports).collect::<String>();
        let source = format!("(module (func (result {results}) unreachable) {exports})");
        assert_eq!(refused(&source, MOST).unwrap(), TOO_LARGE);
    }

    #[test]
    fn what_is_deep_is_not_far_to_the_right() {
        let (begin, end) = ("local.get 0 if ".repeat(3_000), "end ".repeat(3_000));
        assert_eq!(refused(&format!("(module (func (param i32) {begin} {end}))"), 1_000_000), None);
    }

    #[test]
    fn what_is_checked_in_deep_blocks_is_kept_for_few() {
        let checked = (0..super::CHECKED).map(|local| format!("local.get {local} i32.load drop "));
        let (checked, locals) = (checked.collect::<String>(), "i32 ".repeat(super::CHECKED));
        let nested = |count: usize| {
            let (begin, end) =
                ("local.get 0 if ".repeat(count), "else local.get 0 i32.load drop end ".repeat(count));
            let source = format!("(module (memory 1) (func (local {locals}) {checked} {begin} {end}))");
            crate::compile(&wat::parse_str(source).unwrap(), &Options::new("app")).unwrap()
        };
        // One check in each `else` for which nothing is kept.
        let checks = |count| nested(count).matches("TRAP_IF_AT(l0 > ").count();
        assert_eq!(checks(super::KEPT - 1), 1);
        assert_eq!(checks(super::KEPT + 9), 11);
    }

    #[test]
    fn a_stack_of_many_operands_is_refused() {
        let operands = |count| {
            let (all, none) = ("i32.const 1 ".repeat(count), "drop ".repeat(count));
            refused(&format!("(module (func {all} {none}))"), super::TEXT)
        };
        assert_eq!(operands(10_000), None);
        let expected = "function 0 has more than 10000 operands on its stack: no compiler writes that";
        assert_eq!(operands(10_001).unwrap(), expected);
    }
}
