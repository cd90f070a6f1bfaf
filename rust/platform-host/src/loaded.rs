//! The code of a compiled app, loaded of a shared library.

use libloading::{Error, Library};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::path::Path;
use zephyr_wasm_runtime::Code;
use zephyr_wasm_runtime::engine::{Entry, loaded};

/// What enters and leaves compiled apps, in C: it belongs behind the app's own code, with CONFIG_WASM_APP_STACK_SIZE and
/// CONFIG_WASM_COMPILED_STACK_MARGIN defined in bytes: [`crate::Settings::stack`], and what of it is left for host calls.
pub const ENTER: &str = include_str!("../../../src/compiled/enter.c");

/// An app that has been compiled and loaded. It stays loaded as long as the program runs.
#[derive(Clone, Copy)]
pub struct Loaded {
    outside: &'static [u8],
    entry: Entry,
}

impl Loaded {
    /// Loads a library: what `zephyr_wasm_compile` has made for an app of that name, with [`ENTER`] behind it. `outside` is
    /// what that has made of the same module.
    ///
    /// # Errors
    /// If it is no library, or lacks what such a library has.
    ///
    /// # Safety
    /// The library and `outside` are that, of a valid module.
    pub unsafe fn open(library: &Path, name: &str, outside: Vec<u8>) -> Result<Self, Error> {
        // Never unloaded: any app may be entered and left by its functions.
        // SAFETY: as promised by the caller, it does nothing as it is loaded.
        let library = ManuallyDrop::new(unsafe { Library::new(library)? });
        let address = |name: &str| {
            // SAFETY: the address of a function is a pointer.
            unsafe { library.get::<*const c_void>(name.as_bytes()) }.map(|symbol| *symbol)
        };
        let entry = address(&format!("zephyr_wasm_compiled_app_{name}"))?;
        let (enter, leave) = (address("zephyr_wasm_compiled_enter")?, address("zephyr_wasm_compiled_leave")?);
        // SAFETY: as promised by the caller, they are what they are called, and stay.
        unsafe {
            loaded::set(enter, leave);
            let entry = std::mem::transmute::<*const c_void, Entry>(entry);
            Ok(Loaded { outside: outside.leak(), entry })
        }
    }

    /// The app as the runtime takes it.
    pub(crate) fn code(self) -> Code<'static> {
        // SAFETY: as promised to `open`; both stay.
        unsafe { Code::compiled(self.outside, self.entry) }
    }
}
