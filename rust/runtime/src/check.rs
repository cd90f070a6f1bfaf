//! A look at a module's outside, so that what is wrong with a file can be said before the engine sees it.

use crate::end::Refusal;
use crate::message::Message;
use zephyr_wasm_manifest::section::length;
pub use zephyr_wasm_manifest::section::{custom_section, custom_sections, section_count};

const MAGIC: &[u8] = b"\0asm";
const MODULE_VERSION: &[u8] = &[1, 0, 0, 0];
/// The layer field that follows a component's version.
const COMPONENT_LAYER: &[u8] = &[1, 0];
const EXPORT_SECTION: u8 = 7;
const START_SECTION: u8 = 8;

/// Checks that a file is a whole core module without a start function, and with so many exports at most.
///
/// # Errors
/// Why the file is refused; `message` has it in words.
pub fn outside(file: &[u8], exports: usize, message: &mut Message) -> Result<(), Refusal> {
    let refuse = |message: &mut Message, why: &str, refusal| {
        message.text(why);
        Err(refusal)
    };
    if file.is_empty() {
        return refuse(message, "the file is empty", Refusal::Truncated);
    }
    let magic = &file[..file.len().min(MAGIC.len())];
    if magic != &MAGIC[..magic.len()] {
        return refuse(
            message,
            "not a WebAssembly module: the file does not begin with \\0asm",
            Refusal::NotWasm,
        );
    }
    let Some(version) = file.get(4..8) else {
        return refuse(message, "truncated: the file ends within its header", Refusal::Truncated);
    };
    if &version[2..] == COMPONENT_LAYER {
        let why = "a component, and boards take core modules: unwrap it with `zephyr-wasm pack`";
        return refuse(message, why, Refusal::Component);
    }
    if version != MODULE_VERSION {
        return refuse(message, "a module of an unknown version; 1 is known", Refusal::Version);
    }
    sections(&file[8..], exports, message)
}

/// Walks the sections of a module by their lengths.
fn sections(mut rest: &[u8], exports: usize, message: &mut Message) -> Result<(), Refusal> {
    let whole = rest.len() + 8;
    while let Some((&id, after_id)) = rest.split_first() {
        let section = length(after_id).and_then(|(length, body)| body.get(length..));
        let Some(next) = section else {
            message.text("truncated: section ").number(id.into()).text(" goes beyond the file's ");
            message.number(whole as u64).text(" bytes");
            return Err(Refusal::Truncated);
        };
        if id == START_SECTION {
            message.text("has a start function; begin in `run` instead");
            return Err(Refusal::StartFunction);
        }
        if cfg!(not(feature = "many-exports")) && id == EXPORT_SECTION && section_entries(after_id) > exports
        {
            message.text("more exports than its stack has room to sort (CONFIG_WASM_APP_STACK_SIZE)");
            return Err(Refusal::Limits);
        }
        rest = next;
    }
    Ok(())
}

/// How many entries a section says that it has, which begins with its length.
fn section_entries(section: &[u8]) -> usize {
    length(section).and_then(|(_, body)| length(body)).map_or(0, |(count, _)| count)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;
    use std::string::{String, ToString};
    use std::vec::Vec;

    fn refusal(file: &[u8]) -> (Refusal, String) {
        let mut message = Message::new();
        let refusal = outside(file, usize::MAX, &mut message).expect_err("should be refused");
        (refusal, message.as_str().to_string())
    }

    #[test]
    fn whole_modules_pass() {
        let file = wat::parse_str("(module (memory 1) (func (export \"run\")))").unwrap();
        assert!(outside(&file, usize::MAX, &mut Message::new()).is_ok());
    }

    #[test]
    fn every_shortened_module_is_truncated_or_ends_between_sections() {
        let file = wat::parse_str("(module (memory 1) (func (export \"run\")))").unwrap();
        let refused = (0..file.len())
            .filter(|end| outside(&file[..*end], usize::MAX, &mut Message::new()).is_err())
            .count();
        assert!(refused > file.len() / 2, "{refused} of {}", file.len());
        assert_eq!(refusal(&file[..file.len() - 1]).0, Refusal::Truncated);
        assert_eq!(refusal(&file[..6]).0, Refusal::Truncated);
        assert_eq!(refusal(&[]).0, Refusal::Truncated);
    }

    #[test]
    fn other_files_are_named() {
        assert_eq!(refusal(b"\x7fELF....").0, Refusal::NotWasm);
        assert_eq!(refusal(b"\0asm\x02\0\0\0").0, Refusal::Version);
        let (refusal, message) = refusal(b"\0asm\x0d\0\x01\0");
        assert_eq!(refusal, Refusal::Component);
        assert!(message.contains("zephyr-wasm pack"), "{message}");
    }

    #[test]
    fn more_exports_than_the_stack_holds_are_refused() {
        let export = |number| std::format!("(export \"{number}\" (func 0))");
        let module = |count| std::format!("(module (func) {})", (0..count).map(export).collect::<String>());
        let check = |count, most| outside(&wat::parse_str(module(count)).unwrap(), most, &mut Message::new());
        assert_eq!(check(20, 20), Ok(()));
        assert_eq!(check(200, usize::MAX), Ok(()));
        assert_eq!(check(21, 20), Err(Refusal::Limits));
        assert_eq!(check(200, 20), Err(Refusal::Limits));
    }

    #[test]
    fn a_start_function_is_refused() {
        let file = wat::parse_str("(module (func $f) (start $f))").unwrap();
        assert_eq!(refusal(&file).0, Refusal::StartFunction);
    }

    #[test]
    fn custom_sections_are_found_by_name() {
        let file =
            wat::parse_str("(module (@custom \"one\" \"1\") (memory 1) (@custom \"two\" \"22\"))").unwrap();
        assert_eq!(custom_section(&file, "two"), Some(&b"22"[..]));
        assert_eq!(custom_section(&file, "tw"), None);
        assert_eq!(custom_sections(&file, &["two", "none", "one"]), [Some(&b"22"[..]), None, Some(b"1")]);
        // As far as the file goes.
        let cut = &file[..file.len() - 1];
        assert_eq!(custom_sections(cut, &["two", "one"]), [None, Some(&b"1"[..])]);
    }

    #[test]
    fn sections_are_counted() {
        let file = wat::parse_str("(module (@custom \"a\" \"1\") (memory 1) (@custom \"b\" \"\"))").unwrap();
        assert_eq!(section_count(&file), 3);
        assert_eq!(section_count(&file[..8]), 0);
    }

    proptest! {
        #[test]
        fn nothing_panics(mut file in proptest::collection::vec(any::<u8>(), 0..64), whole in any::<bool>()) {
            if whole {
                let mut with_header = Vec::from(*b"\0asm\x01\0\0\0");
                with_header.append(&mut file);
                file = with_header;
            }
            let _ = outside(&file, 20, &mut Message::new());
            let [name, other] = custom_sections(&file, &["name", "other"]);
            prop_assert_eq!([name, other], [custom_section(&file, "name"), custom_section(&file, "other")]);
            let _ = section_count(&file);
        }
    }
}
