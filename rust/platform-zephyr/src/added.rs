//! The host APIs that a firmware adds to ours.

use crate::platform::Zephyr;
use crate::sys;
use zephyr_wasm_runtime::abi::Interface;
use zephyr_wasm_runtime::{App, HostApis};

/// Where [`host_apis!`](crate::host_apis) puts what a firmware adds.
#[doc(hidden)]
pub struct Added(pub &'static [&'static [&'static dyn Interface<App<Zephyr>>]]);

/// Adds host APIs to an image: types that implement `HostApi`, as `zephyr-wasm-bindings` makes them. At most once in a
/// firmware.
#[macro_export]
macro_rules! host_apis {
    ($($api:ty),* $(,)?) => {
        #[unsafe(no_mangle)]
        extern "C" fn zephyr_wasm_add_apis(added: &mut $crate::Added) {
            added.0 = const { &[$(<$api as $crate::runtime::HostApi<$crate::Zephyr>>::INTERFACES),*] };
        }
    };
}

/// All the host APIs of the image.
pub fn host_apis() -> HostApis<App<Zephyr>> {
    let mut added = Added(&[]);
    // SAFETY: either the macro defined it, or C did, where it does nothing.
    unsafe { sys::zephyr_wasm_add_apis((&raw mut added).cast()) };
    zephyr_wasm_api::host_apis(added.0)
}
