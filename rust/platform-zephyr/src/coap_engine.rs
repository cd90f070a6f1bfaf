//! What `src/api/coap/coap.c` and `src/api/coap/ask.c` call for what CoAP says, in the kernel: nothing is here but the way to
//! `zephyr_wasm_api::coap`, and all memory is C's.

use core::ffi::{c_char, c_int};
use core::slice;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::coap::client::{Asks, Next};
use zephyr_wasm_api::coap::packet::HEAD;
use zephyr_wasm_api::coap::shared::{Counters, Peer};
use zephyr_wasm_api::coap::{self, LONGEST_PATH, Path, Server, client};

/// What only Rust knows the inside of, and how large that is in C.
#[doc(alias = "struct zephyr_wasm_coap_resource")]
type Resource = coap::Resource;
#[doc(alias = "struct zephyr_wasm_coap_exchange")]
type Exchange = coap::Exchange;
#[doc(alias = "struct zephyr_wasm_coap_observer")]
type Observer = coap::Observer;
#[doc(alias = "struct zephyr_wasm_coap_ask")]
type Ask = client::Ask;
#[doc(alias = "ZEPHYR_WASM_COAP_RESOURCE_SIZE")]
const RESOURCE_SIZE: usize = 66;
#[doc(alias = "ZEPHYR_WASM_COAP_EXCHANGE_SIZE")]
const EXCHANGE_SIZE: usize = 132;
#[doc(alias = "ZEPHYR_WASM_COAP_OBSERVER_SIZE")]
const OBSERVER_SIZE: usize = 116;
#[doc(alias = "ZEPHYR_WASM_COAP_ASK_SIZE")]
const ASK_SIZE: usize = 28;
#[doc(alias = "ZEPHYR_WASM_COAP_HEAD")]
const HEAD_SIZE: usize = 128;
#[doc(alias = "ZEPHYR_WASM_COAP_PATH_SIZE")]
const PATH_SIZE: usize = 64;
const _: () = assert!(size_of::<Resource>() == RESOURCE_SIZE && align_of::<Resource>() == 1);
const _: () = assert!(size_of::<Exchange>() == EXCHANGE_SIZE && align_of::<Exchange>() == 4);
const _: () = assert!(size_of::<Observer>() == OBSERVER_SIZE && align_of::<Observer>() == 4);
const _: () = assert!(size_of::<Ask>() == ASK_SIZE && align_of::<Ask>() == 4);
const _: () = assert!(HEAD <= HEAD_SIZE && LONGEST_PATH + 1 == PATH_SIZE);

/// Zeroes at first, but for the number of the last message.
#[doc(alias = "struct zephyr_wasm_coap_server")]
#[repr(C)]
struct Memory {
    resources: *mut Resource,
    exchanges: *mut Exchange,
    bodies: *mut u8,
    observers: *mut Observer,
    counters: *mut Counters,
    resource_count: u32,
    exchange_count: u32,
    observer_count: u32,
    body: u32,
    block: u32,
}

/// The server in C's memory.
///
/// # Safety
/// All is there that the counts say, and nobody else uses it.
unsafe fn server_in<'a>(memory: &Memory) -> Server<'a> {
    let (resources, exchanges) = (memory.resource_count as usize, memory.exchange_count as usize);
    let body = memory.body as usize;
    // SAFETY: as promised by the caller; zeroes, and what was written here, are good values of each type.
    unsafe {
        Server {
            resources: slice::from_raw_parts_mut(memory.resources, resources),
            exchanges: slice::from_raw_parts_mut(memory.exchanges, exchanges),
            bodies: slice::from_raw_parts_mut(memory.bodies, exchanges * body),
            observers: slice::from_raw_parts_mut(memory.observers, memory.observer_count as usize),
            counters: &mut *memory.counters,
            body,
            block: memory.block as usize,
        }
    }
}

/// Bytes of C's, of which there are none at any address.
///
/// # Safety
/// `bytes` has `size` bytes if that is not 0.
unsafe fn bytes<'a>(bytes: *const u8, size: usize) -> &'a [u8] {
    // SAFETY: as promised by the caller.
    if size == 0 { &[] } else { unsafe { slice::from_raw_parts(bytes, size) } }
}

