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

mod failure;
pub use failure::Failure;

#[cfg(CONFIG_WASM_API_ADC)]
pub mod adc;
#[cfg(CONFIG_WASM_API_BLE)]
pub mod ble;
#[cfg(CONFIG_WASM_API_CLOCKS)]
pub mod clocks;
#[cfg(CONFIG_WASM_API_COAP)]
pub mod coap;
#[cfg(CONFIG_WASM_API_GPIO)]
pub mod gpio;
#[cfg(CONFIG_WASM_API_HTTP)]
pub mod http;
#[cfg(CONFIG_WASM_API_I2C)]
pub mod i2c;
#[cfg(CONFIG_WASM_API_LOG)]
pub mod log;
#[cfg(CONFIG_WASM_API_MESSAGE)]
pub mod message;
#[cfg(CONFIG_WASM_API_PWM)]
pub mod pwm;
#[cfg(CONFIG_WASM_API_RANDOM)]
pub mod random;
#[cfg(CONFIG_WASM_API_SENSOR)]
pub mod sensor;
#[cfg(CONFIG_WASM_API_SOCKETS)]
pub mod sockets;
#[cfg(CONFIG_WASM_API_SPI)]
pub mod spi;
#[cfg(CONFIG_WASM_API_STORAGE)]
pub mod storage;
#[cfg(CONFIG_WASM_API_TIMER)]
pub mod timer;
#[cfg(CONFIG_WASM_API_UART)]
pub mod uart;

macro_rules! devices {
    ($($symbol:ident $module:ident $device:ident [$($interface_symbol:ident $interface:ident),+];)*) => {
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
                $($(
                    #[cfg($interface_symbol)]
                    &bindings::$interface::Import,
                )+)*
            ];
            HostApis { interfaces, added, known: bindings::KNOWN }
        }
    };
}

// An API's symbol, module and device, and its interfaces: those that Kconfig can leave out by themselves have a symbol of
// their own.
devices! {
    CONFIG_WASM_API_LOG log Log [CONFIG_WASM_API_LOG wasi_logging_logging];
    CONFIG_WASM_API_CLOCKS clocks Clock [CONFIG_WASM_API_CLOCKS wasi_clocks_monotonic_clock];
    CONFIG_WASM_API_TIMER timer Timers [CONFIG_WASM_API_TIMER zephyr_timer_timer];
    CONFIG_WASM_API_RANDOM random Random [CONFIG_WASM_API_RANDOM wasi_random_random];
    CONFIG_WASM_API_SENSOR sensor Sensors [
        CONFIG_WASM_API_SENSOR zephyr_sensor_sensor,
        CONFIG_WASM_API_SENSOR_DISCOVERY zephyr_sensor_discovery,
        CONFIG_WASM_API_SENSOR_STREAMS zephyr_sensor_streams
    ];
    CONFIG_WASM_API_GPIO gpio Lines [CONFIG_WASM_API_GPIO zephyr_gpio_gpio];
    CONFIG_WASM_API_MESSAGE message Messages [
        CONFIG_WASM_API_MESSAGE zephyr_message_message,
        CONFIG_WASM_API_MESSAGE_REQUESTS zephyr_message_requests
    ];
    CONFIG_WASM_API_STORAGE storage Storage [CONFIG_WASM_API_STORAGE zephyr_storage_storage];
    CONFIG_WASM_API_SOCKETS sockets Sockets [CONFIG_WASM_API_SOCKETS zephyr_sockets_sockets];
    CONFIG_WASM_API_COAP coap Coap [CONFIG_WASM_API_COAP zephyr_coap_coap];
    CONFIG_WASM_API_HTTP http Http [CONFIG_WASM_API_HTTP zephyr_http_http];
    CONFIG_WASM_API_I2C i2c I2cBuses [CONFIG_WASM_API_I2C zephyr_i2c_i2c];
    CONFIG_WASM_API_SPI spi SpiDevices [CONFIG_WASM_API_SPI zephyr_spi_spi];
    CONFIG_WASM_API_UART uart Uarts [CONFIG_WASM_API_UART zephyr_uart_uart];
    CONFIG_WASM_API_ADC adc Adc [CONFIG_WASM_API_ADC zephyr_adc_adc];
    CONFIG_WASM_API_PWM pwm Pwms [CONFIG_WASM_API_PWM zephyr_pwm_pwm];
    CONFIG_WASM_API_BLE ble Ble [CONFIG_WASM_API_BLE zephyr_ble_ble];
}
