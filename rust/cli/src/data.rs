//! Joins a module's data segments: the engine keeps their bytes in one array that doubles as it grows, so that a
//! second segment of four bytes can cost an app as much memory as the first has.

use anyhow::Result;
use wasm_encoder::{ConstExpr, DataSection};
use wasmparser::{DataKind, DataSectionReader, Operator};

/// Zeros between two segments that cost less than a segment does.
const GAP: u32 = 64;

/// Where some bytes begin in memory.
struct Segment {
    start: u32,
    bytes: Vec<u8>,
}

/// The same data in as few segments as there can be, the largest last; none where the order or the number of them
/// can matter.
///
/// # Errors
/// Where the section cannot be parsed.
pub fn joined(section: DataSectionReader<'_>) -> Result<Option<DataSection>> {
    let Some(mut segments) = segments(section)? else { return Ok(None) };
    segments.sort_by_key(|segment| segment.start);
    let mut joined: Vec<Segment> = Vec::new();
    for segment in segments {
        let Some(last) = joined.last_mut() else {
            joined.push(segment);
            continue;
        };
        let Some(end) = u32::try_from(last.bytes.len()).ok().and_then(|len| last.start.checked_add(len))
        else {
            return Ok(None);
        };
        match segment.start.checked_sub(end) {
            // What overlaps depends on the order.
            None => return Ok(None),
            Some(gap) if gap <= GAP => {
                last.bytes.resize(last.bytes.len() + gap as usize, 0);
                last.bytes.extend(segment.bytes);
            }
            Some(_) => joined.push(segment),
        }
    }
    joined.sort_by_key(|segment| segment.bytes.len());
    let mut section = DataSection::new();
    for segment in joined {
        section.active(0, &ConstExpr::i32_const(segment.start as i32), segment.bytes);
    }
    Ok(Some(section))
}

/// The segments that have bytes, if all are put at fixed places of the first memory at the start.
fn segments(section: DataSectionReader<'_>) -> Result<Option<Vec<Segment>>> {
    let mut segments = Vec::new();
    for data in section {
        let data = data?;
        let DataKind::Active { memory_index: 0, offset_expr } = data.kind else { return Ok(None) };
        let mut operators = offset_expr.get_operators_reader();
        let (Operator::I32Const { value }, Operator::End) = (operators.read()?, operators.read()?) else {
            return Ok(None);
        };
        segments.push(Segment { start: value as u32, bytes: data.data.to_vec() });
    }
    Ok(Some(segments))
}

#[cfg(test)]
mod tests {
    use crate::shrink::shrink;
    use wasmparser::{Parser, Payload};

    /// The starts and bytes of a module's segments, as far as they have a fixed start.
    fn segments(source: &str) -> Vec<(u32, Vec<u8>)> {
        let shrunk = shrink(&wat::parse_str(source).unwrap(), false, true).unwrap();
        zephyr_wasm_engine::validate(&shrunk).expect("still valid");
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(&shrunk) {
            if let Payload::DataSection(section) = payload.unwrap() {
                let segments = super::segments(section).unwrap().expect("all have a place");
                found.extend(segments.into_iter().map(|segment| (segment.start, segment.bytes)));
            }
        }
        found
    }

    #[test]
    fn neighbours_become_one() {
        let found = segments(
            r#"(module (memory 1)
                (data (i32.const 24) "later") (data (i32.const 16) "first")
                (data (i32.const 4000) "far"))"#,
        );
        assert_eq!(found, [(4000, b"far".to_vec()), (16, b"first\0\0\0later".to_vec())]);
    }

    #[test]
    fn what_overlaps_keeps_its_order() {
        let found =
            segments(r#"(module (memory 1) (data (i32.const 18) "later") (data (i32.const 16) "first"))"#);
        assert_eq!(found, [(18, b"later".to_vec()), (16, b"first".to_vec())]);
    }

    #[test]
    fn what_does_not_fit_still_does_not() {
        let found = segments(
            r#"(module (memory 1) (data (i32.const 65530) "beyond the end") (data (i32.const -1) "x"))"#,
        );
        assert_eq!(found, [(u32::MAX, b"x".to_vec()), (65530, b"beyond the end".to_vec())]);
    }

    #[test]
    fn segments_that_code_names_stay() {
        let source = r#"(module (memory 1) (data (i32.const 16) "first") (data $passive "later")
            (func (export "run") (result i32)
                (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 5)) i32.const 0))"#;
        let shrunk = shrink(&wat::parse_str(source).unwrap(), false, true).unwrap();
        let count = Parser::new(0).parse_all(&shrunk).find_map(|payload| match payload.unwrap() {
            Payload::DataSection(section) => Some(section.count()),
            _ => None,
        });
        assert_eq!(count, Some(2));
    }
}
