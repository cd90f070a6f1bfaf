//! What a compiler has to be told of the C.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// The list that CMake reads, too (`cmake/compiled.cmake`, which says why each is there).
const FLAGS: &str = include_str!("../../../cmake/compiled.flags");

/// A compiler, by what CMake calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// GCC.
    Gnu,
    /// Clang.
    Clang,
}

impl Compiler {
    /// That which a command runs. What does not run, or says nothing of itself, is taken for GCC.
    pub fn of(program: impl AsRef<OsStr>, options: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.args(options).args(["-E", "-dM", "-x", "c", "-"]).stdin(Stdio::null());
        let defined = command.output().map(|output| output.stdout).unwrap_or_default();
        let is_clang = String::from_utf8_lossy(&defined).contains("#define __clang__ ");
        if is_clang { Compiler::Clang } else { Compiler::Gnu }
    }

    /// Its options for what is written here, with at most `frame` bytes for the frame of a function.
    pub fn flags(self, frame: usize) -> impl Iterator<Item = String> {
        let frame = frame.to_string();
        let own = match self {
            Compiler::Gnu => "GNU",
            Compiler::Clang => "Clang",
        };
        FLAGS.lines().filter_map(move |line| {
            let flag = match line.split_once(' ') {
                Some((compiler, flag)) if compiler == own => flag,
                Some(_) => return None,
                None => line,
            };
            Some(flag.replace("@frame@", &frame))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_one_option() {
        for (compiler, frame) in
            [(Compiler::Gnu, "-Werror=stack-usage=4096"), (Compiler::Clang, "-Wframe-larger-than=4096")]
        {
            let all: Vec<_> = compiler.flags(4096).collect();
            assert!(all.iter().all(|flag| flag.starts_with("-") && !flag.contains([' ', '@'])), "{all:?}");
            assert!(all.contains(&frame.to_owned()), "{all:?}");
            assert!(all.contains(&"-fno-strict-aliasing".to_owned()), "{all:?}");
        }
    }
}
