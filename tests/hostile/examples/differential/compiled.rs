//! What modules compute that were compiled, beside what the interpreter has computed: instances, calls and states, by the
//! lines that tell of them.

use crate::execute::hash;
use crate::support::{File, Instance, Library, directory};
use std::fmt::Write;
use std::rc::Rc;
use wasmparser::{ExternalKind, Parser, Payload};

/// The number of the trap of calls that are too deep.
const STACK_OVERFLOW: u32 = 8;

/// What a module exports, in the order of the names.
type Exports = Vec<(String, ExternalKind, u32)>;

/// Modules that are compiled in one file.
#[derive(Default)]
pub struct Batch {
    file: File,
    all: Vec<Exports>,
}

impl Batch {
    /// Adds a valid module.
    pub fn add(&mut self, bytes: &[u8]) {
        self.file.add(bytes).expect("it imports nothing");
        self.all.push(exports(bytes));
    }

    /// Compiles them, and has each do what the interpreter did with it. Tells what came out otherwise.
    pub fn differences<'a>(
        mut self,
        lines: impl Iterator<Item = &'a Vec<String>>,
    ) -> Vec<Option<String>> {
        self.file.is_strict = false;
        let path = directory("differential").join(format!("{}", std::process::id()));
        let library = Rc::new(
            self.file
                .build(&path)
                .unwrap_or_else(|said| panic!("{said}")),
        );
        for extension in ["c", "so"] {
            // It is loaded.
            let _ = std::fs::remove_file(path.with_extension(extension));
        }
        let all = self.all.iter().enumerate().zip(lines);
        all.map(|((number, exports), lines)| {
            Replay {
                library: &library,
                number,
                exports,
            }
            .run(lines)
            .err()
        })
        .collect()
    }
}

fn exports(bytes: &[u8]) -> Exports {
    let found = Parser::new(0)
        .parse_all(bytes)
        .find_map(|payload| match payload {
            Ok(Payload::ExportSection(section)) => Some(section),
            _ => None,
        });
    let all = found.into_iter().flatten().flatten().zip(0..);
    let mut all: Exports = all
        .map(|(export, number)| (export.name.to_owned(), export.kind, number))
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// A module that does what the interpreter has done.
struct Replay<'a> {
    library: &'a Rc<Library>,
    number: usize,
    exports: &'a Exports,
}

impl Replay<'_> {
    fn run(&self, lines: &[String]) -> Result<(), String> {
        let mut running = None;
        for line in lines {
            let (found, expected) = match line.split_once(' ') {
                Some(("new", outcome)) => {
                    let (instance, code) = Instance::new(self.library, self.number);
                    running = Some(instance);
                    (
                        if code == 0 {
                            "ok".into()
                        } else {
                            format!("trap {}", word(code))
                        },
                        outcome,
                    )
                }
                Some(("call", call)) => {
                    let (head, outcome) = call.split_once(" -> ").expect("a call has an outcome");
                    (
                        self.call(
                            running.as_ref().expect("there is an instance"),
                            head,
                            outcome,
                        ),
                        outcome,
                    )
                }
                Some(("skip", _)) => return Ok(()),
                _ => {
                    let state = line.strip_prefix("state").expect("no other lines");
                    (
                        self.state(running.as_ref().expect("there is an instance"), state),
                        state,
                    )
                }
            };
            // How deep calls may be is not the same: by their number and values in one, by the native stack in the other.
            if found == format!("trap {}", word(STACK_OVERFLOW)) {
                return Ok(());
            }
            if found != expected {
                return Err(format!("compiled: {found} in place of {line}"));
            }
        }
        Ok(())
    }

    /// Calls a function, and tells the outcome as the interpreter has: with the types that its results have there.
    fn call(&self, instance: &Instance, head: &str, outcome: &str) -> String {
        let mut words = head.split(' ');
        let name = words.next().unwrap_or_default();
        let (_, _, number) = self
            .exports
            .iter()
            .find(|(export, _, _)| hex(export) == name)
            .expect("it is an export");
        let mut values: Vec<u64> = words.map(argument).collect();
        values.resize(values.len() + 16, 0);
        if let Err(code) = instance.call(*number, &mut values) {
            return format!("trap {}", word(code));
        }
        let Some(results) = outcome.strip_prefix("ok") else {
            return "ok".into();
        };
        let results = results.split(' ').skip(1).zip(values);
        results.fold("ok".into(), |text, (expected, value)| {
            format!("{text} {}", told(expected, value))
        })
    }

    /// What memories and globals have; tables are as they were, as nobody sees them.
    fn state(&self, instance: &Instance, expected: &str) -> String {
        let mut text = String::new();
        let seen = self
            .exports
            .iter()
            .filter(|(_, kind, _)| *kind != ExternalKind::Func);
        for ((_, kind, number), expected) in seen.zip(expected.split(' ').skip(1)) {
            let _ = match kind {
                ExternalKind::Memory => {
                    let bytes = instance.memory();
                    write!(text, " memory:{:x}:{:x}", bytes.len(), hash(bytes))
                }
                ExternalKind::Global => {
                    let mut values = [0];
                    instance
                        .call(*number, &mut values)
                        .expect("it is only read");
                    write!(text, " {}", told(expected, values[0]))
                }
                _ => write!(text, " {expected}"),
            };
        }
        text
    }
}

fn hex(name: &str) -> String {
    name.bytes()
        .fold("x".into(), |text, byte| format!("{text}{byte:02x}"))
}

/// The bits of an argument.
fn argument(text: &str) -> u64 {
    match text {
        "f32:nan" => u64::from(f32::NAN.to_bits()),
        "f64:nan" => f64::NAN.to_bits(),
        _ => text
            .split_once(':')
            .and_then(|(_, bits)| u64::from_str_radix(bits, 16).ok())
            .expect("a number"),
    }
}

/// A value of the type that another has.
fn told(like: &str, value: u64) -> String {
    let low = value as u32;
    match like.split(':').next() {
        Some("i32") => format!("i32:{low:x}"),
        Some("i64") => format!("i64:{value:x}"),
        Some("f32") if f32::from_bits(low).is_nan() => "f32:nan".into(),
        Some("f32") => format!("f32:{low:x}"),
        Some("f64") if f64::from_bits(value).is_nan() => "f64:nan".into(),
        Some("f64") => format!("f64:{value:x}"),
        _ if low == 0 => "null".into(),
        _ => "reference".into(),
    }
}

/// How a call ended.
fn word(code: u32) -> String {
    let word = match code {
        1 => "unreachable",
        2 => "memory",
        3 | 0xfe => "table",
        4 => "null",
        5 => "division",
        6 => "overflow",
        7 => "conversion",
        9 => "signature",
        other => return format!("code {other}"),
    };
    word.into()
}
