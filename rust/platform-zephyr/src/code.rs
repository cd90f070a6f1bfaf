//! What the store calls to find the machine code of a file (`src/store/code.c`).

use crate::entry::{module, text, write};
use crate::sys;
use core::ffi::c_char;
use zephyr_wasm_code::{Board, Info, Target, Word, choose};
use zephyr_wasm_runtime::Message;
use zephyr_wasm_runtime::check::has_code;
use zephyr_wasm_runtime::engine::ABI;

/// Finds the code of a file for this board: where its entry function is in the file. 0 if the file has no machine code at
/// all, -1 if it has none that runs here, and -2 if it cannot be interpreted either; `message` says why.
///
/// # Safety
/// `wasm` has `size` bytes, `target` ends with a zero, and `message` has room for [`sys::MESSAGE_SIZE`] bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_code(
    wasm: *const u8,
    size: usize,
    target: *const c_char,
    frame: u32,
    unaligned: bool,
    message: *mut c_char,
) -> isize {
    // SAFETY: as promised by the caller.
    let (file, name) = unsafe { (module(wasm, size), text(target).unwrap_or_default()) };
    let mut text = Message::new();
    let found = match Target::of_name(name) {
        Some(target) => {
            let board = Board { target, abi: ABI, frame, unaligned };
            choose(file, &board).map_err(|unfit| {
                unfit.describe(|word| {
                    match word {
                        Word::Text(word) => text.text(word),
                        Word::Number(number) => text.number(number.into()),
                    };
                });
                zephyr_wasm_code::codes(file).next().is_some()
            })
        }
        None => {
            text.text("this image is for a processor that no code is made for: CONFIG_WASM_COMPILED_TARGET");
            Err(true)
        }
    };
    // SAFETY: as promised by the caller.
    unsafe { write(text.as_str(), message, sys::MESSAGE_SIZE) };
    match found {
        Ok(code) => (code.offset + Info::SIZE).cast_signed(),
        Err(_) if !has_code(file) => -2,
        Err(has_some) => -isize::from(has_some),
    }
}
