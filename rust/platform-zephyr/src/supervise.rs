//! What `src/observe/supervisor.c` asks of the policy that boards and `zephyr-wasm run` have in common. The kernel
//! asks, and it works on the kernel's data.

use crate::entry::module;
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_runtime::{End, Refusal};
use zephyr_wasm_supervise::{Backoff, Ended, Supervised};

/// Reads what an app's manifest says of supervision. One that is run once is not started again. How often it was stays.
///
/// # Safety
/// `wasm` has `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_supervise(
    wasm: *const u8,
    size: usize,
    once: bool,
    first: u32,
    out: &mut Supervised,
) {
    // SAFETY: as promised by the caller.
    let manifest = Manifest::of(unsafe { module(wasm, size) });
    *out = Supervised { restarts: out.restarts, ..Supervised::new(manifest, once, first) };
}

/// The app is about to run.
#[unsafe(no_mangle)]
extern "C" fn zephyr_wasm_rs_launched(of: &mut Supervised, uptime: i64, cycles: u32) {
    of.launched(uptime, cycles);
}

/// After how many milliseconds an app is started again that has ended; 0 if it is not.
#[unsafe(no_mangle)]
extern "C" fn zephyr_wasm_rs_again(
    of: &mut Supervised,
    end: u8,
    detail: i32,
    uptime: i64,
    first: u32,
    most: u32,
) -> u32 {
    let end = if (end, detail) == End::Returned(0).codes() {
        Ended::Well
    } else if end == End::Refused(Refusal::Invalid).codes().0 {
        Ended::Refused
    } else {
        Ended::Badly
    };
    of.ended(end, uptime, Backoff { first, most }).unwrap_or_default()
}

/// Whether an app has been silent for longer than it promised.
#[unsafe(no_mangle)]
extern "C" fn zephyr_wasm_rs_is_silent(of: &Supervised, uptime: i64) -> bool {
    of.is_silent(uptime)
}

/// Charges an app what its thread has run in all, in cycles: whether it has to wait.
#[unsafe(no_mangle)]
extern "C" fn zephyr_wasm_rs_charge(
    of: &mut Supervised,
    run: u64,
    uptime: i64,
    cycles: u32,
    was_waiting: bool,
) -> bool {
    of.charge(run, uptime, cycles, was_waiting)
}

/// Whether an app has had its share already.
#[unsafe(no_mangle)]
extern "C" fn zephyr_wasm_rs_is_over_share(of: &Supervised) -> bool {
    of.is_over_share()
}
