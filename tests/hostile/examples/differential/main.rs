//! Makes modules, and says what our engine computes with them, for `scripts/lib/differential.py` to compare with what
//! another engine does.
//!
//!     differential SEED COUNT [--unmended selects|blocks|tables] [--without NUMBER,...] [--module FILE] [--compiled]
//!
//! Each seed is a module: every fourth is wasm-smith's, the others are our own. The engine gets them as `zephyr-wasm pack`
//! would have them, and none is made that it refuses. To see that what the engine gets wrong is found, `--unmended` leaves
//! wrong selects as they are, or makes blocks that have parameters, or `br_table`s that take several values along.
//! `--compiled` has what they are in C compute the same, all of them in one file, and adds a line where it does not.
//! `--without` leaves parts of our own out, `--module` takes a file in place of what is made. To the standard output goes for each module:
//!
//!     module SEED PARTS BYTES     and so many bytes: the module as it was made
//!     new ok                      an instance of it, or `new trap REASON`
//!     call NAME ARGUMENT... -> ok RESULT...
//!     call NAME ARGUMENT... -> trap REASON
//!     state WHAT...               memories, globals and tables, in the order of the names of exports
//!     skip REASON                 the engine's limits have ended it
//!     end
//!
//! Names are UTF-8 in hexadecimal behind an x, values are `TYPE:BITS`.

mod bulk;
mod code;
mod compiled;
mod execute;
mod known;
mod numbers;
mod own;
mod smith;
#[rustfmt::skip] // It has the style of rust/.
#[path = "../../../../rust/compile/tests/support/mod.rs"]
mod support;
mod values;

use compiled::Batch;
use known::Known;
use numbers::Numbers;
use std::collections::BTreeSet;
use std::io::Write;
use zephyr_wasm_runtime::engine::{select, wrong::wrong};

struct Options {
    seed: u64,
    count: u64,
    unmended: Option<Known>,
    without: BTreeSet<u32>,
    module: Option<Vec<u8>>,
    compiled: bool,
}

fn options() -> Option<Options> {
    let mut arguments = std::env::args().skip(1);
    let mut options = Options {
        seed: arguments.next()?.parse().ok()?,
        count: arguments.next()?.parse().ok()?,
        unmended: None,
        without: BTreeSet::new(),
        module: None,
        compiled: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--unmended" => {
                options.unmended = Some(match arguments.next()?.as_str() {
                    "selects" => Known::Selects,
                    "blocks" => Known::Blocks,
                    "tables" => Known::Tables,
                    _ => return None,
                });
            }
            "--compiled" => options.compiled = true,
            "--module" => options.module = Some(std::fs::read(arguments.next()?).ok()?),
            "--without" => {
                let numbers = arguments.next()?;
                options.without = numbers
                    .split(',')
                    .map(|number| number.parse().ok())
                    .collect::<Option<_>>()?;
            }
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> std::io::Result<()> {
    let Some(options) = options() else {
        eprintln!(
            "differential SEED COUNT [--unmended selects|blocks|tables] [--without NUMBER,...] [--module FILE] [--compiled]"
        );
        std::process::exit(2);
    };
    let known = options.unmended;
    let refused = matches!(known, Some(Known::Blocks | Known::Tables));
    let mut batch = Batch::default();
    let mut all = Vec::new();
    for seed in options.seed..options.seed + options.count {
        let mut numbers = Numbers::new(seed);
        let (bytes, parts) = match seed % 4 {
            _ if options.module.is_some() => (options.module.clone().unwrap_or_default(), 0),
            3 => match smith::module(&mut numbers, refused) {
                Some(module) => (module, 0),
                None => continue,
            },
            _ => own::module(&mut numbers, &options.without, known),
        };
        let module = match known {
            Some(Known::Selects) => bytes.clone(),
            _ => select::mended(&bytes).expect("known instructions"),
        };
        let is_refused = !refused && wrong(&bytes).is_none_or(|wrong| wrong.block.is_some());
        let lines = match is_refused {
            true => vec!["skip it has what the engine is known to get wrong".into()],
            false => execute::lines(&module, &mut numbers),
        };
        if options.compiled {
            batch.add(&bytes);
        } else {
            write(&format!("module {seed} {parts}"), &bytes, &lines)?;
        }
        all.push((format!("module {seed} {parts}"), bytes, lines));
    }
    if options.compiled {
        let found = batch.differences(all.iter().map(|(_, _, lines)| lines));
        for ((head, bytes, mut lines), difference) in all.into_iter().zip(found) {
            let place = lines.len().saturating_sub(usize::from(
                lines.last().is_some_and(|line| line.starts_with("skip")),
            ));
            lines.splice(place..place, difference);
            write(&head, &bytes, &lines)?;
        }
    }
    Ok(())
}

fn write(head: &str, bytes: &[u8], lines: &[String]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{head} {}", bytes.len())?;
    out.write_all(bytes)?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "end")?;
    out.flush()
}
