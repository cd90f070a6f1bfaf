//! Serves what the keeper knows at coap://.../weather: `now 21.5 C, lowest 19.0 C, highest 23.5 C`.
#![no_std]

extern crate alloc;

use alloc::vec::Vec;
use zephyr_wasm_guest::coap::{Error, Method, Request, Response, Served};
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::{SECOND, app, info, requests};

app!(run, heap = 1024);

const CONTENT: u16 = 205;
const NOT_FOUND: u16 = 404;
const METHOD_NOT_ALLOWED: u16 = 405;
const SERVICE_UNAVAILABLE: u16 = 503;

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    let weather = Served::open("weather", 2)?;
    info!("serving");
    loop {
        if let Some(request) = weather.next(10 * SECOND) {
            weather.respond(request.id, &answer(&request))?;
        }
    }
}

fn answer(request: &Request) -> Response {
    let nothing = |code| Response { code, payload: Vec::new() };
    if request.path != "weather" {
        return nothing(NOT_FOUND);
    }
    if request.method != Method::Get {
        return nothing(METHOD_NOT_ALLOWED);
    }
    match requests::request("weather/ask", b"", SECOND) {
        Ok(record) if record.len() == 24 => {
            Response { code: CONTENT, payload: text(&record).as_str().as_bytes().to_vec() }
        }
        _ => nothing(SERVICE_UNAVAILABLE),
    }
}

fn text(record: &[u8]) -> Line {
    let mut line = Line::new();
    for (name, bytes) in ["now ", ", lowest ", ", highest "].iter().zip(record.chunks_exact(8)) {
        let micro = bytes.try_into().map_or(0, i64::from_le_bytes);
        line = line.text(name).micro(micro, 1).text(" C");
    }
    line
}
