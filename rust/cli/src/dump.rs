//! Core dumps as WebAssembly's tool conventions have them: what debuggers for wasm read.

use crate::explain::lines_of;
use crate::input;
use crate::lines::Lines;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasm_encoder::{
    ConstExpr, CoreDumpInstancesSection, CoreDumpModulesSection, CoreDumpSection, CoreDumpStackSection,
    DataSection, MemorySection, MemoryType, Module,
};
use zephyr_wasm_platform_host::Core;

/// What each line of a dump on a console begins with: `ZEPHYR_WASM_DUMP_MARK` of `src/observe/remains.h`.
const MARK: &str = "#WD:";

const PAGE: usize = 65536;

/// More than an app on a board has; what says more is not a dump, or is one that would have this tool fill the memory.
const MOST: usize = 16 * 1024 * 1024;

/// Makes a WebAssembly core dump of what a board has printed as an app ended (CONFIG_WASM_COREDUMP).
#[derive(Args)]
pub struct Dump {
    /// The module that was packed, as its compiler made it.
    module: PathBuf,
    /// The board's console.
    #[arg(long)]
    log: PathBuf,
    /// The app, if the console has dumps of several; the last dump counts.
    #[arg(long)]
    name: Option<String>,
    /// Where to write the core dump.
    #[arg(short, long)]
    output: PathBuf,
}

impl Dump {
    pub fn execute(&self) -> Result<ExitCode> {
        let log = input::bytes(&self.log)?;
        let Some(dump) = Printed::last(&String::from_utf8_lossy(&log), self.name.as_deref())? else {
            bail!(
                "{}: has no dump of an app{}",
                self.log.display(),
                match &self.name {
                    Some(name) => format!(" called `{name}`"),
                    None => String::new(),
                }
            );
        };
        write(&self.output, &self.module, &dump.name, &dump.core)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A dump as a board prints it:
///
/// ```text
/// #WD:begin <app> <place> <bytes of memory>
/// #WD:<hexadecimal bytes>
/// #WD:0*<count of bytes that are 0>
/// #WD:end
/// ```
///
/// What an app logs stands behind its name, and what a program prints has no such mark (`src/wasi/streams.c`): a mark is
/// the firmware's where a line begins.
pub struct Printed {
    pub name: String,
    pub core: Core,
}

impl Printed {
    /// The last dump on a console, of the app of that name; those before it are not read.
    pub fn last(log: &str, name: Option<&str>) -> Result<Option<Self>> {
        let records: Vec<&str> = log.lines().filter_map(record).collect();
        let is_wanted = |begin: &str| name.is_none_or(|name| begin.split_whitespace().next() == Some(name));
        let begins = records.iter().enumerate().rev();
        let last = begins
            .filter_map(|(at, record)| Some((at, record.strip_prefix(BEGIN)?)))
            .find(|(_, begin)| is_wanted(begin));
        last.map(|(at, begin)| Printed::parse(begin, &records[at + 1..])).transpose()
    }

    /// Reads a dump from what its first record says, and those that follow.
    fn parse(first: &str, others: &[&str]) -> Result<Self> {
        let mut first = first.split_whitespace();
        let (Some(name), Some(place), Some(size)) = (first.next(), first.next(), first.next()) else {
            bail!("a dump begins without a name, a place and a size");
        };
        let size: usize = size.parse().context("a dump's size")?;
        if size > MOST {
            bail!("the dump of {name} says that it has {size} bytes, which no app on a board has");
        }
        let place = u32::from_str_radix(place.trim_start_matches("0x"), 16).context("a dump's place")?;
        let mut memory = Vec::new();
        for line in others {
            let line = line.split(|c: char| c.is_whitespace() || c == ESCAPE).next().unwrap_or_default();
            if line == "end" {
                break;
            }
            match line.strip_prefix("0*") {
                Some(count) => {
                    let count: usize = count.parse().context("a dump's zeros")?;
                    if count > size - memory.len().min(size) {
                        bail!("the dump of {name} has more than its {size} bytes");
                    }
                    memory.resize(memory.len() + count, 0);
                }
                None => memory.extend(bytes(line).with_context(|| format!("the dump of {name}: {line}"))?),
            }
        }
        if memory.len() != size {
            bail!("the dump of {name} has {} of its {size} bytes: lines are lost", memory.len());
        }
        Ok(Printed { name: name.to_owned(), core: Core { place, memory } })
    }
}

const BEGIN: &str = "begin ";
const ESCAPE: char = '\x1b';

/// What a line of a console says of a dump, if it is one of the firmware's.
fn record(line: &str) -> Option<&str> {
    let (before, record) = line.split_once(MARK)?;
    (before.ends_with('\r') || is_erased(before)).then_some(record)
}

/// Whether a terminal shows nothing before a mark: there is nothing, or what it obeys, as the shell writes behind its
/// prompt. No app writes that into the log.
fn is_erased(before: &str) -> bool {
    let Some((_, command)) = before.rsplit_once(ESCAPE) else { return before.is_empty() };
    let is_parameter = |c: char| c.is_ascii_digit() || c == ';' || c == '?';
    command.strip_prefix('[').is_some_and(|rest| {
        rest.trim_start_matches(is_parameter).strip_prefix(|c: char| c.is_ascii_alphabetic()) == Some("")
    })
}

fn bytes(hex: &str) -> Result<Vec<u8>> {
    if !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        bail!("not whole bytes");
    }
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).context("not hexadecimal")).collect()
}

