//! Waiting for the first of several things.

use super::Wasi;
use super::call::Call;
use super::errno::{Answer, Errno, Fault};
use super::process::time;
use super::program::Kind;
use crate::pause::pause;
use zephyr_wasm_runtime::abi;

/// The size of a subscription; snapshot 0 has a larger one.
pub const SUBSCRIPTION_SIZE: usize = 48;

const EVENT_SIZE: u32 = 32;

/// WASI's kinds of what can be waited for.
const CLOCK: u8 = 0;
const READABLE: u8 = 1;
const WRITABLE: u8 = 2;

/// WASI's flag of a point in time, where there else is a duration.
const ABSOLUTE: u16 = 1;

/// One thing to wait for.
struct Subscription {
    userdata: [u8; 8],
    kind: u8,
    what: What,
}

enum What {
    /// A number of nanoseconds, from now on or of a clock.
    Time(u64, Option<i32>),
    /// The standard input.
    Input,
    /// Nothing to wait for: success, or why not.
    Ready(u8),
}

impl Subscription {
    /// Reads one of so many bytes: where they are more, a clock begins with what nobody needs.
    fn read<P: Wasi, const SIZE: usize>(call: &mut Call<'_, P>, at: i32) -> Result<Self, Fault> {
        let bytes: [u8; SIZE] = abi::load(call.memory, at, 0)?;
        let more = SIZE - SUBSCRIPTION_SIZE;
        let kind = bytes[8];
        let what = match kind {
            CLOCK => {
                let clock = u32::from_le_bytes(abi::field(&bytes, 16 + more)) as i32;
                let timeout = u64::from_le_bytes(abi::field(&bytes, 24 + more));
                let flags = u16::from_le_bytes(abi::field(&bytes, 40 + more));
                match time(&call.app.platform, clock) {
                    Ok(_) => What::Time(timeout, (flags & ABSOLUTE != 0).then_some(clock)),
                    Err(errno) => What::Ready(errno.0),
                }
            }
            READABLE | WRITABLE => {
                let fd = u32::from_le_bytes(abi::field(&bytes, 16)) as i32;
                match call.descriptor(fd) {
                    Ok(descriptor) => match (&descriptor.kind, kind) {
                        (Kind::Standard(0), READABLE) => What::Input,
                        (Kind::Standard(0), _) | (Kind::Standard(_), READABLE) => What::Ready(Errno::BADF.0),
                        _ => What::Ready(0),
                    },
                    Err(_) => What::Ready(Errno::BADF.0),
                }
            }
            _ => return Err(Errno::INVAL.into()),
        };
        Ok(Subscription { userdata: abi::field(&bytes, 0), kind, what })
    }
}

pub fn poll_oneoff<P: Wasi, const SIZE: usize>(
    call: &mut Call<'_, P>,
    subscriptions: i32,
    events: i32,
    count: i32,
    out: i32,
) -> Answer {
    if count == 0 {
        return Err(Errno::INVAL.into());
    }
    abi::elements(call.memory, subscriptions, count, SIZE as u32)?;
    abi::elements(call.memory, events, count, EVENT_SIZE)?;
    let at = |index: i32| subscriptions.wrapping_add(index.wrapping_mul(SIZE as i32));

    // What happens first: durations count from here on.
    let (mut wait, mut input, mut ready) = (u64::MAX, false, false);
    for index in 0..count {
        match Subscription::read::<P, SIZE>(call, at(index))?.what {
            What::Time(duration, None) => wait = wait.min(duration),
            What::Time(until, Some(clock)) => {
                wait = wait.min(until.saturating_sub(time(&call.app.platform, clock)?));
            }
            What::Input => input = true,
            What::Ready(_) => ready = true,
        }
        // There may be as many as the app's memory has room for.
        pause(&call.app.platform);
    }
    let platform = &call.app.platform;
    let began = platform.now();
    let wait = if ready { 0 } else { wait };
    let has_input = if input {
        platform.input_ready(wait)
    } else {
        if wait > 0 {
            platform.sleep(wait);
        }
        false
    };
    let passed = platform.now().saturating_sub(began);

    let mut told = 0;
    for index in 0..count {
        pause(&call.app.platform);
        let subscription = Subscription::read::<P, SIZE>(call, at(index))?;
        let errno = match subscription.what {
            What::Time(duration, None) if duration <= passed => 0,
            What::Time(until, Some(clock)) if until <= time(&call.app.platform, clock)? => 0,
            What::Input if has_input => 0,
            What::Ready(errno) => errno,
            _ => continue,
        };
        let mut event = [0; EVENT_SIZE as usize];
        event[0..8].copy_from_slice(&subscription.userdata);
        event[8] = errno;
        event[10] = subscription.kind;
        if subscription.kind != CLOCK {
            // At least one byte; nobody knows how many.
            event[16] = 1;
        }
        call.put(events.wrapping_add(told * EVENT_SIZE as i32), &event)?;
        told += 1;
    }
    call.put_u32(out, told as u32)
}
