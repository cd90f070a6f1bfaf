//! Firmware in Rust that starts an app, and says how it ended.
#![no_std]

use zephyr::printk;
use zephyr_wasm::{App, image};

#[unsafe(no_mangle)]
extern "C" fn rust_main() {
    match App::start(image!(zephyr_wasm_image_hello_rust)).and_then(|app| app.wait(None)) {
        Ok(status) if status.is_success() => printk!("rust firmware: the app is done\n"),
        Ok(status) => printk!("rust firmware: the app failed: {}\n", status.message()),
        Err(_) => printk!("rust firmware: the app was not started\n"),
    }
}