/// Where a message is written, and to whom it goes.
#[doc(alias = "struct zephyr_wasm_coap_message")]
#[repr(C)]
struct Message {
    peer: Peer,
    size: usize,
    room: usize,
    bytes: *mut u8,
}

impl Message {
    /// # Safety
    /// There is that much room.
    unsafe fn room<'a>(&self) -> &'a mut [u8] {
        // SAFETY: as promised by the caller.
        unsafe { slice::from_raw_parts_mut(self.bytes, self.room) }
    }
}

fn failed(failure: Failure) -> i32 {
    -(failure as i32)
}

/// Serves a path; false if another resource is there.
///
/// # Safety
/// As [`server_in`]; `path` has `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_serve(
    memory: &Memory,
    number: u32,
    path: *const u8,
    length: usize,
    capacity: u8,
) -> bool {
    // SAFETY: as promised by the caller.
    let (mut server, path) = unsafe { (server_in(memory), bytes(path, length)) };
    Path::of(path).is_some_and(|path| server.serve(number as usize, &path, capacity))
}

/// Ends that.
///
/// # Safety
/// As [`server_in`].
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_end(memory: &Memory, number: u32) {
    // SAFETY: as promised by the caller.
    unsafe { server_in(memory) }.end(number as usize);
}

/// Takes a message of a peer in, writes the reply if there is one, and returns the resource that a request has come for,
/// or -1.
///
/// # Safety
/// As [`server_in`]; `datagram` has `size` bytes, and the reply its room.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_receive(
    memory: &Memory,
    now: u32,
    datagram: *const u8,
    size: usize,
    is_cut: bool,
    reply: &mut Message,
) -> c_int {
    // SAFETY: as promised by the caller.
    let (mut server, datagram, room) = unsafe { (server_in(memory), bytes(datagram, size), reply.room()) };
    let received = server.receive(now, &reply.peer, datagram, is_cut, room);
    reply.size = received.reply;
    received.arrived.map_or(-1, |number| number as c_int)
}

/// Takes the oldest request of a resource, and returns the size of its body, or a failure.
///
/// # Safety
/// As [`server_in`]; `path` has room for the longest one and a zero, `payload` for the longest body.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_next(
    memory: &Memory,
    number: u32,
    id: &mut u32,
    method: &mut u32,
    path: *mut c_char,
    payload: *mut u8,
) -> i32 {
    // SAFETY: as promised by the caller.
    let mut server = unsafe { server_in(memory) };
    let Some(taken) = server.next(number as usize) else { return failed(Failure::Timeout) };
    (*id, *method) = (taken.id, taken.method.into());
    let path = path.cast::<u8>();
    // SAFETY: as promised by the caller.
    unsafe {
        path.copy_from_nonoverlapping(taken.path.as_ptr(), taken.path.len());
        path.add(taken.path.len()).write(0);
        payload.copy_from_nonoverlapping(taken.body.as_ptr(), taken.body.len());
    }
    taken.body.len() as i32
}

/// Writes the answer to a request; 0, or a failure.
///
/// # Safety
/// As [`server_in`]; `payload` has `size` bytes, and the answer its room.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_answer(
    memory: &Memory,
    number: u32,
    id: u32,
    code: u8,
    payload: *const u8,
    size: usize,
    answer: &mut Message,
) -> i32 {
    // SAFETY: as promised by the caller.
    let (mut server, payload, room) = unsafe { (server_in(memory), bytes(payload, size), answer.room()) };
    match server.answer(number as usize, id, code, payload, room) {
        Ok((peer, size)) => {
            (answer.peer, answer.size) = (peer, size);
            0
        }
        Err(failure) => failed(failure),
    }
}

/// Lets clients observe what a resource has.
///
/// # Safety
/// As [`server_in`].
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_make_observable(memory: &Memory, number: u32) {
    // SAFETY: as promised by the caller.
    unsafe { server_in(memory) }.make_observable(number as usize);
}

