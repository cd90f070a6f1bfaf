//! Asks a web server on the machine that the board is emulated on.
#![no_std]

extern crate alloc;

use alloc::string::String;
use zephyr_wasm_guest::http::{Error, Method, Response, request};
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::{SECOND, app, info};

app!(run, heap = 4096);

/// The machine, as QEMU's user networking and native_sim see it.
const SERVERS: [&str; 2] = ["http://127.0.0.1:18080", "http://10.0.2.2:18080"];

fn join(server: &str, path: &str) -> String {
    let mut url = String::from(server);
    url.push_str(path);
    url
}

fn get(server: &str, path: &str) -> Result<Response, Error> {
    request(Method::Get, &join(server, path), &["Accept: text/plain".into()], b"", 3 * SECOND)
}

fn run() -> i32 {
    if request(Method::Get, "http://example.com/", &[], b"", SECOND).err() == Some(Error::NotGranted) {
        info!("other servers are not for me");
    }
    if request(Method::Get, "https://127.0.0.1/", &[], b"", SECOND).err() == Some(Error::Invalid) {
        info!("only http");
    }
    let Some(server) = SERVERS.iter().find(|server| get(server, "/").is_ok()) else {
        info!("no server answers");
        return 1;
    };
    match get(server, "/hello") {
        Ok(Response { status: 200, body }) if body == b"hello from the server" => info!("got it"),
        _ => return 2,
    }
    if let Ok(Response { status, .. }) = get(server, "/nothing") {
        Line::new().text("nothing is ").number(status.into()).info();
    }
    match request(Method::Post, &join(server, "/echo"), &[], b"posted", 5 * SECOND) {
        Ok(Response { status: 200, body }) if body == b"posted" => info!("posted"),
        _ => return 3,
    }
    if get(server, "/large").err() == Some(Error::TooLarge) {
        info!("one answer is too large");
    }
    if get(server, "/slow").err() == Some(Error::Timeout) {
        info!("one does not come in time");
    }
    0
}
