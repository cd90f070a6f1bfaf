//! `zephyr:storage` over Zephyr's settings.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::storage::{Device, LONGEST_KEY};

/// Room for the longest key, with the zero that ends it.
#[doc(alias = "ZEPHYR_WASM_STORAGE_KEY_SIZE")]
const KEY_SIZE: usize = 31;
const _: () = assert!(KEY_SIZE == LONGEST_KEY + 1);

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_storage_size() -> u32;
    #[grants(zephyr_wasm_storage_may_load)]
    unsafe fn zephyr_wasm_storage_load(key: *const c_char, length: usize, bytes: *mut u8, room: usize) -> i32;
    #[grants(zephyr_wasm_storage_may_store)]
    unsafe fn zephyr_wasm_storage_store(
        key: *const c_char,
        length: usize,
        bytes: *const u8,
        size: usize,
        quota: u32,
    ) -> i32;
    #[grants(zephyr_wasm_storage_may_remove)]
    unsafe fn zephyr_wasm_storage_remove(key: *const c_char, length: usize) -> i32;
    #[grants(none)]
    #[room(key = ZEPHYR_WASM_STORAGE_KEY_SIZE)]
    unsafe fn zephyr_wasm_storage_key(index: u32, key: *mut c_char) -> i32;
}

/// None for what is not there.
fn found(result: i32) -> Result<Option<usize>, Failure> {
    match Failure::check(result) {
        Err(Failure::Unknown) => Ok(None),
        size => size.map(|size| Some(size as usize)),
    }
}

impl Device for Zephyr {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        let mut value = vec![0; zephyr_wasm_storage_size() as usize];
        // SAFETY: the pointers are good for their lengths, and not kept.
        let size = found(unsafe {
            zephyr_wasm_storage_load(key.as_ptr().cast(), key.len(), value.as_mut_ptr(), value.len())
        })?;
        Ok(size.map(|size| {
            value.truncate(size);
            value
        }))
    }

    fn store(&self, key: &str, value: &[u8], quota: u32) -> Result<(), Failure> {
        // SAFETY: the pointers are good for their lengths, and not kept.
        let result = unsafe {
            zephyr_wasm_storage_store(key.as_ptr().cast(), key.len(), value.as_ptr(), value.len(), quota)
        };
        Failure::check(result).map(drop)
    }

    fn remove(&self, key: &str) -> Result<(), Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_storage_remove(key.as_ptr().cast(), key.len()) }).map(drop)
    }

    fn key(&self, index: u32) -> Result<Option<String>, Failure> {
        let mut key = [0; KEY_SIZE];
        // SAFETY: there is room for the longest key.
        let size = found(unsafe { zephyr_wasm_storage_key(index, key.as_mut_ptr().cast()) })?;
        let text = |size| key.get(..size).and_then(|key| str::from_utf8(key).ok()).unwrap_or_default();
        Ok(size.map(|size| text(size).into()))
    }
}
