//! WASI on this machine: its files and its standard streams.

mod files;
mod streams;

use crate::current;
use crate::platform::HostPlatform;
use crate::shared::Shared;
use std::any::Any;
use std::time::{SystemTime, UNIX_EPOCH};
use zephyr_wasm_api::wasi::{Errno, Given, How, Stat, Wasi};

/// Whose something is: where its app is in memory.
type Owner = usize;

fn owner(app: &Shared) -> Owner {
    std::ptr::from_ref(app) as usize
}

/// Closes what an app has, as it ends.
pub(crate) fn close_all(app: &Shared) {
    streams::close_all(owner(app));
    files::close_all(owner(app));
}

impl Wasi for HostPlatform {
    fn program(&mut self) -> &mut Option<Box<dyn Any>> {
        &mut self.program
    }

    fn is_command(&self) -> bool {
        current::outside(|app| app.command.is_some())
    }

    fn given(&self, what: Given, index: usize) -> Option<String> {
        current::outside(|app| {
            let command = app.command.as_ref()?;
            let all = match what {
                Given::Argument => &command.args,
                Given::Variable => &command.env,
                Given::Directory => &command.dirs,
                Given::ReadOnly => &command.read_only,
            };
            all.get(index).cloned()
        })
    }

    fn realtime(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    }

    fn input(&self, into: &mut [u8], wait: bool) -> Result<usize, Errno> {
        current::outside(|app| streams::stream(app, 0).2.read(app, into, wait))
    }

    fn input_ready(&self, timeout: u64) -> bool {
        current::outside(|app| {
            let stream = streams::stream(app, 0);
            crate::wait::wait_for(app, timeout, || stream.2.is_readable().then_some(())).is_some()
        })
    }

    fn output(&self, number: u8, bytes: &[u8]) -> Result<usize, Errno> {
        current::outside(|app| streams::stream(app, number).2.write(app, number, bytes))
    }

    fn is_terminal(&self, number: u8) -> bool {
        current::outside(|app| streams::stream(app, number).2.is_terminal(number))
    }

    fn open(&self, path: &str, how: How) -> Result<u32, Errno> {
        current::outside(|app| files::open(owner(app), path, how))
    }

    fn close(&self, file: u32) -> Result<(), Errno> {
        current::outside(|_| files::close(file));
        Ok(())
    }

    fn read(&self, file: u32, from: u64, into: &mut [u8]) -> Result<usize, Errno> {
        current::outside(|_| files::read(file, from, into))
    }

    fn write(&self, file: u32, at: u64, bytes: &[u8]) -> Result<usize, Errno> {
        current::outside(|_| files::write(file, at, bytes))
    }

    fn size(&self, file: u32) -> Result<u64, Errno> {
        current::outside(|_| files::size(file))
    }

    fn set_size(&self, file: u32, size: u64) -> Result<(), Errno> {
        current::outside(|_| files::set_size(file, size))
    }

    fn sync(&self, file: u32) -> Result<(), Errno> {
        current::outside(|_| files::sync(file))
    }

    fn stat(&self, path: &str) -> Result<Stat, Errno> {
        current::outside(|_| files::stat(path))
    }

    fn stat_itself(&self, path: &str) -> Result<Stat, Errno> {
        current::outside(|_| files::stat_itself(path))
    }

    fn open_dir(&self, path: &str) -> Result<u32, Errno> {
        current::outside(|app| files::open_dir(owner(app), path))
    }

    fn next_entry(&self, dir: u32, tell: &mut dyn FnMut(&str, Stat)) -> Result<bool, Errno> {
        let Some((name, stat)) = current::outside(|_| files::next_entry(dir)) else { return Ok(false) };
        tell(&name, stat);
        Ok(true)
    }

    fn close_dir(&self, dir: u32) {
        current::outside(|_| files::close_dir(dir));
    }

    fn make_directory(&self, path: &str) -> Result<(), Errno> {
        current::outside(|_| files::make_directory(path))
    }

    fn remove(&self, path: &str) -> Result<(), Errno> {
        current::outside(|_| files::remove(path))
    }

    fn rename(&self, from: &str, to: &str) -> Result<bool, Errno> {
        current::outside(|_| files::rename(from, to))
    }
}
