//! What a board gets of a module whose code it has as its own.

use crate::error::Error;
use wasmparser::{Parser, Payload};
use zephyr_wasm_manifest::section::write_length;

/// The sections that firmware reads: custom ones, types, imports, functions, tables, memories, exports.
const KEPT: [u8; 7] = [0, 1, 2, 3, 4, 5, 7];

/// Custom sections that are of a file in the store: its machine code, and who has signed it.
const OF_FILES: [&str; 2] = ["zephyr-wasm:code", "signature"];

/// A module without its code and its data: what it imports and exports, and what its custom sections tell.
///
/// # Errors
/// If it cannot be read.
pub fn outside(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut outside = b"\0asm\x01\0\0\0".to_vec();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        let is_of_file =
            matches!(&payload, Payload::CustomSection(section) if OF_FILES.contains(&section.name()));
        let Some((id, range)) = payload.as_section() else { continue };
        if KEPT.contains(&id) && !is_of_file {
            let content = &bytes[range.start as usize..range.end as usize];
            outside.push(id);
            write_length(&mut outside, content.len());
            outside.extend_from_slice(content);
        }
    }
    Ok(outside)
}
