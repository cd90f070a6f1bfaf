//! A panic is a trap: the firmware reports it, and the other apps run on. What it is about is left in the app's memory,
//! where the host looks for it, so that this takes no host API and no formatting code: the place, and a text that is one
//! without numbers to be put in.
//!
//! That is with the feature `panic-text`. It makes an app up to 400 bytes larger, which are the places of all panics and
//! the names of their files, and takes a kilobyte more of its memory.

use core::panic::PanicInfo;

/// A text in the app's memory.
#[cfg(feature = "panic-text")]
#[repr(C)]
struct Text {
    start: *const u8,
    length: usize,
}

#[cfg(feature = "panic-text")]
impl Text {
    const NONE: Text = Text { start: core::ptr::null(), length: 0 };

    fn of(text: &'static str) -> Self {
        Text { start: text.as_ptr(), length: text.len() }
    }
}

/// What the host reads (`rust/runtime/src/panicked.rs`): a line of 0 is no panic.
#[cfg(feature = "panic-text")]
#[repr(C)]
struct Panic {
    line: u32,
    file: Text,
    text: Text,
}

/// Exported as a global that has its address.
#[cfg(feature = "panic-text")]
#[unsafe(export_name = "__panic")]
static mut PANIC: Panic = Panic { line: 0, file: Text::NONE, text: Text::NONE };

#[cfg_attr(not(feature = "panic-text"), allow(unused_variables))]
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    #[cfg(feature = "panic-text")]
    if let Some(place) = info.location() {
        let text = info.message().as_str().map_or(Text::NONE, Text::of);
        // SAFETY: an app has one thread, which ends here. A place is of the program, and so stays, as its type cannot say.
        unsafe {
            let file = Text { start: place.file().as_ptr(), length: place.file().len() };
            PANIC = Panic { line: place.line(), file, text };
        }
    }
    core::arch::wasm32::unreachable()
}
