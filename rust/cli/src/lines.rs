//! Finds the source of a place in a module, by what its compiler has left in it: line tables (DWARF), or at least names.

use addr2line::gimli::{self, Dwarf, EndianRcSlice, LittleEndian, SectionId};
use addr2line::{Context, Location};
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
        let load = |id: SectionId| {
            let found = sections.iter().find(|(name, _)| *name == id.name());
            Ok::<_, gimli::Error>(Slice::new(Rc::from(found.map_or(&[][..], |(_, data)| data)), LittleEndian))
        };
        if sections.iter().any(|(name, _)| *name == SectionId::DebugLine.name()) {
            lines.context = Dwarf::load(load).and_then(Context::from_dwarf).ok();
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

fn line(location: Location<'_>) -> Option<Line> {
    Some(Line { file: location.file?.to_owned(), number: location.line.filter(|line| *line != 0)? })
}
