//! Directories that are there as long as they are needed.

use anyhow::{Context, Result};
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::id;

/// A directory of this process, which goes with this. Nobody else reads what is in it, or puts other C in the place of what is
/// about to be compiled.
pub struct Directory(PathBuf);

impl Directory {
    /// An empty one.
    ///
    /// # Errors
    /// If there is none to be had.
    pub fn new() -> Result<Self> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let mut attempt = 0;
        loop {
            let path = std::env::temp_dir().join(format!("zephyr-wasm-{}-{attempt}", id()));
            match builder.create(&path) {
                Ok(()) => return Ok(Directory(path)),
                // Of a process of the same number, which was killed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 1000 => attempt += 1,
                Err(error) => return Err(error).with_context(|| format!("cannot make {}", path.display())),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn it_is_for_nobody_else() {
        let directory = Directory::new().unwrap();
        assert_eq!(fs::metadata(directory.path()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
