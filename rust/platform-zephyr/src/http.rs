//! `zephyr:http` over Zephyr's HTTP client.

use crate::platform::Zephyr;
use alloc::string::String;
use alloc::vec;
use core::ffi::c_char;
use core::fmt::Write;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::http::{Http, HttpRequest, HttpResponse};

unsafe extern "C" {
    fn zephyr_wasm_http_fetch(
        method: u32,
        host: *const c_char,
        port: *const c_char,
        path: *const c_char,
        headers: *const c_char,
        body: *const u8,
        size: usize,
        milliseconds: u32,
    ) -> i32;
    fn zephyr_wasm_http_size(exchange: u32) -> u32;
    fn zephyr_wasm_http_take(exchange: u32, body: *mut u8) -> u32;
}

/// A text as C has them. The API has checked that there is no zero in it.
fn ended(text: &str) -> String {
    let mut ended = String::with_capacity(text.len() + 1);
    ended.push_str(text);
    ended.push('\0');
    ended
}

impl Http for Zephyr {
    fn fetch(&self, request: &HttpRequest<'_>, timeout: u64) -> Result<HttpResponse, Failure> {
        let (host, path) = (ended(request.host), ended(request.path));
        let mut port = heapless::String::<8>::new();
        let _ = write!(port, "{}\0", request.port);
        let mut headers = String::new();
        for line in request.headers {
            headers.push_str(line);
            headers.push_str("\r\n");
        }
        headers.push('\0');
        let milliseconds = u32::try_from(timeout / 1_000_000).unwrap_or(u32::MAX);
        // SAFETY: the texts end with a zero, the body is good for its length, and nothing is kept.
        let exchange = Failure::check(unsafe {
            zephyr_wasm_http_fetch(
                request.method as u32,
                host.as_ptr().cast(),
                port.as_ptr().cast(),
                path.as_ptr().cast(),
                headers.as_ptr().cast(),
                request.body.as_ptr(),
                request.body.len(),
                milliseconds,
            )
        })?;
        // SAFETY: the number is an exchange of this app until it is taken, and the body has room for it.
        unsafe {
            let mut body = vec![0; zephyr_wasm_http_size(exchange) as usize];
            let status = zephyr_wasm_http_take(exchange, body.as_mut_ptr()) as u16;
            Ok(HttpResponse { status, body })
        }
    }
}
