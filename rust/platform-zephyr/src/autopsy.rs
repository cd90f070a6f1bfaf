//! Looks at what is left of an app that ended badly, where the image wants that (`CONFIG_WASM_TRACE`).

use crate::platform::Zephyr;
use crate::sys;
use zephyr_wasm_runtime::{Autopsy, Instance, Remains};

/// For C to name.
#[unsafe(no_mangle)]
static zephyr_wasm_autopsy: Autopsy<Zephyr> = Autopsy::new();

/// What looks at apps, where C puts it into the image.
pub fn autopsy() -> Option<&'static Autopsy<Zephyr>> {
    // SAFETY: it is null, or the address of the static above.
    unsafe { sys::zephyr_wasm_autopsy_of_image.cast::<Autopsy<Zephyr>>().as_ref() }
}

/// Tells C what is left of an app whose thread was aborted.
///
/// # Safety
/// `app` is what the platform was given as the app started, and nobody else uses it.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_remains(app: *const Instance<Zephyr>, slot: *mut sys::RawApp) {
    // SAFETY: as promised by the caller; the memory is good for its size, and not kept.
    unsafe {
        let Remains { place, memory } = Remains::of(&*app);
        sys::zephyr_wasm_remains_of(slot, place, memory.as_ptr(), memory.len());
    }
}
