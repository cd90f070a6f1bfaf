//! A look at a module's outside, so that what is wrong with a file can be said before the engine sees it.

use crate::end::Refusal;
use crate::message::Message;
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_manifest::section::length;
pub use zephyr_wasm_manifest::section::{custom_section, custom_sections, section_count};

const MAGIC: &[u8] = b"\0asm";
const MODULE_VERSION: &[u8] = &[1, 0, 0, 0];
/// The layer field that follows a component's version.
const COMPONENT_LAYER: &[u8] = &[1, 0];
const FUNCTION_SECTION: u8 = 3;
const EXPORT_SECTION: u8 = 7;
const START_SECTION: u8 = 8;
const CODE_SECTION: u8 = 10;

/// The most sections of an app of a store, and bytes of its manifest. The kernel reads the manifest each time that the app
/// starts, on threads that are more urgent than all apps.
const MOST_SECTIONS: usize = 256;
const LONGEST_MANIFEST: usize = 8192;

/// Why a store does not install an app that has more of something than others have.
pub fn too_much_for_a_store(module: &[u8], manifest: Manifest<'_>) -> Option<&'static str> {
    let is_too_much = section_count(module) > MOST_SECTIONS
        || manifest.text().is_some_and(|text| text.len() > LONGEST_MANIFEST);
    is_too_much.then_some("has more than 256 sections, or a manifest of more than 8192 bytes")
}

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
            message.text("has a start function: `zephyr-wasm pack` it");
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

/// Whether a module, which has passed [`outside`], has the code of its functions. `zephyr-wasm sign --strip` leaves that
/// out.
pub fn has_code(file: &[u8]) -> bool {
    let mut rest = file.get(8..).unwrap_or_default();
    let mut functions = 0;
    while let Some((&id, after_id)) = rest.split_first() {
        match id {
            FUNCTION_SECTION => functions = section_entries(after_id),
            CODE_SECTION => return true,
            _ => {}
        }
        rest = length(after_id).and_then(|(length, body)| body.get(length..)).unwrap_or_default();
    }
    functions == 0
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
    fn code_that_was_left_out_is_missed() {
        let file = wat::parse_str("(module (func (export \"run\")) (@custom \"a\" \"1\"))").unwrap();
        assert!(has_code(&file));
        // Before its section of code, which is the last but one.
        let at = file.windows(2).rposition(|bytes| bytes == [CODE_SECTION, 4]).unwrap();
        assert!(!has_code(&file[..at]));
        assert!(has_code(&wat::parse_str("(module (memory 1))").unwrap()));
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
            let _ = (section_count(&file), has_code(&file));
        }
    }
}
