//! Keeps the last, the lowest and the highest temperature, over resets, and tells them to whoever asks.
#![no_std]

use zephyr_wasm_guest::message::{Error, Subscription};
use zephyr_wasm_guest::{MILLISECOND, app, info, requests, storage};

app!(run, arena = 512);

/// The last, the lowest and the highest.
type Record = [i64; 3];

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn load() -> Option<Record> {
    let bytes = storage::get("record").ok()??;
    let mut record = [0; 3];
    for (value, bytes) in record.iter_mut().zip(bytes.chunks_exact(8)) {
        *value = i64::from_le_bytes(bytes.try_into().ok()?);
    }
    (bytes.len() == 24).then_some(record)
}

fn bytes_of(record: &Record) -> [u8; 24] {
    let mut bytes = [0; 24];
    for (bytes, value) in bytes.chunks_exact_mut(8).zip(record) {
        bytes.copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

fn work() -> Result<(), Error> {
    let temperatures = Subscription::open("weather/temp", 4)?;
    let questions = Subscription::open("weather/ask", 2)?;
    let mut record = load();
    if record.is_some() {
        info!("there is a record from before");
    }
    loop {
        if let Some(message) = temperatures.receive(50 * MILLISECOND)
            && let Ok(bytes) = message.payload.as_slice().try_into()
        {
            let now = i64::from_le_bytes(bytes);
            let (lowest, highest) = record.map_or((now, now), |[_, low, high]| (low.min(now), high.max(now)));
            let new = [now, lowest, highest];
            // What has not changed need not wear the flash.
            if record != Some(new) && storage::set("record", &bytes_of(&new)).is_ok() {
                record = Some(new);
            }
        }
        while let Some(question) = questions.receive(0) {
            let known = record.as_ref().map(bytes_of);
            requests::respond(question.request, known.as_ref().map_or(&[], |bytes| bytes.as_slice()))?;
        }
    }
}
