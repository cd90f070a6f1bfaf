//! `zephyr:message`: publish and subscribe, and requests with an answer.

use crate::Failure;
use crate::bindings::zephyr_message_message::{Duration, Error, Host, Message, Subscription};
use crate::bindings::zephyr_message_requests as requests;
use alloc::vec::Vec;
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_message_message::Message as AppMessage;

const PACKAGE: &str = "zephyr:message";
/// The longest topic or pattern in bytes.
pub const LONGEST_TOPIC: usize = 63;

/// What carries messages between apps and firmware.
pub trait Device: Platform {
    /// Puts a message into the queue of everybody who subscribes to its topic, and counts them.
    ///
    /// # Errors
    /// [`Failure::TooLarge`].
    fn publish(&self, topic: &str, payload: &[u8]) -> Result<u32, Failure>;

    /// The same with an answer, for which it waits.
    ///
    /// # Errors
    /// [`Failure::TooLarge`], [`Failure::Limit`], [`Failure::NoReceiver`], [`Failure::Timeout`].
    fn request(&self, topic: &str, payload: &[u8], deadline: u64) -> Result<Vec<u8>, Failure>;

    /// Answers a request that this app has received.
    ///
    /// # Errors
    /// [`Failure::TooLarge`], [`Failure::Timeout`] if nobody waits for it.
    fn respond(&self, request: u32, payload: &[u8]) -> Result<(), Failure>;

    /// Makes a queue for topics of a pattern, if those of the app then hold `most` messages at most.
    ///
    /// # Errors
    /// [`Failure::Limit`], [`Failure::Invalid`].
    fn subscribe(&self, pattern: &str, capacity: u32, most: u32) -> Result<u32, Failure>;

    /// Takes the oldest message of a queue, for which it waits.
    fn receive(&self, subscription: u32, timeout: u64) -> Option<Message>;

    /// How many messages were lost since the last call.
    fn missed(&self, subscription: u32) -> u32;

    /// Ends a subscription.
    fn unsubscribe(&self, subscription: u32);
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::Limit => Error::Limit,
        Failure::NoReceiver => Error::NoReceiver,
        Failure::Timeout => Error::Timeout,
        _ => Error::Invalid,
    }
}

/// Whether an app may use a topic or pattern. A `*` in a pattern is covered by one in a grant only.
fn check<P: Device>(app: &App<P>, kind: &str, topic: &str) -> Result<(), Error> {
    if topic.is_empty() || topic.len() > LONGEST_TOPIC || topic.contains('\0') {
        return Err(Error::Invalid);
    }
    if app.manifest().grants_to(PACKAGE, kind, topic) { Ok(()) } else { Err(Error::NotGranted) }
}

impl<P: Device> Host for App<P> {
    fn publish(&mut self, topic: &str, payload: &[u8]) -> Result<u32, Error> {
        check(self, "publish", topic)?;
        self.platform.publish(topic, payload).map_err(error)
    }

    fn subscription_open(&mut self, pattern: &str, capacity: u32) -> Result<Subscription, Error> {
        check(self, "subscribe", pattern)?;
        let most = self.manifest().grants_number(PACKAGE, "queue").unwrap_or(u32::MAX);
        self.platform.subscribe(pattern, capacity, most).map(Subscription).map_err(error)
    }

    fn subscription_receive(&mut self, this: Subscription, timeout: Duration) -> Option<Message> {
        self.platform.receive(this.0, timeout)
    }

    fn subscription_lost(&mut self, this: Subscription) -> u32 {
        self.platform.missed(this.0)
    }

    fn subscription_drop(&mut self, this: Subscription) {
        self.platform.unsubscribe(this.0);
    }
}

impl<P: Device> requests::Host for App<P> {
    type Request = Vec<u8>;

    fn request(&mut self, topic: &str, payload: &[u8], deadline: Duration) -> Result<Vec<u8>, Error> {
        check(self, "publish", topic)?;
        self.platform.request(topic, payload, deadline).map_err(error)
    }

    fn respond(&mut self, request: u32, payload: &[u8]) -> Result<(), Error> {
        self.platform.respond(request, payload).map_err(error)
    }
}