/// Has those told who observe a path: how many they are, or a failure.
///
/// # Safety
/// As [`server_in`]; `path` has `length` bytes, and `payload` has `size`.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_notify(
    memory: &Memory,
    number: u32,
    path: *const u8,
    length: usize,
    code: u8,
    payload: *const u8,
    size: usize,
) -> i32 {
    // SAFETY: as promised by the caller.
    let (mut server, path, payload) =
        unsafe { (server_in(memory), bytes(path, length), bytes(payload, size)) };
    server.notify(number as usize, path, code, payload).map_or_else(failed, u32::cast_signed)
}

/// Writes the next message that is to be sent by now; false if there is none.
///
/// # Safety
/// As [`server_in`]; the message has its room.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_due(memory: &Memory, now: u32, message: &mut Message) -> bool {
    // SAFETY: as promised by the caller.
    let (mut server, room) = unsafe { (server_in(memory), message.room()) };
    let due = server.due(now, room);
    if let Some(due) = due {
        (message.peer, message.size) = due;
    }
    due.is_some()
}

/// How many milliseconds it is until then; -1 for never.
///
/// # Safety
/// As [`server_in`].
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_wait(memory: &Memory, now: u32) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { server_in(memory) }.wait(now).map_or(-1, |wait| wait.min(i32::MAX as u32) as c_int)
}

/// A request of an app.
#[doc(alias = "struct zephyr_wasm_coap_request")]
#[repr(C)]
struct Request {
    path: *const u8,
    payload: *const u8,
    path_size: usize,
    payload_size: usize,
    block: usize,
    body: usize,
}

impl Request {
    /// # Safety
    /// All is there that it says.
    unsafe fn asks<'a>(&self) -> Asks<'a> {
        // SAFETY: as promised by the caller.
        let (path, payload) =
            unsafe { (bytes(self.path, self.path_size), bytes(self.payload, self.payload_size)) };
        Asks { path, payload, block: self.block, body: self.body }
    }
}

/// Begins a request.
#[unsafe(no_mangle)]
extern "C" fn zephyr_wasm_rs_coap_ask(ask: &mut Ask, method: u8, block: usize, chance: &[u8; 10]) {
    *ask = Ask::new(method, block, *chance);
}

/// Writes the message that is to be sent, and returns how long it is; 0 if it does not fit.
///
/// # Safety
/// The request is as it says, and `out` has room for `room` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_write(
    ask: &Ask,
    request: &Request,
    out: *mut u8,
    room: usize,
) -> usize {
    // SAFETY: as promised by the caller.
    let (asks, out) = unsafe { (request.asks(), slice::from_raw_parts_mut(out, room)) };
    ask.write(&asks, out)
}

/// What comes next, if it is neither the answer nor a failure.
#[doc(alias = "ZEPHYR_WASM_COAP_WAIT")]
const WAIT: i32 = -100;
#[doc(alias = "ZEPHYR_WASM_COAP_LISTEN")]
const LISTEN: i32 = -101;
#[doc(alias = "ZEPHYR_WASM_COAP_SEND")]
const SEND: i32 = -102;

/// Takes in what has come: how long the answer is, if that is all of it, a failure, or what comes next.
///
/// # Safety
/// The request is as it says; `datagram` has `size` bytes, and `body` room for the longest body.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_coap_read(
    ask: &mut Ask,
    request: &Request,
    datagram: *const u8,
    size: usize,
    is_cut: bool,
    body: *mut u8,
    reply: &mut Reply,
) -> i32 {
    // SAFETY: as promised by the caller.
    let (asks, datagram, body) =
        unsafe { (request.asks(), bytes(datagram, size), slice::from_raw_parts_mut(body, request.body)) };
    let mut wanted = None;
    let next = ask.read(&asks, datagram, is_cut, body, &mut wanted);
    reply.size = wanted.map_or(0, |bytes| bytes.len() as u8);
    reply.bytes = wanted.unwrap_or_default();
    match next {
        Next::Wait => WAIT,
        Next::Listen => LISTEN,
        Next::Send => SEND,
        Next::Done(code, size) => {
            reply.code = code;
            size as i32
        }
        Next::Failed(failure) => failed(failure),
    }
}

/// What is to be sent back, and the code of the answer.
#[doc(alias = "struct zephyr_wasm_coap_reply")]
#[repr(C)]
struct Reply {
    bytes: [u8; 4],
    size: u8,
    code: u8,
}