/// Writes a core dump of an app.
///
/// # Errors
/// If the module cannot be read, or the file not be written.
pub fn write(output: &Path, module: &Path, name: &str, core: &Core) -> Result<()> {
    let lines = lines_of(module)?;
    std::fs::write(output, core_dump(&module.display().to_string(), name, core, &lines))
        .with_context(|| format!("cannot write {}", output.display()))
}

/// A core dump of an app, whose module is the file at that path.
pub fn core_dump(path: &str, name: &str, core: &Core, lines: &Lines) -> Vec<u8> {
    let mut dump = Module::new();
    let mut modules = CoreDumpModulesSection::new();
    modules.module(path);
    let mut instances = CoreDumpInstancesSection::new();
    instances.instance(0, vec![0u32], Vec::<u32>::new());
    let mut stack = CoreDumpStackSection::new(name);
    if let Some((function, offset)) = lines.offset(core.place) {
        stack.frame(0, function, offset, [], []);
    }
    let mut memories = MemorySection::new();
    let minimum = core.memory.len().div_ceil(PAGE) as u64;
    memories.memory(MemoryType {
        minimum,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(0), core.memory.iter().copied());
    dump.section(&CoreDumpSection::new(name));
    dump.section(&modules).section(&instances).section(&stack);
    dump.section(&memories).section(&data);
    dump.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{KnownCustom, Parser, Payload};

    #[test]
    fn a_printed_dump_is_read() {
        let text = "#WD:begin weather 0x4d2 10\r\n[00:01] <inf> other: hello\r\n#WD:0102\x1b[0m\r\n\
                    uart:~$ \x1b[8D\x1b[J#WD:0*7\r\nno end of a line\r#WD:ff\r\n#WD:end\r\nmore";
        let dump = Printed::last(text, None).unwrap().unwrap();
        assert_eq!((dump.name.as_str(), dump.core.place), ("weather", 0x4d2));
        assert_eq!(dump.core.memory, [1, 2, 0, 0, 0, 0, 0, 0, 0, 255]);
    }

    #[test]
    fn a_dump_with_lost_lines_is_refused() {
        for text in [
            "a 0x1 2\n#WD:01\n#WD:end",
            "a 0x1 2\n#WD:0*3\n#WD:end",
            "a 0x1 2\n#WD:0x\n",
            "a 0x1",
            "a 0x1 2\n#WD:012\n",
            // Read as sizes, these would be more than there is.
            "a 0x1 18446744073709551615\n#WD:0*18446744073709551615\n#WD:end",
            "a 0x1 17179869184\n#WD:0*17179869184\n#WD:end",
        ] {
            assert!(Printed::last(&format!("#WD:begin {text}"), None).is_err(), "{text}");
        }
    }

    /// As the firmware's log and consoles have what an app writes, which is a dump of another's.
    #[test]
    fn what_an_app_writes_is_no_dump() {
        let real = "#WD:begin weather 0x4d2 2\r\n#WD:0102\r\n#WD:end\r\n";
        let dump = |text: &str| {
            let dump = Printed::last(text, Some("weather"));
            dump.unwrap().map(|dump| (dump.core.place, dump.core.memory))
        };
        for before in [
            "[00:00:01.000,000] <inf> zephyr_wasm: evil: ",
            "\x1b[1;31m[00:00:01.000,000] <err> zephyr_wasm: evil: ",
            "I: evil: ",
            "evil: ",
            "uart:~$ ",
            // A terminal takes none of these for a command, nor does it see the beginning of a line.
            "evil: ?[J",
            "\x1b[1;31mevil: ?",
            "evil: [J",
            "x\x1b[",
            "x\x1b[J ",
            "#",
        ] {
            let forged = format!("{before}#WD:begin weather 0x1 1\r\n{before}#WD:66\r\n{before}#WD:end\r\n");
            assert_eq!(dump(&forged), None, "{before}");
            assert_eq!(dump(&format!("{real}{forged}")), Some((0x4d2, vec![1, 2])), "{before}");
            // Nor does it become a part of one.
            let between = real.replace("#WD:0102", &format!("{before}#WD:66\r\n#WD:0102\r\n{before}#WD:end"));
            assert_eq!(dump(&between), Some((0x4d2, vec![1, 2])), "{before}");
        }
        // A program's output, as src/wasi/streams.c leaves it.
        assert_eq!(dump("#WD?begin weather 0x1 1\n#WD?66\n#WD?end\n"), None);
    }

    #[test]
    fn only_the_last_dump_is_read() {
        let begun = std::time::Instant::now();
        let many = "#WD:begin a 0x1 16777216\n#WD:0*16777216\n#WD:end\n".repeat(20_000);
        let log = many + "#WD:begin a 0x2 1\n#WD:07\n#WD:end\n#WD:begin b 0x3 1\n";
        let dump = Printed::last(&log, Some("a")).unwrap().unwrap();
        assert_eq!((dump.core.place, dump.core.memory), (2, vec![7]));
        assert!(Printed::last(&log, Some("c")).unwrap().is_none());
        assert!(Printed::last(&log, None).is_err());
        assert!(begun.elapsed().as_secs() < 10);
    }

    #[test]
    fn a_core_dump_is_as_its_convention_says() {
        let bytes = wat::parse_str("(module (func $a) (func $b unreachable))").unwrap();
        let place = bytes.windows(2).rposition(|window| window == [0x00, 0x0b]).unwrap() as u32;
        let core = Core { place, memory: vec![7; 70_000] };
        let dump = core_dump("app.wasm", "app", &core, &Lines::of(&bytes));
        let mut seen = Vec::new();
        for payload in Parser::new(0).parse_all(&dump) {
            match payload.unwrap() {
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::CoreDump(core) => assert_eq!(core.name, "app"),
                    KnownCustom::CoreDumpModules(modules) => assert_eq!(modules.modules, ["app.wasm"]),
                    KnownCustom::CoreDumpInstances(instances) => {
                        assert_eq!(instances.instances[0].memories, [0])
                    }
                    KnownCustom::CoreDumpStack(stack) => {
                        assert_eq!((stack.frames[0].funcidx, stack.frames[0].codeoffset), (1, 1));
                        seen.push("stack");
                    }
                    _ => panic!("{}", section.name()),
                },
                Payload::MemorySection(memories) => {
                    assert_eq!(memories.into_iter().next().unwrap().unwrap().initial, 2);
                    seen.push("memory");
                }
                Payload::DataSection(data) => {
                    assert_eq!(data.into_iter().next().unwrap().unwrap().data.len(), 70_000);
                    seen.push("data");
                }
                _ => {}
            }
        }
        assert_eq!(seen, ["stack", "memory", "data"]);
    }
}
