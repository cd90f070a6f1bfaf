//! `zephyr:storage`: values that outlive an app, by keys of its own.

use crate::Failure;
use crate::bindings::zephyr_storage_storage::{Error, Host};
use alloc::string::String;
use alloc::vec::Vec;
use zephyr_wasm_runtime::{App, Platform};

const PACKAGE: &str = "zephyr:storage";
/// The longest key in bytes: with the app's name, it fits a name of Zephyr's settings.
pub const LONGEST_KEY: usize = 30;

/// A store of values. The platform keeps the keys of apps apart.
pub trait Device: Platform {
    /// The value of a key of the calling thread's app.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Failure>;

    /// Sets it, at once and whole, if the app then has at most `quota` bytes of keys and values.
    ///
    /// # Errors
    /// [`Failure::TooLarge`], [`Failure::Limit`] for the quota, [`Failure::Full`], [`Failure::Io`].
    fn store(&self, key: &str, value: &[u8], quota: u32) -> Result<(), Failure>;

    /// Removes it.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn remove(&self, key: &str) -> Result<(), Failure>;

    /// The key at that place; none after the last.
    ///
    /// # Errors
    /// [`Failure::Io`].
    fn key(&self, index: u32) -> Result<Option<String>, Failure>;
}

/// How many keys one call lists.
const LISTED: u32 = 16;

fn error(failure: Failure) -> Error {
    match failure {
        Failure::TooLarge => Error::TooLarge,
        Failure::Limit => Error::Quota,
        Failure::Full => Error::Full,
        _ => Error::Io,
    }
}

/// The app's quota, if it has any and this is a key.
fn check<P: Device>(app: &App<P>, key: &str) -> Result<u32, Error> {
    let quota = app.manifest().grants_number(PACKAGE, "bytes").ok_or(Error::NotGranted)?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(good) {
        return Err(Error::InvalidKey);
    }
    Ok(quota)
}

impl<P: Device> Host for App<P> {
    type Get = Vec<u8>;

    fn get(&mut self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        check(self, key)?;
        self.platform.load(key).map_err(error)
    }

    fn set(&mut self, key: &str, value: &[u8]) -> Result<(), Error> {
        let quota = check(self, key)?;
        self.platform.store(key, value, quota).map_err(error)
    }

    fn delete(&mut self, key: &str) -> Result<(), Error> {
        check(self, key)?;
        self.platform.remove(key).map_err(error)
    }

    fn list_keys(&mut self, skip: u32) -> Result<Vec<String>, Error> {
        check(self, "any")?;
        let mut keys = Vec::new();
        for index in skip..skip.saturating_add(LISTED) {
            match self.platform.key(index).map_err(error)? {
                Some(key) => keys.push(key),
                None => break,
            }
        }
        Ok(keys)
    }
}
