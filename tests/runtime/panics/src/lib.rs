//! Panics, and leaves where and why.
#![no_std]

use zephyr_wasm_guest::app;

app!(run, heap = 64);

fn run() {
    panic!("too cold");
}
