//! Serves a lamp at coap://.../lamp: GET says `on` or `off`, PUT switches it, and who observes it is told. It has a label, at
//! coap://.../lamp/label.
#![no_std]

extern crate alloc;

use alloc::vec::Vec;
use zephyr_wasm_guest::coap::{Error, Method, Response, Served};
use zephyr_wasm_guest::{SECOND, app, info};

app!(run, heap = 1024);

const CHANGED: u16 = 204;
const CONTENT: u16 = 205;
const BAD_REQUEST: u16 = 400;
const METHOD_NOT_ALLOWED: u16 = 405;

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    let lamp = Served::open("lamp", 2)?;
    lamp.observable();
    let mut state: &[u8] = b"off";
    let mut label = Vec::new();
    info!("serving");
    loop {
        let Some(request) = lamp.next(10 * SECOND) else { continue };
        let nothing = |code| Response { code, payload: Vec::new() };
        let before = state;
        let response = match (request.method, request.payload.as_slice()) {
            _ if request.path == "lamp/label" => match request.method {
                Method::Get => Response { code: CONTENT, payload: label.clone() },
                Method::Put => {
                    label = request.payload;
                    nothing(CHANGED)
                }
                _ => nothing(METHOD_NOT_ALLOWED),
            },
            (Method::Get, _) => Response { code: CONTENT, payload: state.to_vec() },
            (Method::Put, b"on") => {
                state = b"on";
                info!("switched on");
                nothing(CHANGED)
            }
            (Method::Put, b"off") => {
                state = b"off";
                info!("switched off");
                nothing(CHANGED)
            }
            (Method::Put, _) => nothing(BAD_REQUEST),
            _ => nothing(METHOD_NOT_ALLOWED),
        };
        lamp.respond(request.id, &response)?;
        if state != before {
            lamp.notify("lamp", &Response { code: CONTENT, payload: state.to_vec() })?;
        }
    }
}
