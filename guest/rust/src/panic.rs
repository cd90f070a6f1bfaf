//! A panic is a trap: the firmware reports it, and the other apps run on. What it is about is left in the app's memory,
//! where the host looks for it, so that this takes no host API and no formatting code: a text, if it is one without numbers
//! to be put in (feature `panic-text`), and the place (feature `panic-place`).
//!
//! The template of `zephyr-wasm new` has the text. Neither is a default of this crate: the texts, and the code for numbers that
//! could be put in, take a kilobyte of an app's memory, and the names of files up to 400 bytes more of its code.

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

/// What the host reads (`rust/runtime/src/panicked.rs`): a line of 0 is no panic. Where the place is not told, it has a line of
/// 1 and no file.
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

/// Not to look at it is what makes an app smaller: the names of files are left out.
#[cfg(feature = "panic-text")]
fn place_of(info: &PanicInfo<'_>) -> (u32, Text) {
    match info.location() {
        Some(place) if cfg!(feature = "panic-place") => {
            (place.line(), Text { start: place.file().as_ptr(), length: place.file().len() })
        }
        _ => (1, Text::NONE),
    }
}

#[cfg_attr(not(feature = "panic-text"), allow(unused_variables))]
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    #[cfg(feature = "panic-text")]
    {
        let (line, file) = place_of(info);
        let text = info.message().as_str().map_or(Text::NONE, Text::of);
        // SAFETY: an app has one thread, which ends here.
        unsafe {
            PANIC = Panic { line, file, text };
        }
    }
    core::arch::wasm32::unreachable()
}
