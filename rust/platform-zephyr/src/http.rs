//! `zephyr:http` over Zephyr's sockets.

use crate::entry::{module, text};
use crate::in_c::in_c;
use crate::platform::Zephyr;
use crate::sys;
use alloc::string::String;
use alloc::vec;
use core::ffi::c_char;
use core::fmt::Write;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::http::{Device, HttpRequest, HttpResponse};
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_runtime::grants::{Url, is_header};

in_c! {
    #[grants(zephyr_wasm_http_may_fetch)]
    unsafe fn zephyr_wasm_http_fetch(
        method: u32,
        text: *const c_char,
        length: usize,
        body: *const u8,
        size: usize,
        milliseconds: u32,
    ) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_http_size(exchange: u32) -> u32;
    #[grants(none)]
    unsafe fn zephyr_wasm_http_take(exchange: u32, body: *mut u8, room: usize) -> u32;
}

impl Device for Zephyr {
    fn fetch(&self, request: &HttpRequest<'_>, timeout: u64) -> Result<HttpResponse, Failure> {
        // As C has them, one behind the other. The API has checked that there is no zero in them.
        let mut text = String::new();
        let HttpRequest { url, host, port, path, .. } = request;
        let _ = write!(text, "{url}\0{host}\0{port}\0{path}\0");
        for line in request.headers {
            text.push_str(line);
            text.push_str("\r\n");
        }
        text.push('\0');
        let milliseconds = u32::try_from(timeout / 1_000_000).unwrap_or(u32::MAX);
        // SAFETY: the pointers are good for their lengths, and not kept.
        let exchange = Failure::check(unsafe {
            zephyr_wasm_http_fetch(
                request.method as u32,
                text.as_ptr().cast(),
                text.len(),
                request.body.as_ptr(),
                request.body.len(),
                milliseconds,
            )
        })?;
        // SAFETY: the number is an exchange of this app until it is taken, and the body has room for it.
        unsafe {
            let mut body = vec![0; zephyr_wasm_http_size(exchange) as usize];
            let status = zephyr_wasm_http_take(exchange, body.as_mut_ptr(), body.len()) as u16;
            Ok(HttpResponse { status, body })
        }
    }
}

/// Whether a manifest grants a URL that is these parts, and the lines are headers; for the kernel, which does not take
/// the app's word for it.
///
/// # Safety
/// `wasm` has `size` bytes, and the texts end with a zero.
#[unsafe(no_mangle)]
unsafe extern "C" fn zephyr_wasm_rs_granted_request(
    wasm: *const u8,
    size: usize,
    kind: *const c_char,
    parts: &[*const c_char; 5],
) -> bool {
    // SAFETY: as promised by the caller.
    let (module, kind, parts) =
        unsafe { (module(wasm, size), text(kind), parts.map(|part| text(part).unwrap_or("\0"))) };
    let [url, host, port, path, headers] = parts;
    let Some(parsed) = Url::parse(url) else { return false };
    // Each line has an end.
    (headers.is_empty() || headers.ends_with("\r\n"))
        && headers.split_terminator("\r\n").all(is_header)
        && parsed.host == host
        && parsed.path == path
        && port.parse() == Ok(parsed.port)
        && !port.starts_with(['+', '0'])
        && Manifest::of(module).values(kind.unwrap_or_default()).any(|pattern| {
            // A kill comes between two, as in the API: each may take as long as a path can.
            sys::zephyr_wasm_host_end();
            sys::zephyr_wasm_host_begin();
            parsed.is_of(pattern)
        })
}
