//! Files that are written in place of others.

use anyhow::{Context, Result};
use std::fs::{self, File, Metadata};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file in place of what is there, if anything is: whoever reads it meanwhile, or after this was ended, finds all of one
/// or of the other.
///
/// # Errors
/// If it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    written(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn written(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // What a link leads to is replaced, and not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&path).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        // A pipe or a terminal.
        return fs::write(path, bytes);
    }
    let beside = beside(&path);
    let replaced = anew(&beside, bytes, before).and_then(|()| fs::rename(&beside, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(beside);
    }
    replaced
}

/// Writes a file that is not there, with the rights of the one that it is to replace. In a directory that others write to, a link
/// of theirs may have its name.
fn anew(path: &Path, bytes: &[u8], before: Option<Metadata>) -> std::io::Result<()> {
    // Of a process of the same number, which was killed.
    let _ = fs::remove_file(path);
    let mut file = File::options().write(true).create_new(true).open(path)?;
    if let Some(before) = before {
        file.set_permissions(before.permissions())?;
    }
    file.write_all(bytes)
}

/// A name of this process in the same directory.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::Directory;

    #[test]
    fn a_file_is_replaced_whole_or_not() {
        let directory = Directory::new().unwrap();
        let path = directory.path().join("app.wasm");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        // Nothing can be beside it, as that has the longest name there may be.
        let long = directory.path().join("x".repeat(255));
        fs::write(&long, b"one").unwrap();
        assert!(replace(&long, b"two").is_err());
        assert_eq!(fs::read(&long).unwrap(), b"one");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_the_rights_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let directory = Directory::new().unwrap();
        let (path, link) = (directory.path().join("app.wasm"), directory.path().join("link.wasm"));
        fs::write(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("app.wasm", &link).unwrap();
        replace(&link, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_somebody_has_put_beside_it_leads_nowhere() {
        let directory = Directory::new().unwrap();
        let (path, other) = (directory.path().join("app.wasm"), directory.path().join("other"));
        fs::write(&other, b"one").unwrap();
        std::os::unix::fs::symlink(&other, beside(&path)).unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!((fs::read(&other).unwrap(), fs::read(&path).unwrap()), (b"one".to_vec(), b"two".to_vec()));
        assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
    }
}
