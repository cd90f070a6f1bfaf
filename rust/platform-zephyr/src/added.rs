//! The host APIs of an image: those of ours that Kconfig put into it, and those that the firmware adds.
//!
//! This library has all of ours. `src/core/interfaces.c` names those of the image, and the linker drops the others, so that
//! one library serves images of any choice.

use crate::platform::Zephyr;
use crate::sys;
use core::slice;
use zephyr_wasm_api::{bindings, for_each_interface};
use zephyr_wasm_runtime::abi::Interface;
use zephyr_wasm_runtime::{App, Entry, HostApis};

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

macro_rules! export {
    ($($interface:ident)*) => {
        $(
            /// For the table in C.
            #[unsafe(export_name = concat!("zephyr_wasm_interface_", stringify!($interface)))]
            static $interface: Entry<App<Zephyr>> = Entry(&bindings::$interface::Import);
        )*
    };
}

#[allow(non_upper_case_globals)]
mod exported {
    use super::*;
    for_each_interface!(export);
}

/// All the host APIs of the image.
pub fn host_apis() -> HostApis<App<Zephyr>> {
    let mut added = Added(&[]);
    // SAFETY: either the macro defined it, or C did, where it does nothing.
    unsafe { sys::zephyr_wasm_add_apis((&raw mut added).cast()) };
    // SAFETY: the table is constant, and has pointers to some of the statics above, so many.
    let interfaces = unsafe {
        let table = (&raw const sys::zephyr_wasm_interfaces).cast::<&'static Entry<App<Zephyr>>>();
        slice::from_raw_parts(table, sys::zephyr_wasm_interface_count)
    };
    HostApis { interfaces, added: added.0, known: bindings::KNOWN }
}
