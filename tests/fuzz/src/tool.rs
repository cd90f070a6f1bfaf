//! What the command line tool reads: modules, components, and consoles of boards.

use crate::changes::changed;
use crate::seeds;
use std::sync::LazyLock;
use wasm_encoder::{CustomSection, Section};
use wasmparser::Parser;
use zephyr_wasm_cli::fuzz;
use zephyr_wasm_runtime::text::is_shown;
use zephyr_wasm_runtime::{Message, check};

/// A module with lines of sources, names, and places that a board could tell.
static TRACED: LazyLock<Vec<u8>> = LazyLock::new(seeds::with_lines);

/// Takes bytes as a module, as changes of a guest, or as what makes wasm-smith's next module; packs it.
pub fn pack(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let module = match kind % 4 {
        0 | 1 => rest.to_vec(),
        2 => changed(&TRACED, rest),
        _ => hostile::made::module(rest).unwrap_or_default(),
    };
    let lines = (kind & 4 != 0).then_some("name fuzzed\nzephyr:sensor read *");
    let Ok(packed) = fuzz::pack(&module, lines, kind & 8 != 0) else {
        return;
    };
    // A board takes it, and so does the tool: it has been packed, or there was nothing to do.
    let outside = check::outside(&packed, usize::MAX, &mut Message::new());
    assert!(outside.is_ok(), "{outside:?}");
    fuzz::validate(&packed).expect("what is packed is valid");
    let again = fuzz::pack(&packed, None, false).expect("what is packed can be packed");
    fuzz::validate(&again).expect("and is valid");
    // The name of a global that is packed away may have said that it is no stack's pointer.
    let export = zephyr_wasm_runtime::instance::STACK_POINTER.len() + 8;
    assert!(again.len() <= packed.len() + export, "nothing is added");
}

/// Takes bytes as a component, or as changes of one; and a module as one.
pub fn component(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let components = seeds::whole_components();
    let file = match kind % 4 {
        0 | 1 => rest.to_vec(),
        _ => changed(&components[usize::from(kind >> 2) % components.len()], rest),
    };
    if let Ok(core) = fuzz::unwrap(&file) {
        let is_component = Parser::is_component(&file);
        assert!(!is_component || Parser::is_core_wasm(&core), "no module");
        if let Ok(component) = fuzz::component(&core) {
            assert!(fuzz::unwrap(&component).is_ok(), "there and not back");
        }
    }
}

/// Takes bytes as a console with a dump of an app's memory.
pub fn core_dump(data: &[u8]) {
    let console = String::from_utf8_lossy(data);
    if let Ok(Some(dump)) = fuzz::dump(&TRACED, &console) {
        for payload in Parser::new(0).parse_all(&dump) {
            payload.expect("a core dump is a module");
        }
    }
}

/// Takes bytes as a console, up to a zero, and as the module that it is of: changes of one, or its debug sections.
pub fn explain(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let end = rest.iter().position(|byte| *byte == 0);
    let (console, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let module = match kind % 4 {
        0 => rest.to_vec(),
        1 => TRACED.clone(),
        2 => changed(&TRACED, rest),
        _ => with_debug_sections(rest),
    };
    let mut text = console.to_vec();
    // Every place there is, as they are few.
    for place in 0..module.len().min(600) {
        text.extend_from_slice(format!("\nended at {place:#x}").as_bytes());
    }
    let explained = fuzz::explain(&module, &text).expect("nothing is read");
    let explained = String::from_utf8(explained).expect("a text");
    let is_good = |c: char| matches!(c, '\n' | '\t' | '\r' | '\u{1b}') || is_shown(c);
    assert!(explained.chars().all(is_good), "{explained:?}");
}

/// A module with code, and debug sections whose bytes are these, each up to where a length says.
fn with_debug_sections(mut bytes: &[u8]) -> Vec<u8> {
    let mut module =
        wat::parse_str("(module (func unreachable) (func nop unreachable))").expect("our own text");
    for name in [
        ".debug_line",
        ".debug_info",
        ".debug_abbrev",
        ".debug_str",
        ".debug_ranges",
    ] {
        let size = bytes.first().map_or(0, |byte| usize::from(*byte) * 2);
        bytes = bytes.get(1..).unwrap_or_default();
        let (section, rest) = bytes.split_at(size.min(bytes.len()));
        bytes = rest;
        let section = CustomSection {
            name: name.into(),
            data: section.into(),
        };
        section.append_to(&mut module);
    }
    module
}
