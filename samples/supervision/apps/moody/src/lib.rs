//! Is well for a while, and then hangs: it is ended, and started again.
#![no_std]

use zephyr_wasm_guest::{MILLISECOND, app, clocks, info, lifecycle};

app!(run, heap = 64);

fn run() {
    for _ in 0..3 {
        info!("well");
        lifecycle::heartbeat();
        clocks::wait_for(100 * MILLISECOND);
    }
    loop {
        core::hint::spin_loop();
    }
}
