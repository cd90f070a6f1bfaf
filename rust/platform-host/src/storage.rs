//! `zephyr:storage` in a directory, or in memory without one. A value is a file, which takes its place when it is whole.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::lock;
use crate::shared::Shared;
use crate::world::world;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::storage::Device;

/// What a value is called before it is whole; no key has a `~`.
const UNFINISHED: &str = "~";

static IN_MEMORY: Mutex<BTreeMap<(String, String), Vec<u8>>> = Mutex::new(BTreeMap::new());

/// The bytes of keys and values that an app has room for, whatever its manifest grants it of a board: more than flash has.
const MOST: usize = 16 << 20;

fn directory(app: &Shared) -> Option<PathBuf> {
    world().storage.as_ref().map(|root| root.join(&app.name))
}

/// What a key's file is called: the directory itself and the one above have the names that are keys, too. No key has a `=`.
fn file_of(key: &str) -> String {
    format!("{key}{}", if matches!(key, "." | "..") { "=" } else { "" })
}

fn load(app: &Shared, key: &str) -> Result<Option<Vec<u8>>, Failure> {
    match directory(app).map(|directory| fs::read(directory.join(file_of(key)))) {
        None => Ok(lock(&IN_MEMORY).get(&(app.name.clone(), key.to_owned())).cloned()),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(error)) if error.kind() == ErrorKind::NotFound => Ok(None),
        Some(Err(_)) => Err(Failure::Io),
    }
}

/// The keys in their order, each with the length of its value.
fn entries(app: &Shared) -> Result<Vec<(String, usize)>, Failure> {
    let Some(directory) = directory(app) else {
        let all = lock(&IN_MEMORY);
        let own = all.iter().filter(|((owner, _), _)| *owner == app.name);
        return Ok(own.map(|((_, key), value)| (key.clone(), value.len())).collect());
    };
    let mut found = Vec::new();
    match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(_) => return Err(Failure::Io),
        Ok(files) => {
            for file in files.flatten() {
                let name = file.file_name().to_string_lossy().into_owned();
                if !name.ends_with(UNFINISHED) {
                    let key = name.trim_end_matches('=').to_owned();
                    found.push((key, file.metadata().map_or(0, |metadata| metadata.len() as usize)));
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

fn write(directory: &std::path::Path, key: &str, value: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(directory)?;
    let unfinished = directory.join(format!("{key}{UNFINISHED}"));
    fs::write(&unfinished, value)?;
    fs::rename(unfinished, directory.join(file_of(key)))
}

impl Device for HostPlatform {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        current::outside(|app| load(app, key))
    }

    fn store(&self, key: &str, value: &[u8], quota: u32) -> Result<(), Failure> {
        current::outside(|app| {
            if value.len() > world().configured.storage_value {
                return Err(Failure::TooLarge);
            }
            let mut others = entries(app)?;
            others.retain(|(known, _)| known != key);
            let all =
                others.iter().map(|(key, size)| key.len() + size).sum::<usize>() + key.len() + value.len();
            if all > quota as usize || others.len() >= world().configured.storage_keys {
                return Err(Failure::Limit);
            }
            if all > MOST {
                return Err(Failure::Full);
            }
            note(app, &format!("stored {key}"), &format!("{} bytes", value.len()));
            match directory(app) {
                None => {
                    lock(&IN_MEMORY).insert((app.name.clone(), key.to_owned()), value.to_vec());
                    Ok(())
                }
                Some(directory) => write(&directory, key, value).map_err(|error| match error.kind() {
                    ErrorKind::StorageFull => Failure::Full,
                    _ => Failure::Io,
                }),
            }
        })
    }

    fn remove(&self, key: &str) -> Result<(), Failure> {
        current::outside(|app| {
            match directory(app).map(|directory| fs::remove_file(directory.join(file_of(key)))) {
                None => {
                    lock(&IN_MEMORY).remove(&(app.name.clone(), key.to_owned()));
                    Ok(())
                }
                Some(Err(error)) if error.kind() != ErrorKind::NotFound => Err(Failure::Io),
                Some(_) => Ok(()),
            }
        })
    }

    fn key(&self, index: u32) -> Result<Option<String>, Failure> {
        current::outside(|app| Ok(entries(app)?.into_iter().nth(index as usize).map(|(key, _)| key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_dots_have_files() {
        assert_eq!(["key", ".", "..", "..."].map(file_of), ["key", ".=", "..=", "..."]);
    }
}
