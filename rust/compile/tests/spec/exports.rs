//! What a module exports.

use std::collections::HashMap;
use wasmparser::{Parser, Payload};

/// The number of each export, by its name.
pub fn exports(bytes: &[u8]) -> HashMap<String, u32> {
    let exports = Parser::new(0).parse_all(bytes).map_while(Result::ok).find_map(|payload| match payload {
        Payload::ExportSection(section) => Some(section),
        _ => None,
    });
    let names = exports.into_iter().flatten().flatten().map(|export| export.name.to_owned());
    names.zip(0..).collect()
}
