//! Paths: those of an app are inside a directory of its, and nowhere else.

use super::errno::Errno;
use super::{LONGEST_PATH, Wasi};
use crate::pause::pause;
use alloc::string::String;

/// The longest name in a path, in bytes.
const LONGEST_NAME: usize = 255;

/// The two sides of `GUEST=BOARD`; a path alone is both, as is one behind a `=`, which may have more of them.
pub fn guest_and_board(text: &str) -> (&str, &str) {
    match text.split_once('=') {
        Some(("", path)) => (path, path),
        Some(both) => both,
        None => (text, text),
    }
}

/// Whether a path is as [`resolve`] makes those of a directory that an app is given (`GUEST=BOARD`): the directory itself,
/// unless what is meant is `inside`, or what is in it, by names that lead nowhere else.
///
/// The kernel asks this for apps in user mode, which may send any path (`src/wasi/may.c`).
pub fn is_of(given: &str, path: &str, inside: bool) -> bool {
    let (_, board) = guest_and_board(given);
    let base = board.trim_end_matches('/');
    if path == board || path == base {
        return !inside;
    }
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && !name.contains('\0');
    let names = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
    !board.is_empty()
        && path.len() <= LONGEST_PATH
        && names.is_some_and(|names| names.split('/').all(is_name))
}

/// A path on the board, and whether it has to be a directory because of how it was written.
pub struct Place {
    /// The path.
    pub path: String,
    /// It ended with a `/`, or is the directory itself.
    pub directory: bool,
    /// Its last part is a name, and neither `.` nor `..`.
    pub named: bool,
}

/// Where an app's path is that begins in a directory.
///
/// # Errors
/// [`Errno::PERM`] if it leads outside. [`Errno::INVAL`] if the directory is none.
pub fn resolve<P: Wasi>(platform: &P, base: &str, path: &str) -> Result<Place, Errno> {
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    if path.starts_with('/') {
        return Err(Errno::PERM);
    }
    // Of no directory, all of the board would be a part.
    if base.is_empty() {
        return Err(Errno::INVAL);
    }
    let base = base.trim_end_matches('/');
    let mut place = String::from(base);
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                if place.len() == base.len() {
                    return Err(Errno::PERM);
                }
                // Only what is a directory has one above.
                if !platform.stat(&place)?.is_directory {
                    return Err(Errno::NOTDIR);
                }
                // There may be as many as the path has room for, and each takes its time.
                pause(platform);
                let parent = place.rfind('/').unwrap_or(base.len());
                place.truncate(parent.max(base.len()));
            }
            name if name.len() > LONGEST_NAME || place.len() + 1 + name.len() > LONGEST_PATH => {
                return Err(Errno::NAMETOOLONG);
            }
            name => {
                place.push('/');
                place.push_str(name);
            }
        }
    }
    let directory = path.ends_with('/') || path.ends_with("/.") || path == "." || place.len() == base.len();
    let named = !matches!(path.trim_end_matches('/').rsplit('/').next(), None | Some("" | "." | ".."));
    Ok(Place { path: place, directory, named })
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn a_path_is_of_its_directory_only() {
        for given in ["/=/lfs/a", "/lfs/a", "/=/lfs/a/", "=/lfs/a"] {
            assert!(is_of(given, "/lfs/a", false) && !is_of(given, "/lfs/a", true), "{given}");
            for path in ["/lfs/a/b", "/lfs/a/b/c", "/lfs/a/...", "/lfs/a/.b", "/lfs/a/b=c"] {
                assert!(is_of(given, path, false) && is_of(given, path, true), "{given} {path}");
            }
            for path in [
                "",
                "/",
                "lfs/a/b",
                "/lfs",
                "/lfs/ab",
                "/lfs/b",
                "/LFS/a/b",
                "/lfs/a/..",
                "/lfs/a/../b",
                "/lfs/a/b/../../c",
                "/lfs/a/.",
                "/lfs/a/./b",
                "/lfs/a//b",
                "/lfs//a/b",
                "/lfs/a/b/",
                "/lfs/a/b\0",
                "/lfs/a/\0",
                "/lfs/a\0/b",
            ] {
                assert!(!is_of(given, path, false) && !is_of(given, path, true), "{given} {path:?}");
            }
        }
        let long = |length: usize| ["/lfs/a/", &"b".repeat(length - 7)].concat();
        assert!(is_of("/lfs/a", &long(255), true) && !is_of("/lfs/a", &long(256), true));
    }

    #[test]
    fn a_directory_is_as_it_is_given() {
        // What is not clean is cleaned in C, which is no way out.
        assert!(is_of("/=/lfs/../a/", "/lfs/../a/", false) && is_of("/=/lfs/../a/", "/lfs/../a/b", true));
        assert!(is_of("/", "/lfs/a", true));
        for path in ["/lfs", "/", "lfs"] {
            assert!(!is_of("", path, false) && !is_of("/=", path, false), "{path}");
        }
    }
}
