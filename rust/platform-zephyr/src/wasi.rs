//! WASI over Zephyr's file systems, and the streams of `include/zephyr_wasm/command.h`.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use core::any::Any;
use core::ffi::c_char;
use core::ptr;
use zephyr_wasm_api::wasi::{AT_ONCE, Errno, Given, How, Import, LONGEST_PATH, Stat, Unstable, Wasi};
use zephyr_wasm_runtime::{App, Commands, Entry};

/// Room for the longest path, with the zero that ends it.
#[doc(alias = "WASI_PATH_SIZE")]
const PATH_SIZE: usize = 256;
const _: () = assert!(PATH_SIZE == LONGEST_PATH + 1);
/// The most that one call reads or writes: a kill waits for it.
#[doc(alias = "WASI_AT_ONCE")]
const MOST: u32 = 4096;
const _: () = assert!(MOST == AT_ONCE);

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_is_command() -> bool;
    /// Copies what there is room for of a text that the calling program was started with, by `Given`. Returns its length,
    /// or a negative number after the last.
    #[grants(none)]
    unsafe fn zephyr_wasm_given(what: u32, index: usize, text: *mut c_char, room: usize) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_realtime() -> u64;
    #[grants(zephyr_wasm_wasi_may_input)]
    unsafe fn zephyr_wasm_input(bytes: *mut u8, size: usize, wait: bool) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_input_ready(timeout: u64) -> bool;
    #[grants(zephyr_wasm_wasi_may_output)]
    unsafe fn zephyr_wasm_output(number: u32, bytes: *const u8, size: usize) -> i32;
    #[grants(zephyr_wasm_wasi_may_ask)]
    safe fn zephyr_wasm_is_terminal(number: u32) -> bool;
    #[grants(zephyr_wasm_wasi_may_open)]
    #[interface("files")]
    unsafe fn zephyr_wasm_file_open(path: *const c_char, length: usize, how: u32) -> i32;
    #[grants(zephyr_wasm_wasi_may_use)]
    #[interface("files")]
    safe fn zephyr_wasm_file_close(file: u32) -> i32;
    #[grants(zephyr_wasm_wasi_may_read)]
    #[interface("files")]
    unsafe fn zephyr_wasm_file_read(file: u32, from: u64, bytes: *mut u8, size: usize) -> i32;
    #[grants(zephyr_wasm_wasi_may_write)]
    #[interface("files")]
    unsafe fn zephyr_wasm_file_write(file: u32, at: u64, bytes: *const u8, size: usize) -> i32;
    #[grants(zephyr_wasm_wasi_may_use)]
    #[interface("files")]
    safe fn zephyr_wasm_file_size(file: u32) -> u64;
    #[grants(zephyr_wasm_wasi_may_resize)]
    #[interface("files")]
    safe fn zephyr_wasm_file_set_size(file: u32, size: u64) -> i32;
    #[grants(zephyr_wasm_wasi_may_use)]
    #[interface("files")]
    safe fn zephyr_wasm_file_sync(file: u32) -> i32;
    #[grants(zephyr_wasm_wasi_may_see)]
    unsafe fn zephyr_wasm_path_stat(path: *const c_char, length: usize, size: &mut u64) -> i32;
    #[grants(zephyr_wasm_wasi_may_make)]
    unsafe fn zephyr_wasm_path_make_directory(path: *const c_char, length: usize) -> i32;
    #[grants(zephyr_wasm_wasi_may_remove)]
    #[interface("files")]
    unsafe fn zephyr_wasm_path_remove(path: *const c_char, length: usize) -> i32;
    #[grants(zephyr_wasm_wasi_may_rename)]
    #[interface("files")]
    unsafe fn zephyr_wasm_path_rename(from: *const c_char, from_length: usize, to: *const c_char, to_length: usize) -> i32;
    #[grants(zephyr_wasm_wasi_may_list)]
    #[interface("files")]
    unsafe fn zephyr_wasm_dir_open(path: *const c_char, length: usize) -> i32;
    #[grants(none)]
    #[interface("files")]
    #[room(name = WASI_PATH_SIZE)]
    unsafe fn zephyr_wasm_dir_next(dir: u32, name: *mut c_char, size: &mut u64, is_directory: &mut bool) -> i32;
    #[grants(none)]
    #[interface("files")]
    safe fn zephyr_wasm_dir_close(dir: u32);
}

/// What a shim in C returns: a number, or an error of WASI's as a negative one.
fn check(result: i32) -> Result<u32, Errno> {
    u32::try_from(result).map_err(|_| Errno(u8::try_from(result.unsigned_abs()).unwrap_or(Errno::IO.0)))
}

fn size(result: i32) -> Result<usize, Errno> {
    check(result).map(|size| size as usize)
}

/// For the table in C, where the image has files, and where not.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
static zephyr_wasm_interface_wasi_files: Entry<App<Zephyr>> = Entry(&Import::<true>);
/// The same.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
static zephyr_wasm_interface_wasi: Entry<App<Zephyr>> = Entry(&Import::<false>);
/// The same of snapshot 0.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
static zephyr_wasm_interface_wasi_unstable_files: Entry<App<Zephyr>> = Entry(&Unstable::<true>);
/// The same.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
static zephyr_wasm_interface_wasi_unstable: Entry<App<Zephyr>> = Entry(&Unstable::<false>);
/// For C to name.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
static zephyr_wasm_commands: Commands<Zephyr> = Commands::new();

