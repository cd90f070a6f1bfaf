//! `zephyr:coap` over Zephyr's sockets.

use crate::in_c::in_c;
use crate::net::Address;
use crate::platform::Zephyr;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_char;
use core::net::SocketAddr;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::coap::packet::code;
use zephyr_wasm_api::coap::{CoapMethod as Method, CoapRequest, CoapResponse, Device, LONGEST_PATH};

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_coap_size() -> u32;
    #[grants("serve" of path)]
    unsafe fn zephyr_wasm_coap_serve(path: *const c_char, length: usize, capacity: u32) -> i32;
    #[grants(none)]
    #[room(path = ZEPHYR_WASM_COAP_PATH_SIZE, payload = CONFIG_WASM_COAP_SIZE)]
    unsafe fn zephyr_wasm_coap_next(
        served: u32,
        timeout: u64,
        id: &mut u32,
        method: &mut u32,
        path: *mut c_char,
        payload: *mut u8,
    ) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_coap_answer(served: u32, id: u32, code: u32, payload: *const u8, size: usize) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_coap_observable(served: u32);
    #[grants(none)]
    unsafe fn zephyr_wasm_coap_notify(
        served: u32,
        path: *const c_char,
        length: usize,
        code: u32,
        payload: *const u8,
        size: usize,
    ) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_coap_end(served: u32);
    #[grants(zephyr_wasm_coap_may_ask)]
    #[room(body = CONFIG_WASM_COAP_SIZE)]
    unsafe fn zephyr_wasm_coap_ask(
        server: &Address,
        method: u32,
        path: *const c_char,
        length: usize,
        payload: *const u8,
        size: usize,
        deadline: u64,
        code: &mut u32,
        body: *mut u8,
    ) -> i32;
}

/// Room for the longest payload.
fn room() -> Vec<u8> {
    vec![0; zephyr_wasm_coap_size() as usize]
}

/// The codes of methods, from GET = 0.01 on.
const METHODS: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// The code of a response that was found good.
fn code_of(response: &CoapResponse) -> Result<u32, Failure> {
    code::of_response(response.code).map(u32::from).ok_or(Failure::Invalid)
}

impl Device for Zephyr {
    fn ask(
        &self,
        server: SocketAddr,
        method: Method,
        path: &str,
        payload: &[u8],
        deadline: u64,
    ) -> Result<CoapResponse, Failure> {
        let (mut body, mut code) = (room(), 0);
        // SAFETY: the pointers are good for their lengths, and there is room for the longest payload.
        let size = Failure::check(unsafe {
            zephyr_wasm_coap_ask(
                &server.into(),
                method as u32 + 1,
                path.as_ptr().cast(),
                path.len(),
                payload.as_ptr(),
                payload.len(),
                deadline,
                &mut code,
                body.as_mut_ptr(),
            )
        })?;
        body.truncate(size as usize);
        Ok(CoapResponse { code: code::written(code as u8), payload: body })
    }

    fn serve(&self, path: &str, capacity: u32) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_coap_serve(path.as_ptr().cast(), path.len(), capacity) })
    }

    fn next_request(&self, served: u32, timeout: u64) -> Option<CoapRequest> {
        let (mut id, mut method, mut path, mut payload) = (0, 0, [0; LONGEST_PATH + 1], room());
        // SAFETY: the number is a path of this app, and there is room for the longest path and payload.
        let size = unsafe {
            zephyr_wasm_coap_next(
                served,
                timeout,
                &mut id,
                &mut method,
                path.as_mut_ptr().cast(),
                payload.as_mut_ptr(),
            )
        };
        payload.truncate(usize::try_from(size).ok()?);
        let path = path.split(|byte| *byte == 0).next().unwrap_or_default();
        let path = String::from_utf8_lossy(path).into_owned();
        let method = *METHODS.get((method as usize).wrapping_sub(1))?;
        Some(CoapRequest { id, method, path, payload })
    }

    fn answer(&self, served: u32, request: u32, response: &CoapResponse) -> Result<(), Failure> {
        let code = code_of(response)?;
        let payload = &response.payload;
        // SAFETY: the number is a path of this app, and the pointer is good for its length.
        let result =
            unsafe { zephyr_wasm_coap_answer(served, request, code, payload.as_ptr(), payload.len()) };
        Failure::check(result).map(drop)
    }

    fn make_observable(&self, served: u32) {
        zephyr_wasm_coap_observable(served)
    }

    fn notify(&self, served: u32, path: &str, response: &CoapResponse) -> Result<u32, Failure> {
        let code = code_of(response)?;
        let payload = &response.payload;
        // SAFETY: the number is a path of this app, and the pointers are good for their lengths.
        Failure::check(unsafe {
            zephyr_wasm_coap_notify(
                served,
                path.as_ptr().cast(),
                path.len(),
                code,
                payload.as_ptr(),
                payload.len(),
            )
        })
    }

    fn end_serving(&self, served: u32) {
        zephyr_wasm_coap_end(served)
    }
}
