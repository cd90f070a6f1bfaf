//! Guests that break every rule of the host calls. From some bytes, of a fuzzer or a property test, comes a guest that
//! calls functions of one interface with what the bytes say; only defined ends may come out.
//!
//! - [`interfaces`]: every interface there is, with its functions' core types
//! - [`input`]: values where mistakes would be
//! - [`guest`]: the module, and [`parts`] of it that other tests have, too
//! - [`made`]: modules of wasm-smith, which know of no interface

mod guest;
mod input;
mod interfaces;
pub mod made;
pub mod parts;

use input::Input;
use interfaces::Interface;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use zephyr_wasm_platform_host::{App, HostPlatform, Settings};
use zephyr_wasm_runtime::{End, HostApi, Limits};

/// How long a guest may wait for something before it is killed.
const PATIENCE: Duration = Duration::from_millis(5);

/// The interfaces that guests call.
pub fn interfaces() -> &'static [Interface] {
    static ALL: OnceLock<Vec<Interface>> = OnceLock::new();
    ALL.get_or_init(interfaces::all)
}

/// Makes a guest from bytes, runs it beside a host that serves every interface, and returns how it ended.
///
/// # Panics
/// If it ended in no way that a guest may end, or left something behind.
pub fn run(bytes: &[u8]) -> End {
    let mut input = Input::new(bytes);
    let all = interfaces();
    let interface = &all[input.below(all.len())];
    let wasm = guest::module(interface, &mut input);
    let settings = Settings {
        region: 96 * 1024,
        limits: Limits {
            fuel: Some(20_000),
            handles: 4,
            ..Limits::default()
        },
        added: &[<roundtrip_host::Api as HostApi<HostPlatform>>::INTERFACES],
        ..Settings::new("hostile")
    };
    let app = App::start(settings, wasm).expect("there is a thread");
    let deadline = Instant::now() + PATIENCE;
    while !app.has_ended() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    app.kill();
    let (end, message, _) = app.join();
    assert_eq!(
        roundtrip_host::cells::open(),
        0,
        "a resource outlives its app"
    );
    assert_eq!(
        zephyr_wasm_platform_host::held(),
        0,
        "something of the host's outlives its app"
    );
    match end {
        End::Returned(_) | End::Trapped(_) | End::Violated(_) | End::OutOfMemory | End::Killed => {
            end
        }
        End::Refused(_) | End::Panicked | End::Faulted | End::Unresponsive => {
            panic!("{}: {end:?}: {message}", interface.name)
        }
    }
}
