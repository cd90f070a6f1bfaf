//! `zephyr:message` between the apps of this process.

use crate::activity::{note, shown};
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::{Pool, lock};
use crate::wait::wait_for;
use crate::world::world;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::message::{AppMessage, Device};
use zephyr_wasm_runtime::manifest::matches;

struct Subscription {
    app: String,
    pattern: String,
    capacity: usize,
    queue: Mutex<(VecDeque<AppMessage>, u32)>,
}

/// A request that waits for its answer.
struct Request {
    id: u32,
    /// The apps that have received it, and so may answer.
    received_by: Mutex<Vec<String>>,
    answer: Mutex<Option<Vec<u8>>>,
}

static SUBSCRIPTIONS: Pool<Subscription> = Pool::new();
static REQUESTS: Pool<Request> = Pool::new();
static NEXT_REQUEST: AtomicU32 = AtomicU32::new(1);

fn deliver(topic: &str, payload: &[u8], request: u32) -> Result<u32, Failure> {
    if payload.len() > world().configured.message {
        return Err(Failure::TooLarge);
    }
    let mut receivers = 0;
    for subscription in SUBSCRIPTIONS.all().iter().filter(|known| matches(&known.pattern, topic)) {
        let mut queue = lock(&subscription.queue);
        if queue.0.len() == subscription.capacity {
            queue.0.pop_front();
            queue.1 += 1;
        }
        queue.0.push_back(AppMessage { topic: topic.to_owned(), payload: payload.to_vec(), request });
        receivers += 1;
    }
    Ok(receivers)
}

impl Device for HostPlatform {
    fn publish(&self, topic: &str, payload: &[u8]) -> Result<u32, Failure> {
        current::outside(|app| {
            note(app, &format!("published {topic}"), &shown(payload));
            deliver(topic, payload, 0)
        })
    }

    fn request(&self, topic: &str, payload: &[u8], deadline: u64) -> Result<Vec<u8>, Failure> {
        current::outside(|app| {
            let id = NEXT_REQUEST.fetch_add(1, Ordering::SeqCst);
            let request = Request { id, received_by: Mutex::default(), answer: Mutex::default() };
            let request = REQUESTS.hold(world().configured.message_requests, request)?;
            match deliver(topic, payload, id)? {
                0 => Err(Failure::NoReceiver),
                _ => wait_for(app, deadline, || lock(&request.get().answer).take()).ok_or(Failure::Timeout),
            }
        })
    }

    fn respond(&self, request: u32, payload: &[u8]) -> Result<(), Failure> {
        current::outside(|app| {
            if payload.len() > world().configured.message {
                return Err(Failure::TooLarge);
            }
            let requests = REQUESTS.all();
            let waiting = requests.iter().find(|known| known.id == request).ok_or(Failure::Timeout)?;
            if !lock(&waiting.received_by).contains(&app.name) {
                return Err(Failure::Timeout);
            }
            lock(&waiting.answer).get_or_insert_with(|| payload.to_vec());
            Ok(())
        })
    }

    fn subscribe(&self, pattern: &str, capacity: u32, most: u32) -> Result<u32, Failure> {
        current::outside(|app| {
            if capacity == 0 || capacity as usize > world().configured.message_capacity {
                return Err(Failure::Invalid);
            }
            let all = SUBSCRIPTIONS.all();
            let own = all.iter().filter(|known| known.app == app.name);
            if own.map(|known| known.capacity).sum::<usize>() + capacity as usize > most as usize {
                return Err(Failure::Limit);
            }
            let subscription = Subscription {
                app: app.name.clone(),
                pattern: pattern.to_owned(),
                capacity: capacity as usize,
                queue: Mutex::default(),
            };
            SUBSCRIPTIONS.add_within(world().configured.message_subscriptions, subscription)
        })
    }

    fn receive(&self, subscription: u32, timeout: u64) -> Option<AppMessage> {
        current::outside(|app| {
            let subscription = SUBSCRIPTIONS.get(subscription);
            let message = wait_for(app, timeout, || lock(&subscription.queue).0.pop_front())?;
            for request in REQUESTS.all().iter().filter(|request| request.id == message.request) {
                lock(&request.received_by).push(subscription.app.clone());
            }
            note(app, &format!("received {}", message.topic), &shown(&message.payload));
            Some(message)
        })
    }

    fn missed(&self, subscription: u32) -> u32 {
        current::outside(|_| std::mem::take(&mut lock(&SUBSCRIPTIONS.get(subscription).queue).1))
    }

    fn unsubscribe(&self, subscription: u32) {
        current::outside_or_ending(|| SUBSCRIPTIONS.remove(subscription));
    }
}
