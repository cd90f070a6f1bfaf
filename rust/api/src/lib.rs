//! The host APIs: each one implements the trait generated from its WIT file over a small device trait, which
//! `platform-zephyr` and `platform-host` provide.
//!
//! An API has one file of the same name in each layer: `wit/timer.wit`, [`timer`], `platform-zephyr/src/timer.rs`,
//! `platform-host/src/timer.rs`. Its device trait is called `Device`.
#![no_std]

extern crate alloc;

use zephyr_wasm_runtime::abi::Interface;
use zephyr_wasm_runtime::{App, Entry, HostApis, Platform};

/// What `zephyr-wasm-bindings` generated from `wit/`.
pub mod bindings {
    #![allow(missing_docs)]
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

include!(concat!(env!("OUT_DIR"), "/wit.rs"));

/// What the build script has generated, by the names of its files, for builds that do without it.
#[cfg(feature = "generate")]
pub const GENERATED: [(&str, &str); 2] = [
    ("bindings.rs", include_str!(concat!(env!("OUT_DIR"), "/bindings.rs"))),
    ("wit.rs", include_str!(concat!(env!("OUT_DIR"), "/wit.rs"))),
];

mod failure;
pub use failure::Failure;

mod pause;

pub mod wasi;

// The modules of the host APIs, which are the files of `wit/`, and the trait `Devices`.
include!(concat!(env!("OUT_DIR"), "/apis.rs"));

/// Every API, with those that a program adds: what `zephyr-wasm run` has. In firmware, Kconfig chooses.
pub fn host_apis<P: Devices>(
    added: &'static [&'static [&'static dyn Interface<App<P>>]],
) -> HostApis<App<P>> {
    macro_rules! all {
        ($($interface:ident)*) => {
            &[
                $(&Entry(&bindings::$interface::Import),)*
                &Entry(&wasi::Import::<true>),
                &Entry(&wasi::Unstable::<true>),
            ]
        };
    }
    HostApis { interfaces: for_each_interface!(all), added, known: bindings::KNOWN }
}
