//! `zephyr:message` over the queues of `src/api/message/message.c`, and the same for firmware in Rust.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::message::{AppMessage, Device, LONGEST_TOPIC};

/// Room for the longest topic, with the zero that ends it.
#[doc(alias = "ZEPHYR_WASM_TOPIC_SIZE")]
const TOPIC_SIZE: usize = 64;
const _: () = assert!(TOPIC_SIZE == LONGEST_TOPIC + 1);

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_message_size() -> u32;
    #[grants("publish" of topic)]
    unsafe fn zephyr_wasm_message_publish(topic: *const c_char, length: usize, payload: *const u8, size: usize) -> i32;
    #[grants("publish" of topic)]
    #[interface("requests")]
    unsafe fn zephyr_wasm_message_request(
        topic: *const c_char,
        length: usize,
        payload: *const u8,
        size: usize,
        deadline: u64,
        answer: *mut u8,
        room: usize,
    ) -> i32;
    #[grants(none)]
    #[interface("requests")]
    unsafe fn zephyr_wasm_message_respond(request: u32, payload: *const u8, size: usize) -> i32;
    #[grants(zephyr_wasm_message_may_subscribe)]
    unsafe fn zephyr_wasm_message_subscribe(pattern: *const c_char, length: usize, capacity: u32, most: u32) -> i32;
    #[grants(none)]
    #[room(topic = ZEPHYR_WASM_TOPIC_SIZE, payload = CONFIG_WASM_MESSAGE_SIZE)]
    unsafe fn zephyr_wasm_message_receive(
        subscription: u32,
        timeout: u64,
        request: &mut u32,
        topic: *mut c_char,
        payload: *mut u8,
    ) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_message_lost(subscription: u32) -> u32;
    #[grants(none)]
    safe fn zephyr_wasm_message_unsubscribe(subscription: u32);
}

/// Room for the longest payload.
fn room() -> Vec<u8> {
    vec![0; zephyr_wasm_message_size() as usize]
}

impl Device for Zephyr {
    fn publish(&self, topic: &str, payload: &[u8]) -> Result<u32, Failure> {
        let (length, size) = (topic.len(), payload.len());
        // SAFETY: the pointers are good for their lengths, and not kept.
        Failure::check(unsafe {
            zephyr_wasm_message_publish(topic.as_ptr().cast(), length, payload.as_ptr(), size)
        })
    }

    fn request(&self, topic: &str, payload: &[u8], deadline: u64) -> Result<Vec<u8>, Failure> {
        let mut answer = room();
        // SAFETY: the pointers are good for their lengths, and not kept.
        let size = Failure::check(unsafe {
            zephyr_wasm_message_request(
                topic.as_ptr().cast(),
                topic.len(),
                payload.as_ptr(),
                payload.len(),
                deadline,
                answer.as_mut_ptr(),
                answer.len(),
            )
        })?;
        answer.truncate(size as usize);
        Ok(answer)
    }

    fn respond(&self, request: u32, payload: &[u8]) -> Result<(), Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_message_respond(request, payload.as_ptr(), payload.len()) })
            .map(drop)
    }

    fn subscribe(&self, pattern: &str, capacity: u32, most: u32) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe {
            zephyr_wasm_message_subscribe(pattern.as_ptr().cast(), pattern.len(), capacity, most)
        })
    }

    fn receive(&self, subscription: u32, timeout: u64) -> Option<AppMessage> {
        let (mut request, mut topic, mut payload) = (0, [0; TOPIC_SIZE], room());
        // SAFETY: the number is a subscription of this app, and there is room for the longest topic and payload.
        let size = unsafe {
            zephyr_wasm_message_receive(
                subscription,
                timeout,
                &mut request,
                topic.as_mut_ptr().cast(),
                payload.as_mut_ptr(),
            )
        };
        payload.truncate(usize::try_from(size).ok()?);
        let topic = topic.split(|byte| *byte == 0).next().unwrap_or_default();
        let topic = String::from(str::from_utf8(topic).unwrap_or_default());
        Some(AppMessage { topic, payload, request })
    }

    fn missed(&self, subscription: u32) -> u32 {
        zephyr_wasm_message_lost(subscription)
    }

    fn unsubscribe(&self, subscription: u32) {
        zephyr_wasm_message_unsubscribe(subscription)
    }
}
