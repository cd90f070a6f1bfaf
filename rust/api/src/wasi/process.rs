//! What is of the program as a whole: arguments, environment, clocks, random numbers, and its end.

use super::Given;
use super::Wasi;
use super::call::Call;
use super::errno::{Answer, Errno, Fault};
use super::program::given;
use crate::pause::pause;
use zephyr_wasm_runtime::abi;

/// How many random bytes are made at once: of a slow source, that takes some milliseconds.
const RANDOM_AT_ONCE: usize = 64;

/// Copies texts to the app, each with a zero behind it, and their places.
fn texts<P: Wasi>(call: &mut Call<'_, P>, what: Given, mut places: i32, mut at: i32) -> Answer {
    let mut index = 0;
    while let Some(text) = given(call.app, what, index) {
        call.put_u32(places, at as u32)?;
        call.put(at, text.as_bytes())?;
        at = at.wrapping_add(text.len() as i32);
        call.put(at, &[0])?;
        at = at.wrapping_add(1);
        places = places.wrapping_add(4);
        index += 1;
        pause(&call.app.platform);
    }
    Ok(())
}

/// Tells how many texts there are, and their bytes in all.
fn sizes<P: Wasi>(call: &mut Call<'_, P>, what: Given, count: i32, size: i32) -> Answer {
    let (mut index, mut bytes) = (0, 0);
    while let Some(text) = given(call.app, what, index) {
        index += 1;
        bytes += text.len() as u32 + 1;
        pause(&call.app.platform);
    }
    call.put_u32(count, index as u32)?;
    call.put_u32(size, bytes)
}

pub fn args_get<P: Wasi>(call: &mut Call<'_, P>, places: i32, buffer: i32) -> Answer {
    texts(call, Given::Argument, places, buffer)
}

pub fn args_sizes_get<P: Wasi>(call: &mut Call<'_, P>, count: i32, size: i32) -> Answer {
    sizes(call, Given::Argument, count, size)
}

pub fn environ_get<P: Wasi>(call: &mut Call<'_, P>, places: i32, buffer: i32) -> Answer {
    texts(call, Given::Variable, places, buffer)
}

pub fn environ_sizes_get<P: Wasi>(call: &mut Call<'_, P>, count: i32, size: i32) -> Answer {
    sizes(call, Given::Variable, count, size)
}

/// WASI's clocks of the world and of the board.
const REALTIME: i32 = 0;
const MONOTONIC: i32 = 1;
/// Those of the processor, which are not here.
const CPU: [i32; 2] = [2, 3];

/// The time of a clock in nanoseconds.
pub fn time<P: Wasi>(platform: &P, clock: i32) -> Result<u64, Errno> {
    match clock {
        REALTIME => Ok(platform.realtime()),
        MONOTONIC => Ok(platform.now()),
        clock if CPU.contains(&clock) => Err(Errno::NOSYS),
        _ => Err(Errno::INVAL),
    }
}

pub fn clock_res_get<P: Wasi>(call: &mut Call<'_, P>, clock: i32, out: i32) -> Answer {
    time(&call.app.platform, clock)?;
    call.put_u64(out, call.app.platform.resolution())
}

pub fn clock_time_get<P: Wasi>(call: &mut Call<'_, P>, clock: i32, _precision: i64, out: i32) -> Answer {
    let now = time(&call.app.platform, clock)?;
    call.put_u64(out, now)
}

pub fn random_get<P: Wasi>(call: &mut Call<'_, P>, start: i32, length: i32) -> Answer {
    let Call { memory, app } = call;
    for piece in abi::bytes_mut(memory, start, length)?.chunks_mut(RANDOM_AT_ONCE) {
        app.platform.fill(piece);
        pause(&app.platform);
    }
    Ok(())
}

pub fn sched_yield<P: Wasi>(call: &mut Call<'_, P>) -> Answer {
    call.app.platform.sleep(0);
    Ok(())
}

pub fn proc_exit<P: Wasi>(call: &mut Call<'_, P>, code: i32) -> Answer {
    Err(Fault::Trap(call.app.exit(code)))
}
