//! An app with a world of its own, by stock wit-bindgen. From zephyr-wasm it takes the heap and the panic handler.
#![no_std]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;
use zephyr_wasm_guest::heap::StaticHeap;

wit_bindgen::generate!({ world: "greet" });

#[global_allocator]
static HEAP: StaticHeap<512> = StaticHeap::new();

struct Greet;

impl Guest for Greet {
    fn run(name: Option<String>) -> String {
        String::from("hello, ") + name.as_deref().unwrap_or("whoever you are")
    }

    fn mean(numbers: Vec<i32>) -> Option<i32> {
        let sum: i64 = numbers.iter().copied().map(i64::from).sum();
        let mean = sum.checked_div(numbers.len() as i64)?;
        i32::try_from(mean).ok()
    }
}

export!(Greet);
