//! Finds the source of a place in a module, by what its compiler has left in it: line tables (DWARF), or at least names.

use crate::text::shown;
use addr2line::gimli::{self, Dwarf, EndianRcSlice, LittleEndian, SectionId};
use addr2line::{Context, Location};
use std::fmt::Write;
use std::rc::Rc;
use wasmparser::{KnownCustom, Name, Parser, Payload};

type Slice = EndianRcSlice<LittleEndian>;

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file, as its compiler called it.
    pub file: String,
    /// The line, from 1.
    pub number: u32,
}

/// A function that a place is in.
pub struct Frame {
    /// Its name, if the module has one.
    pub function: Option<String>,
    /// The line in it.
    pub line: Option<Line>,
}

/// What a module tells of its sources.
pub struct Lines {
    context: Option<Context<Slice>>,
    /// Where the code begins, from which line tables count.
    code: u64,
    /// Where each function begins and ends, and its number.
    bodies: Vec<(std::ops::Range<u64>, u32)>,
    names: Vec<(u32, String)>,
}

impl Lines {
    /// The functions of a place, a line each; none, if there is no code.
    pub fn described(&self, place: u32) -> Option<String> {
        let (number, frames) = self.frames(place)?;
        let mut text = String::new();
        for (depth, frame) in frames.iter().enumerate() {
            let name = frame.function.clone().unwrap_or_else(|| format!("function {number}"));
            let inlined = if depth == 0 { "" } else { "inlined into " };
            let newline = if depth == 0 { "" } else { "\n" };
            let _ = write!(text, "{newline}    {inlined}{name}");
            if let Some(line) = &frame.line {
                let _ = write!(text, " at {}:{}", line.file, line.number);
            }
        }
        if !self.has_lines() {
            text.push_str(
                " (no line tables: build the app with -g, in Rust with `debug = true` in its profile)",
            );
        }
        Some(shown(&text))
    }

    /// Reads what a module tells; nothing, if it cannot be parsed.
    pub fn of(bytes: &[u8]) -> Self {
        let mut lines = Lines { context: None, code: 0, bodies: Vec::new(), names: Vec::new() };
        let mut sections: Vec<(&str, &[u8])> = Vec::new();
        let mut number = 0;
        for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
            match payload {
                Payload::ImportSection(section) => {
                    let functions = section.into_imports().flatten();
                    number = functions
                        .filter(|import| matches!(import.ty, wasmparser::TypeRef::Func(_)))
                        .count() as u32;
                }
                Payload::CodeSectionStart { unchecked_range, .. } => lines.code = unchecked_range.start,
                Payload::CodeSectionEntry(body) => {
                    lines.bodies.push((body.range(), number));
                    number += 1;
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        let functions = names.into_iter().flatten().filter_map(|name| match name {
                            Name::Function(map) => Some(map),
                            _ => None,
                        });
                        let named = functions.flat_map(|map| map.into_iter().flatten());
                        lines.names.extend(named.map(|name| (name.index, name.name.to_owned())));
                    }
                    sections.push((section.name(), section.data()));
                }
                _ => {}
            }
        }
        let data = |id: SectionId| -> &[u8] {
            let found = sections.iter().find(|(name, _)| *name == id.name());
            found.map_or(&[], |(_, data)| *data)
        };
        let load = |id| Ok::<_, gimli::Error>(Slice::new(Rc::from(data(id)), LittleEndian));
        if sections.iter().any(|(name, _)| *name == SectionId::DebugLine.name()) {
            let room = sections.iter().map(|(_, data)| data.len()).sum::<usize>() * MOST_TIMES + LEAST_ROOM;
            let dwarf = Dwarf::load(load).ok();
            let dwarf = dwarf.filter(|dwarf| is_fair(dwarf, data(SectionId::DebugAbbrev), room));
            lines.context = dwarf.and_then(|dwarf| Context::from_dwarf(dwarf).ok());
        }
        lines
    }

    /// Whether it has line tables.
    pub fn has_lines(&self) -> bool {
        self.context.is_some()
    }

    /// The line of a place in the file.
    pub fn at(&self, place: u32) -> Option<Line> {
        let at = u64::from(place).checked_sub(self.code)?;
        line(self.context.as_ref()?.find_location(at).ok()??)
    }

    /// The number of the function that a place is in, and how far behind the function's beginning it is.
    pub fn offset(&self, place: u32) -> Option<(u32, u32)> {
        let (body, number) = self.bodies.iter().find(|(body, _)| body.contains(&u64::from(place)))?;
        Some((*number, place - body.start as u32))
    }

    /// The functions of a place: the innermost first, and those behind it that it was inlined into. None, if the place is
    /// in no function.
    pub fn frames(&self, place: u32) -> Option<(u32, Vec<Frame>)> {
        let (number, _) = self.offset(place)?;
        let mut frames = Vec::new();
        // A malformed module can have a second code section, in front of which there is code, too.
        if let (Some(context), Some(at)) = (&self.context, u64::from(place).checked_sub(self.code)) {
            let found = context.find_frames(at).skip_all_loads();
            if let Ok(mut found) = found {
                while let Ok(Some(frame)) = found.next() {
                    let name =
                        frame.function.and_then(|name| name.demangle().ok().map(|name| name.into_owned()));
                    frames.push(Frame { function: name, line: frame.location.and_then(line) });
                }
            }
        }
        if frames.is_empty() {
            frames.push(Frame { function: None, line: self.at(place) });
        }
        let last = frames.last_mut().filter(|frame| frame.function.is_none());
        if let Some(last) = last {
            let name = self.names.iter().find(|(index, _)| *index == number);
            last.function = name.map(|(_, name)| name.clone());
        }
        Some((number, frames))
    }
}

