//! Host functions that do nothing, by our bindings and by the engine's own, and two that switch threads.
#![no_std]

extern crate alloc;

mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

use bindings::bench_calls_calls::{Host, Import};
use bindings::bench_calls_threads as threads;
use zephyr_wasm_runtime::abi::{Function, Interface, Store};
use zephyr_wasm_runtime::{App, HostApi, Platform};

static BYTES: [u8; 64] = [7; 64];

impl<P: Platform> Host for App<P> {
    type Bytes = &'static [u8];

    fn none(&mut self) {}

    fn three(&mut self, a: i32, b: i32, c: i32) -> i32 {
        a ^ b ^ c
    }

    fn text(&mut self, text: &str) -> u32 {
        text.len() as u32
    }

    fn bytes(&mut self) -> &'static [u8] {
        &BYTES
    }
}

unsafe extern "C" {
    /// Of src/switches.c.
    safe fn benchmark_step_aside();
    /// Of src/switches.c.
    safe fn benchmark_wait();
}

impl<P: Platform> threads::Host for App<P> {
    fn step_aside(&mut self) {
        benchmark_step_aside();
    }

    fn wait(&mut self) {
        benchmark_wait();
    }
}

/// The same without bindings: what the interpreter takes by itself.
struct Raw;

impl<P: Platform> Interface<App<P>> for Raw {
    fn name(&self) -> &'static str {
        "bench:raw/calls"
    }

    fn function(&self, name: &str, store: &mut Store<App<P>>) -> Option<(Function, u32)> {
        let function = match name {
            "none" => Function::bare(store, || {}),
            _ => Function::bare(store, |a: i32, b: i32, c: i32| a ^ b ^ c),
        }?;
        Some((function, 0))
    }
}

/// All of them.
pub struct Api;

impl<P: Platform> HostApi<P> for Api {
    const INTERFACES: &'static [&'static dyn Interface<App<P>>] = &[&Import, &threads::Import, &Raw];
}
