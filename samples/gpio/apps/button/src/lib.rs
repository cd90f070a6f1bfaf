//! Lights an LED while a button is pressed. The button bounces.
#![no_std]

use zephyr_wasm_guest::gpio::{Edge, Error, Line as Pin};
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, info};

app!(run, arena = 64);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    // The manifest lets this app read the button, and not drive it.
    if let Err(Error::NotGranted) = Pin::output("button", true) {
        info!("the button is not mine to press");
    }
    let button = Pin::input("button")?;
    let led = Pin::output("led", false)?;
    for _ in 0..4 {
        match button.wait(Edge::Both, 20 * MILLISECOND, 10 * SECOND)? {
            Some(pressed) => {
                led.write(pressed)?;
                if pressed { info!("pressed") } else { info!("released") }
            }
            None => info!("nobody presses"),
        }
    }
    Ok(())
}
