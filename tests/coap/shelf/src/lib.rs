//! What `pytest/` talks to. PUT stores, tells those who observe, and says how many they are; GET gives it back. POST counts
//! at `store/count`, and at `store/ask` asks the server that its first line names: `127.0.0.1:5683 put path`.
#![no_std]

extern crate alloc;

use alloc::format;
use alloc::vec::Vec;
use zephyr_wasm_guest::coap::{Error, Method, Response, Served, ask};
use zephyr_wasm_guest::{SECOND, app, info};

app!(run, heap = 24576);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    let served = Served::open("store", 2)?;
    served.observable();
    let mut stored: Vec<u8> = Vec::new();
    let mut count = 0;
    info!("serving");
    loop {
        let Some(request) = served.next(10 * SECOND) else { continue };
        let response = match (request.method, request.path.as_str()) {
            (Method::Get, "store") => Response { code: 205, payload: stored.clone() },
            (Method::Put, "store") => {
                stored = request.payload;
                let told = served.notify("store", &Response { code: 205, payload: stored.clone() })?;
                Response { code: 204, payload: format!("{told}").into_bytes() }
            }
            (Method::Post, "store/count") => {
                count += 1;
                Response { code: 204, payload: format!("{count}").into_bytes() }
            }
            (Method::Post, "store/ask") => forward(&request.payload),
            (Method::Get, path) => Response { code: 205, payload: path.as_bytes().to_vec() },
            _ => Response { code: 405, payload: Vec::new() },
        };
        served.respond(request.id, &response)?;
    }
}

/// Asks for what a request wants to be asked, and answers with the answer, or 5.00 and the error's number.
fn forward(request: &[u8]) -> Response {
    let end = request.iter().position(|byte| *byte == b'\n').unwrap_or(request.len());
    let line = core::str::from_utf8(&request[..end]).unwrap_or_default();
    let mut words = line.split(' ');
    let (server, method, path) = (words.next(), words.next(), words.next());
    let method = if method == Some("put") { Method::Put } else { Method::Get };
    let body = request.get(end + 1..).unwrap_or_default();
    match ask(server.unwrap_or_default(), method, path.unwrap_or_default(), body, 8 * SECOND) {
        Ok(response) => response,
        Err(error) => Response { code: 500, payload: format!("{}", error as u8).into_bytes() },
    }
}