/// How much line tables may mean: so many times what they have, and what small ones may in any case.
const MOST_TIMES: usize = 4;
const LEAST_ROOM: usize = 1 << 20;

/// How deep entries may be one in another.
const DEEPEST: isize = 1000;

/// Whether tables mean no more than there is room for. Any number of units and functions may have the same lists, which
/// `addr2line` reads, and keeps, for each of them: a file of a megabyte would take more memory than there is.
fn is_fair(dwarf: &Dwarf<Slice>, abbreviations: &[u8], room: usize) -> bool {
    let mut left = room;
    let mut take = |size: usize| left.checked_sub(size).map(|rest| left = rest).is_some();
    let mut units = dwarf.units();
    loop {
        let header = match units.next() {
            Ok(Some(header)) => header,
            Ok(None) => return true,
            Err(_) => return false,
        };
        let table = abbreviations.get(header.debug_abbrev_offset().0..).unwrap_or_default();
        if !take(length_of_table(table)) {
            return false;
        }
        let Ok(unit) = dwarf.unit(header) else { continue };
        if let Some(program) = &unit.line_program
            && !take(program.header().unit_length())
        {
            return false;
        }
        let mut entries = unit.entries();
        // What cannot be read is read by nobody.
        while let Ok(Some(entry)) = entries.next_dfs() {
            if entry.depth() > DEEPEST {
                return false;
            }
            let Some(ranges) = entry.attr_value(gimli::DW_AT_ranges) else { continue };
            let Ok(Some(offset)) = dwarf.attr_ranges_offset(&unit, ranges) else { continue };
            let Ok(mut ranges) = dwarf.raw_ranges(&unit, offset) else { continue };
            while let Ok(Some(_)) = ranges.next() {
                if !take(1) {
                    return false;
                }
            }
        }
    }
}

/// How many bytes a table of abbreviations has, which ends with one of the number 0.
fn length_of_table(table: &[u8]) -> usize {
    let mut rest = table;
    // One that has no end is as long as all of it.
    if skip_table(&mut rest).is_some() { table.len() - rest.len() } else { table.len() }
}

fn skip_table(rest: &mut &[u8]) -> Option<()> {
    /// The form of an attribute whose value is in the table.
    const IMPLICIT_CONST: u64 = 0x21;
    while number(rest)? != 0 {
        // Its tag, and whether it has children.
        number(rest)?;
        *rest = rest.get(1..)?;
        loop {
            let (name, form) = (number(rest)?, number(rest)?);
            if form == IMPLICIT_CONST {
                number(rest)?;
            }
            if (name, form) == (0, 0) {
                break;
            }
        }
    }
    Some(())
}

/// A number as DWARF has them. What is too large is not one that anybody looks for.
fn number(bytes: &mut &[u8]) -> Option<u64> {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let (digits, rest) = bytes.split_at(length);
    *bytes = rest;
    let add = |value: u64, byte: &u8| value.saturating_mul(128).saturating_add(u64::from(byte & 0x7f));
    Some(digits.iter().rev().fold(0, add))
}

fn line(location: Location<'_>) -> Option<Line> {
    Some(Line { file: location.file?.to_owned(), number: location.line.filter(|line| *line != 0)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::append;

    /// A module of so many units, each with the same list of ranges.
    fn module(units: usize, ranges: usize) -> Vec<u8> {
        let mut module = wat::parse_str("(module (func))").unwrap();
        // A unit without children, by its list of ranges.
        append(&mut module, ".debug_abbrev", &[1, 0x11, 0, 0x55, 0x17, 0, 0, 0]);
        let unit = [12u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0];
        append(&mut module, ".debug_info", &unit.repeat(units));
        let list: Vec<u8> = (0..ranges as u32)
            .flat_map(|at| [2 * at + 1, 2 * at + 2])
            .chain([0, 0])
            .flat_map(u32::to_le_bytes)
            .collect();
        append(&mut module, ".debug_ranges", &list);
        append(&mut module, ".debug_line", &[]);
        module
    }

    #[test]
    fn lists_that_are_meant_again_and_again_are_not_read() {
        assert!(Lines::of(&module(1, 5000)).has_lines());
        assert!(Lines::of(&module(5000, 1)).has_lines());
        assert!(!Lines::of(&module(5000, 5000)).has_lines());
    }

    #[test]
    fn tables_have_an_end() {
        let table = [1, 0x11, 0, 0x55, 0x17, 0x3e, 0x21, 0x80, 0x7f, 0, 0, 2, 0x2e, 1, 0, 0, 0];
        let with_more = [&table[..], &[1, 2, 3]].concat();
        assert_eq!(length_of_table(&with_more), table.len());
        assert_eq!(length_of_table(&table[..9]), 9);
        assert_eq!(length_of_table(&[]), 0);
        assert_eq!(length_of_table(&[0x80, 0x80, 0, 7]), 3);
    }
}
