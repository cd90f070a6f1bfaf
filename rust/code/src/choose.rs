//! Which code of a file a board runs.

use crate::word::{Word, written};
use crate::{ALIGNMENT, Code, Malformed, Target, codes, digest};
use core::fmt;

/// What a board has for code.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// What it is.
    pub target: Target,
    /// The version of the interface between code and firmware.
    pub abi: u32,
    /// How many bytes a stack frame of the app may have.
    pub frame: u32,
    /// Words may be at any address.
    pub unaligned: bool,
}

/// Why a board runs no code of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It has none at all.
    None,
    /// It has some for other processors only.
    Target(Target),
    /// It cannot be read.
    Malformed(Malformed),
    /// It is for another version of the interface, and for which.
    Abi {
        /// The code's.
        code: u32,
        /// The board's.
        board: u32,
    },
    /// It has a larger stack frame than there is room for.
    Frame {
        /// The code's.
        code: u32,
        /// The board's.
        board: u32,
    },
    /// It has words at any address.
    Unaligned,
    /// It is where no code can run.
    Place,
    /// It is of another app.
    Digest(Target),
}

impl Unfit {
    /// Says it, and what mends it; the name of the file comes before.
    pub fn describe(&self, mut say: impl FnMut(Word<'_>)) {
        use Word::{Number, Text};
        let mut all = |words: &[Word<'_>]| {
            for word in words {
                match word {
                    Text(text) => say(Text(text)),
                    Number(number) => say(Number(*number)),
                }
            }
        };
        match *self {
            Unfit::None => {
                all(&[Text("has no machine code: `zephyr-wasm compile --target`, before it is signed")])
            }
            Unfit::Target(target) => all(&[
                Text("has no code for "),
                Text(target.name()),
                Text(": `zephyr-wasm compile --target "),
                Text(target.name()),
                Text("`, before it is signed"),
            ]),
            Unfit::Malformed(malformed) => malformed.describe(|word| all(&[word])),
            Unfit::Abi { code, board } => all(&[
                Text("has code of ABI "),
                Number(code),
                Text(", and this firmware has "),
                Number(board),
                Text(": `zephyr-wasm compile --target` of this firmware's version makes it anew"),
            ]),
            Unfit::Frame { code, board } => all(&[
                Text("has code with a stack frame of "),
                Number(code),
                Text(" bytes, and the most here are "),
                Number(board),
                Text(": CONFIG_WASM_COMPILED_STACK_MARGIN"),
            ]),
            Unfit::Unaligned => all(&[Text(
                "has code made with --unaligned, and this image is without CONFIG_WASM_RISCV_UNALIGNED_ACCESS",
            )]),
            Unfit::Place => all(&[
                Text("has code that is not at a multiple of "),
                Number(ALIGNMENT as u32),
                Text(" bytes in the file: `zephyr-wasm sign` moves it there"),
            ]),
            Unfit::Digest(target) => all(&[
                Text("has code that was made of another app: `zephyr-wasm compile --target "),
                Text(target.name()),
                Text("` makes it anew"),
            ]),
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, |say| self.describe(say))
    }
}

/// The code that a board runs of a file: the first that fits of the targets that it can run, the best one first.
///
/// # Errors
/// Why there is none: what is wrong with the code for the best target that the file has.
pub fn choose<'a>(file: &'a [u8], board: &Board) -> Result<Code<'a>, Unfit> {
    let mut why = None;
    // Takes longest, so it is looked at last, and once.
    let mut of_file = None;
    for target in board.target.runs() {
        for code in codes(file).flatten().filter(|code| code.header.target == *target) {
            let found = unfit(&code, board).or_else(|| {
                let is_of_file = code.header.digest == *of_file.get_or_insert_with(|| digest(file));
                (!is_of_file).then_some(Unfit::Digest(code.header.target))
            });
            match found {
                None => return Ok(code),
                Some(unfit) => why = why.or(Some(unfit)),
            }
        }
    }
    Err(why.unwrap_or_else(|| match codes(file).find_map(Result::err) {
        Some(malformed) => Unfit::Malformed(malformed),
        None if codes(file).next().is_some() => Unfit::Target(board.target),
        None => Unfit::None,
    }))
}

/// Why code does not run on a board that could run its target, whatever file it is of.
fn unfit(code: &Code<'_>, board: &Board) -> Option<Unfit> {
    let (header, abi) = (&code.header, code.info().abi);
    if abi != board.abi {
        Some(Unfit::Abi { code: abi, board: board.abi })
    } else if header.frame > board.frame {
        Some(Unfit::Frame { code: header.frame, board: board.frame })
    } else if header.unaligned && !board.unaligned {
        Some(Unfit::Unaligned)
    } else {
        (!code.is_aligned()).then_some(Unfit::Place)
    }
}
