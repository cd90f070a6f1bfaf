//! Hands what its exports are given to the imports of the same name, and returns what those return.
#![no_std]

extern crate alloc;

mod cells;
mod values;

use alloc::format;
use alloc::string::String;
use zephyr_wasm_guest::heap::StaticHeap;

wit_bindgen::generate!({
    path: "../wit",
    world: "roundtrip",
    generate_all,
    sync: true,
    // One set of types for both sides, so that a value can be handed on.
    merge_structurally_equal_types: true,
});

#[global_allocator]
static HEAP: StaticHeap<8192> = StaticHeap::new();

struct Roundtrip;

impl Guest for Roundtrip {
    fn run() -> i32 {
        0
    }

    fn greet(name: Option<String>) -> String {
        match name {
            Some(name) => format!("hello, {name}"),
            None => "hello, whoever you are".into(),
        }
    }

    fn double_twice(v: u32) -> u32 {
        double(double(v))
    }

    fn inspect(subject: &Cell) -> String {
        format!("it holds {}", subject.get())
    }
}

export!(Roundtrip);