impl Wasi for Zephyr {
    fn program(&mut self) -> &mut Option<Box<dyn Any>> {
        &mut self.program
    }

    fn is_command(&self) -> bool {
        zephyr_wasm_is_command()
    }

    fn given(&self, what: Given, index: usize) -> Option<String> {
        // SAFETY: there is no room that it could write to.
        let length = size(unsafe { zephyr_wasm_given(what as u32, index, ptr::null_mut(), 0) }).ok()?;
        let mut text = vec![0; length];
        // SAFETY: the pointer is good for its length, and not kept.
        unsafe { zephyr_wasm_given(what as u32, index, text.as_mut_ptr().cast(), text.len()) };
        Some(String::from_utf8(text).unwrap_or_default())
    }

    fn realtime(&self) -> u64 {
        zephyr_wasm_realtime()
    }

    fn input(&self, into: &mut [u8], wait: bool) -> Result<usize, Errno> {
        // SAFETY: the pointer is good for its length, and not kept.
        size(unsafe { zephyr_wasm_input(into.as_mut_ptr(), into.len(), wait) })
    }

    fn input_ready(&self, timeout: u64) -> bool {
        zephyr_wasm_input_ready(timeout)
    }

    fn output(&self, number: u8, bytes: &[u8]) -> Result<usize, Errno> {
        // SAFETY: the pointer is good for its length, and not kept.
        size(unsafe { zephyr_wasm_output(number.into(), bytes.as_ptr(), bytes.len()) })
    }

    fn is_terminal(&self, number: u8) -> bool {
        zephyr_wasm_is_terminal(number.into())
    }

    fn open(&self, path: &str, how: How) -> Result<u32, Errno> {
        // What is open can be read there, and the app's rights say whether it may.
        let how = [how.write, how.create, how.truncate, how.exclusive];
        let bits = how.iter().enumerate().map(|(bit, set)| u32::from(*set) << bit).sum();
        // SAFETY: the pointer is good for its length, and not kept.
        check(unsafe { zephyr_wasm_file_open(path.as_ptr().cast(), path.len(), bits) })
    }

    fn close(&self, file: u32) -> Result<(), Errno> {
        check(zephyr_wasm_file_close(file)).map(drop)
    }

    fn read(&self, file: u32, from: u64, into: &mut [u8]) -> Result<usize, Errno> {
        // SAFETY: as for `close`; the pointer is good for its length, and not kept.
        size(unsafe { zephyr_wasm_file_read(file, from, into.as_mut_ptr(), into.len()) })
    }

    fn write(&self, file: u32, at: u64, bytes: &[u8]) -> Result<usize, Errno> {
        // SAFETY: as for `read`.
        size(unsafe { zephyr_wasm_file_write(file, at, bytes.as_ptr(), bytes.len()) })
    }

    fn size(&self, file: u32) -> Result<u64, Errno> {
        Ok(zephyr_wasm_file_size(file))
    }

    fn set_size(&self, file: u32, size: u64) -> Result<(), Errno> {
        check(zephyr_wasm_file_set_size(file, size)).map(drop)
    }

    fn sync(&self, file: u32) -> Result<(), Errno> {
        check(zephyr_wasm_file_sync(file)).map(drop)
    }

    fn stat(&self, path: &str) -> Result<Stat, Errno> {
        let mut size = 0;
        // SAFETY: the pointer is good for its length, and not kept.
        let is_directory =
            check(unsafe { zephyr_wasm_path_stat(path.as_ptr().cast(), path.len(), &mut size) })? != 0;
        Ok(Stat { is_directory, size })
    }

    fn open_dir(&self, path: &str) -> Result<u32, Errno> {
        // SAFETY: the pointer is good for its length, and not kept.
        check(unsafe { zephyr_wasm_dir_open(path.as_ptr().cast(), path.len()) })
    }

    fn next_entry(&self, dir: u32, tell: &mut dyn FnMut(&str, Stat)) -> Result<bool, Errno> {
        let mut name = [0; PATH_SIZE];
        let mut stat = Stat::default();
        // SAFETY: the number is of a list of this app, and there is room for the longest name.
        let length = size(unsafe {
            zephyr_wasm_dir_next(dir, name.as_mut_ptr().cast(), &mut stat.size, &mut stat.is_directory)
        })?;
        if length == 0 {
            return Ok(false);
        }
        tell(name.get(..length).and_then(|name| str::from_utf8(name).ok()).unwrap_or("?"), stat);
        Ok(true)
    }

    fn close_dir(&self, dir: u32) {
        zephyr_wasm_dir_close(dir)
    }

    fn make_directory(&self, path: &str) -> Result<(), Errno> {
        // SAFETY: the pointer is good for its length, and not kept.
        check(unsafe { zephyr_wasm_path_make_directory(path.as_ptr().cast(), path.len()) }).map(drop)
    }

    fn remove(&self, path: &str) -> Result<(), Errno> {
        // SAFETY: the pointer is good for its length, and not kept.
        check(unsafe { zephyr_wasm_path_remove(path.as_ptr().cast(), path.len()) }).map(drop)
    }

    fn rename(&self, from: &str, to: &str) -> Result<bool, Errno> {
        // SAFETY: the pointers are good for their lengths, and not kept.
        check(unsafe {
            zephyr_wasm_path_rename(from.as_ptr().cast(), from.len(), to.as_ptr().cast(), to.len())
        })
        .map(|respelled| respelled != 0)
    }
}
