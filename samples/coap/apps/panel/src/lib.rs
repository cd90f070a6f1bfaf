//! Looks at the lamp and switches it, and asks for what there is not.
#![no_std]

extern crate alloc;

use zephyr_wasm_guest::coap::{Error, Method, Response, ask};
use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::{MILLISECOND, SECOND, app, clocks, info};

app!(run, heap = 4096);

/// The lamp's server, by what network there may be.
const SERVERS: [&str; 2] = ["127.0.0.1:5683", "[::1]:5683"];

fn run() -> i32 {
    // Until the other app serves.
    clocks::wait_for(500 * MILLISECOND);
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn lamp(server: &str, method: Method, payload: &[u8]) -> Result<Response, Error> {
    ask(server, method, "lamp", payload, 5 * SECOND)
}

fn tell(what: &str, response: &Response) {
    let state = core::str::from_utf8(&response.payload).unwrap_or_default();
    Line::new().text(what).text(state).info();
}

fn tell_code(what: &str, code: u16) {
    Line::new().text(what).number(i64::from(code / 100)).text(".0").number(i64::from(code % 100)).info();
}

fn work() -> Result<(), Error> {
    let answers = |server: &&str| lamp(server, Method::Get, b"").is_ok();
    let Some(server) = SERVERS.into_iter().find(answers) else { return Err(Error::Timeout) };
    Line::new().text("the server is ").text(server).info();
    tell("the lamp is ", &lamp(server, Method::Get, b"")?);
    lamp(server, Method::Put, b"on")?;
    tell("the lamp is ", &lamp(server, Method::Get, b"")?);
    let label = b"the lamp above the table, of 60 watts, as long as it lasts";
    ask(server, Method::Put, "lamp/label", label, 5 * SECOND)?;
    tell("the label is: ", &ask(server, Method::Get, "lamp/label", b"", 5 * SECOND)?);
    tell_code("brighter is no state: ", lamp(server, Method::Put, b"brighter")?.code);
    tell_code("there is no fan: ", ask(server, Method::Get, "fan", b"", 5 * SECOND)?.code);
    // What is refused by the network, or by nobody: either is no answer.
    if let Err(Error::Timeout | Error::Io) = ask("127.0.0.1:5999", Method::Get, "lamp", b"", SECOND) {
        info!("nobody is at port 5999");
    }
    if let Err(Error::NotGranted) = ask("127.0.0.1:22", Method::Get, "lamp", b"", SECOND) {
        info!("port 22 is not for me");
    }
    if let Err(Error::Invalid) = lamp(server, Method::Put, &[0; 2000]) {
        info!("a payload of 2000 bytes is too long");
    }
    Ok(())
}
