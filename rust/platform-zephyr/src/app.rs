//! The API of firmware in Rust, over the C API.

use crate::sys;
use core::ffi::c_int;
use core::mem::MaybeUninit;
use core::{ptr, str};

/// An embedded app, made by `zephyr_wasm_app()` in CMake. [`crate::image!`] names one.
#[derive(Clone, Copy)]
pub struct Image(&'static sys::Image);

impl Image {
    /// For [`crate::image!`].
    #[doc(hidden)]
    pub fn new(image: &'static sys::Image) -> Self {
        Image(image)
    }
}

/// The image of the app that `zephyr_wasm_app(name ...)` embedded.
#[macro_export]
macro_rules! image {
    ($symbol:ident) => {{
        unsafe extern "C" {
            static $symbol: $crate::RawImage;
        }
        // SAFETY: the build made this constant, or the firmware does not link.
        $crate::Image::new(unsafe { &$symbol })
    }};
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// `CONFIG_WASM_MAX_APPS` apps are loaded already.
    NoSlot,
    /// The app has not ended in time, or not yet.
    NotEnded,
    /// Any other error of Zephyr's, as a negative number.
    Errno(c_int),
}

fn check(result: c_int) -> Result<c_int, Error> {
    const EAGAIN: c_int = 11;
    const ENOMEM: c_int = 12;
    const EBUSY: c_int = 16;
    match result {
        0.. => Ok(result),
        _ if result == -ENOMEM => Err(Error::NoSlot),
        _ if result == -EAGAIN || result == -EBUSY => Err(Error::NotEnded),
        _ => Err(Error::Errno(result)),
    }
}

/// What an app is doing, or how it ended. The numbers are those of `zephyr_wasm/zephyr_wasm.h`.
pub struct Status(sys::Status);

impl Status {
    /// `enum zephyr_wasm_state`.
    pub fn state(&self) -> i32 {
        self.0.state.into()
    }

    /// `enum zephyr_wasm_end`, and its detail.
    pub fn end(&self) -> (i32, i32) {
        (self.0.end.into(), self.0.detail)
    }

    /// Where it was as it ended, for `zephyr-wasm explain`, if that is known.
    pub fn place(&self) -> Option<u32> {
        (self.0.place != 0).then_some(self.0.place)
    }

    /// Whether `run` has returned 0.
    pub fn is_success(&self) -> bool {
        self.end() == (1, 0)
    }

    /// The most bytes of its memory and of its stack that were in use at once, where the image counts them.
    pub fn peaks(&self) -> (usize, usize) {
        (self.0.heap_peak, self.0.stack_peak)
    }

    /// The end in words, empty before.
    pub fn message(&self) -> &str {
        let bytes = self.0.message.split(|byte| *byte == 0).next().unwrap_or_default();
        str::from_utf8(bytes).unwrap_or_default()
    }
}

/// A loaded app. Dropping this does not end it.
pub struct App(*mut sys::RawApp);

// SAFETY: the C API may be called from any thread.
unsafe impl Send for App {}

impl App {
    /// Starts an app on a thread of its own.
    ///
    /// # Errors
    /// [`Error::NoSlot`]. A module that is refused is an end, which [`App::wait`] reports.
    pub fn start(image: Image) -> Result<App, Error> {
        let mut app = ptr::null_mut();
        // SAFETY: the image is constant, and the result is written before it is read.
        check(unsafe { sys::zephyr_wasm_start(image.0, &mut app) })?;
        Ok(App(app))
    }

    /// Waits for the app's end; forever without a limit in milliseconds.
    ///
    /// # Errors
    /// [`Error::NotEnded`], if it has not ended in time.
    pub fn wait(&self, milliseconds: Option<u32>) -> Result<Status, Error> {
        let mut status = MaybeUninit::<sys::Status>::zeroed();
        let limit = milliseconds.map_or(-1, i64::from);
        // SAFETY: the app is loaded, or the call says that it is not. Zeroes are a status.
        unsafe {
            check(sys::zephyr_wasm_wait_ms(self.0, limit, status.as_mut_ptr()))?;
            Ok(Status(status.assume_init()))
        }
    }

    /// What the app is doing.
    ///
    /// # Errors
    /// [`Error::Errno`], if it is not loaded any more.
    pub fn status(&self) -> Result<Status, Error> {
        let mut status = MaybeUninit::<sys::Status>::zeroed();
        // SAFETY: as in `wait`.
        unsafe {
            check(sys::zephyr_wasm_status(self.0, status.as_mut_ptr()))?;
            Ok(Status(status.assume_init()))
        }
    }

    /// Ends the app, whatever it is doing.
    ///
    /// # Errors
    /// [`Error::Errno`], if it is not loaded any more.
    pub fn kill(&self) -> Result<(), Error> {
        // SAFETY: as in `wait`.
        check(unsafe { sys::zephyr_wasm_kill(self.0) }).map(drop)
    }

    /// Forgets an app that has ended, so that another can be loaded.
    ///
    /// # Errors
    /// [`Error::NotEnded`], and the app, if it has not.
    pub fn release(self) -> Result<(), (Error, App)> {
        // SAFETY: as in `wait`.
        check(unsafe { sys::zephyr_wasm_release(self.0) }).map(drop).map_err(|error| (error, self))
    }
}

/// Starts every app that the build embedded, and says how many.
///
/// # Errors
/// The error of the first that was not started.
pub fn start_all() -> Result<u32, Error> {
    check(sys::zephyr_wasm_start_all()).map(|count| count.unsigned_abs())
}
