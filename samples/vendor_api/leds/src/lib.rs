//! `acme:leds` over the board's driver.
#![no_std]

extern crate alloc;

mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

pub use bindings::Api;
use bindings::acme_leds_leds::{Error, Host, Rgb, Strip};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use zephyr_wasm_runtime::{App, Platform};

/// How many strips the board has, and how many lights each.
const STRIPS: usize = 2;
const LIGHTS: usize = 8;

/// The strips: how many lights of each are used, 0 if nobody has it, and their colours.
static LENGTHS: [AtomicU32; STRIPS] = [const { AtomicU32::new(0) }; STRIPS];
static COLORS: [[AtomicU32; LIGHTS]; STRIPS] = [const { [const { AtomicU32::new(0) }; LIGHTS] }; STRIPS];

unsafe extern "C" {
    /// The driver, in `src/leds.c`.
    safe fn leds_write(strip: u32, colors: &[AtomicU32; LIGHTS], length: u32);
}

impl<P: Platform> Host for App<P> {
    fn strip_open(&mut self, length: u32) -> Result<Strip, Error> {
        if !(1..=LIGHTS as u32).contains(&length) {
            return Err(Error::InvalidLength);
        }
        let free = LENGTHS.iter().position(|slot| slot.compare_exchange(0, length, Relaxed, Relaxed).is_ok());
        free.map(|strip| Strip(strip as u32)).ok_or(Error::Busy)
    }

    fn strip_set(&mut self, this: Strip, light: u32, color: Rgb) -> Result<(), Error> {
        let strip = this.0 as usize;
        if light >= LENGTHS[strip].load(Relaxed) {
            return Err(Error::NoSuchLight);
        }
        let color = u32::from_be_bytes([0, color.red, color.green, color.blue]);
        COLORS[strip][light as usize].store(color, Relaxed);
        Ok(())
    }

    fn strip_show(&mut self, this: Strip) {
        let strip = this.0 as usize;
        leds_write(this.0, &COLORS[strip], LENGTHS[strip].load(Relaxed));
    }

    fn strip_drop(&mut self, this: Strip) {
        let strip = this.0 as usize;
        for color in &COLORS[strip] {
            color.store(0, Relaxed);
        }
        self.strip_show(this);
        LENGTHS[strip].store(0, Relaxed);
    }
}
