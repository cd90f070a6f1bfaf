//! Shows three lights, and finds out how long a strip can be.
#![no_std]

use acme::leds::leds::{Error, Rgb, Strip};
use zephyr_wasm_guest::{app, error, info};

wit_bindgen::generate!({
    path: "../../wit/leds.wit",
    inline: "package app:imports; world imports { import acme:leds/leds@1.0.0; }",
    world: "app:imports/imports",
    generate_all,
});

app!(run, heap = 256);

fn run() -> Result<(), i32> {
    let Err(too_long) = Strip::open(9) else { return Err(1) };
    if too_long != Error::InvalidLength {
        error!("another error than expected");
        return Err(2);
    }
    let strip = Strip::open(3).map_err(|error| error as i32)?;
    for (light, red) in [10, 100, 255].into_iter().enumerate() {
        strip.set(light as u32, Rgb { red, green: 0, blue: 255 - red }).map_err(|error| error as i32)?;
    }
    strip.show();
    info!("the lights are on");
    Ok(())
}
