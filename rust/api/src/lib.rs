//! The host APIs: each one implements the trait generated from its WIT file over a small device trait, which
//! `platform-zephyr` and `platform-desk` provide.
//!
//! An API has one file of the same name in each layer: `wit/timer.wit`, [`timer`], `platform-zephyr/src/timer.rs`,
//! `platform-desk/src/timer.rs`.
#![no_std]

extern crate alloc;

use zephyr_wasm_runtime::abi::Interface;
use zephyr_wasm_runtime::{App, HostApis, Platform};

/// What `zephyr-wasm-bindings` generated from `wit/`.
pub mod bindings {
    #![allow(missing_docs)]
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

include!(concat!(env!("OUT_DIR"), "/wit.rs"));

#[cfg(CONFIG_WASM_API_CLOCKS)]
pub mod clocks;
#[cfg(CONFIG_WASM_API_LOG)]
pub mod log;
#[cfg(CONFIG_WASM_API_RANDOM)]
pub mod random;
#[cfg(CONFIG_WASM_API_TIMER)]
pub mod timer;

macro_rules! devices {
    ($($symbol:ident $module:ident $device:ident $interface:ident;)*) => {
        $(
            /// What this API needs of the platform; nothing, as Kconfig left it out.
            #[cfg(not($symbol))]
            pub mod $module {
                /// Every platform has nothing.
                pub trait $device {}
                impl<P> $device for P {}
            }
        )*

        /// The devices behind the APIs of this image.
        pub trait Devices: Platform $(+ $module::$device)* {}
        impl<P: Platform $(+ $module::$device)*> Devices for P {}

        /// The APIs of this image, with those that the firmware adds.
        pub fn host_apis<P: Devices>(added: &'static [&'static [&'static dyn Interface<App<P>>]]) -> HostApis<App<P>> {
            let interfaces: &'static [&'static dyn Interface<App<P>>] = &[
                $(
                    #[cfg($symbol)]
                    &bindings::$interface::Import,
                )*
            ];
            HostApis { interfaces, added, known: bindings::PACKAGES }
        }
    };
}

devices! {
    CONFIG_WASM_API_LOG log Log wasi_logging_logging;
    CONFIG_WASM_API_CLOCKS clocks Clock wasi_clocks_monotonic_clock;
    CONFIG_WASM_API_TIMER timer Timers zephyr_timer_timer;
    CONFIG_WASM_API_RANDOM random Random wasi_random_random;
}
