// SPDX-License-Identifier: Apache-2.0

//! An app of one file and no crate. The host function is imported as it is.

#[link(wasm_import_module = "wasi:logging/logging@0.1.0-draft")]
unsafe extern "C" {
    fn log(level: i32, context: *const u8, context_size: usize, text: *const u8, size: usize);
}

#[unsafe(no_mangle)]
pub extern "C" fn run() -> i32 {
    let text = format!("counted");
    // SAFETY: these are texts.
    unsafe { log(2, text.as_ptr(), 0, text.as_ptr(), text.len()) };
    (2..1000).filter(|number| (2..*number).all(|divisor| number % divisor != 0)).count() as i32
}
