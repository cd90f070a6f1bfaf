//! Which compilers of C there are for boards' processors, and where.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

pub const ARM: Family = Family {
    name: "Arm",
    variable: "ZEPHYR_WASM_CC_ARM",
    compilers: &["arm-zephyr-eabi-gcc", "arm-none-eabi-gcc"],
    package: "gcc-arm-none-eabi",
};
pub const RISCV: Family = Family {
    name: "RISC-V",
    variable: "ZEPHYR_WASM_CC_RISCV",
    compilers: &["riscv64-zephyr-elf-gcc", "riscv64-unknown-elf-gcc", "riscv-none-elf-gcc"],
    package: "gcc-riscv64-unknown-elf",
};

/// Processors that one GCC makes code for. Any clang does for all of them.
#[derive(Debug)]
pub struct Family {
    name: &'static str,
    /// The variable of the environment that names the compiler, with options if need be.
    pub variable: &'static str,
    /// What a GCC may be called, that of Zephyr's SDK first.
    compilers: &'static [&'static str],
    /// A distribution's package with one.
    package: &'static str,
}

impl Family {
    /// The compiler, and options of it, that is to be used: the one that is named, or else one that is there. Whoever has a GCC
    /// gets what that makes, whether there is a clang or not.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(&self) -> Result<Vec<String>> {
        if let Ok(named) = std::env::var(self.variable)
            && !named.trim().is_empty()
        {
            return named_by(named.trim());
        }
        match self.gcc().or_else(clang) {
            Some(path) => Ok(vec![whole(&path)?]),
            None => bail!(
                "no compiler for {} ({}, clang): Zephyr's SDK has one (ZEPHYR_SDK_INSTALL_DIR), or a distribution ({}; or clang \
                 and lld); {} names another GCC or clang",
                self.name,
                self.compilers.join(", "),
                self.package,
                self.variable
            ),
        }
    }

    /// A GCC that is there.
    pub fn gcc(&self) -> Option<PathBuf> {
        let mut places = places();
        let of_sdk = self.compilers[0].trim_end_matches("-gcc");
        // Before and since SDK 1.0.
        places.extend(
            sdk().into_iter().flat_map(|sdk| [sdk.join(of_sdk), sdk.join("gnu").join(of_sdk)]).map(bin),
        );
        let all = self.compilers.iter().flat_map(|name| places.iter().map(move |place| place.join(name)));
        all.into_iter().find(|path| path.is_file())
    }
}

/// A clang that is there: that of Zephyr's SDK, which has libraries for boards; the one that is called so; or of those with a
/// version in their names, as distributions have them, the latest.
pub fn clang() -> Option<PathBuf> {
    let of_sdk = sdk().map(|sdk| bin(sdk.join("llvm")).join("clang"));
    let named = places().into_iter().map(|place| place.join("clang"));
    of_sdk.into_iter().chain(named).find(|path| path.is_file()).or_else(|| latest(&places()))
}

/// The latest clang of those with a version in their names.
fn latest(places: &[PathBuf]) -> Option<PathBuf> {
    let version = |name: &OsStr| name.to_str()?.strip_prefix("clang-")?.parse::<u32>().ok();
    let files = places.iter().filter_map(|place| std::fs::read_dir(place).ok()).flatten().flatten();
    let all = files.filter_map(|file| Some((version(&file.file_name())?, file.path())));
    // Of one version, the first, as a shell has it.
    let later = |found: (u32, PathBuf), other: (u32, PathBuf)| if other.0 > found.0 { other } else { found };
    all.reduce(later).map(|(_, path)| path)
}

fn places() -> Vec<PathBuf> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&places).collect()
}

fn sdk() -> Option<PathBuf> {
    std::env::var_os("ZEPHYR_SDK_INSTALL_DIR").map(PathBuf::from)
}

fn bin(place: PathBuf) -> PathBuf {
    place.join("bin")
}

/// A compiler and its options, of one line; or of the name of a file, which may have spaces.
fn named_by(line: &str) -> Result<Vec<String>> {
    if Path::new(line).is_file() {
        return Ok(vec![whole(Path::new(line))?]);
    }
    let mut words = words(line);
    if Path::new(&words[0]).components().count() > 1 {
        words[0] = whole(Path::new(&words[0]))?;
    }
    Ok(words)
}

/// A path that is the same from any directory: compilers run in one of their own. What a link is called stays, as some go by
/// that.
pub fn whole(path: &Path) -> Result<String> {
    let path = std::path::absolute(path).with_context(|| format!("cannot find {}", path.display()))?;
    Ok(path.display().to_string())
}

/// The words of a line.
pub fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::Directory;
    use std::fs::write;

    #[test]
    fn a_compiler_may_have_a_space_and_be_beside() {
        let directory = Directory::new().unwrap();
        let path = directory.path().join("my gcc");
        write(&path, "").unwrap();
        let path = path.display().to_string();
        assert_eq!(named_by(&path).unwrap(), [path]);
        let words = named_by("./bin/gcc -mcpu=cortex-m3").unwrap();
        let here = std::env::current_dir().unwrap().join("bin/gcc");
        assert_eq!(words, [here.display().to_string(), "-mcpu=cortex-m3".to_owned()]);
        assert_eq!(named_by("ccache arm-none-eabi-gcc").unwrap(), ["ccache", "arm-none-eabi-gcc"]);
    }

    #[test]
    fn the_latest_of_several_versions_is_taken() {
        let (one, other) = (Directory::new().unwrap(), Directory::new().unwrap());
        let places = [one.path().to_owned(), other.path().join("none"), other.path().to_owned()];
        assert_eq!(latest(&places), None);
        for name in ["clang-9", "clang-format-30", "clang-cl", "clang-19"] {
            write(one.path().join(name), "").unwrap();
        }
        write(other.path().join("clang-19"), "").unwrap();
        assert_eq!(latest(&places), Some(one.path().join("clang-19")));
        write(other.path().join("clang-22"), "").unwrap();
        assert_eq!(latest(&places), Some(other.path().join("clang-22")));
    }
}
