//! What an app's thread and its owner tell each other.

use crate::command::Command;
use crate::pool::lock;
use crate::time;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;
use zephyr_wasm_runtime::text::is_hidden;
use zephyr_wasm_runtime::{End, Message, Remains};

/// What an app's thread shares with its owner.
pub struct Shared {
    pub name: String,
    pub killed: AtomicBool,
    stopping: AtomicBool,
    /// It looks whether it is asked to end.
    looks: AtomicBool,
    /// When it gave its last sign of life, as milliseconds of [`time::start`].
    beaten: AtomicU64,
    end: Mutex<Option<(End, String)>>,
    /// What the called function returned, as text.
    result: Mutex<String>,
    /// The most bytes of its region that it used at once.
    used_most: AtomicUsize,
    /// What is left of it, if it ended badly.
    core: Mutex<Option<Core>>,
    sleeping: Mutex<()>,
    wake: Condvar,
    pub command: Option<Command>,
    /// Where its standard streams lead, if its manifest says.
    pub streams: [Option<String>; 3],
    /// The shortest periods of timers and of samples in nanoseconds: shorter ones are rounded up.
    pub shortest: [u64; 2],
}

impl Shared {
    /// Of an app that has just started.
    pub fn new(
        name: String,
        command: Option<Command>,
        streams: [Option<String>; 3],
        shortest: [u64; 2],
    ) -> Self {
        Shared {
            name,
            killed: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            looks: AtomicBool::new(false),
            beaten: AtomicU64::new(time::uptime_ms()),
            end: Mutex::new(None),
            result: Mutex::new(String::new()),
            used_most: AtomicUsize::new(0),
            core: Mutex::new(None),
            sleeping: Mutex::new(()),
            wake: Condvar::new(),
            command,
            streams,
            shortest,
        }
    }

    /// Notes how the app ended; the first end counts. Called from the allocator, too.
    pub fn set_end(&self, end: End) {
        let mut message = Message::new();
        end.describe(&mut message);
        self.set_end_with(end, message.as_str());
    }

    /// The same, in other words.
    pub fn set_end_with(&self, end: End, message: &str) {
        let mut slot = lock(&self.end);
        // It may quote the app: the name of an import, say.
        slot.get_or_insert_with(|| (end, message.replace(is_hidden, "?")));
    }

    /// Keeps what is left of it.
    pub fn keep(&self, remains: &Remains<'_>) {
        let core = Core { place: remains.place, memory: remains.memory.to_vec() };
        *lock(&self.core) = Some(core);
    }

    /// Keeps what the called function returned, as text.
    pub fn set_result(&self, result: &str) {
        *lock(&self.result) = result.to_owned();
    }

    /// Notes the most bytes of its region that it used at once.
    pub fn set_used_most(&self, bytes: usize) {
        self.used_most.store(bytes, Ordering::SeqCst);
    }

    /// Whether it is asked to end.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// The same, to the app.
    pub fn look(&self) -> bool {
        self.looks.store(true, Ordering::SeqCst);
        self.is_stopping()
    }

    /// It gives a sign of life.
    pub fn beat(&self) {
        self.beaten.store(time::uptime_ms(), Ordering::SeqCst);
    }

    /// Blocks until `deadline`, a kill, or that it is asked to end.
    pub fn sleep_until(&self, deadline: Instant) {
        let mut guard = lock(&self.sleeping);
        while !self.killed.load(Ordering::SeqCst) && !self.is_stopping() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            guard = self.wake.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Asks the app to end; false if it never looks.
    pub fn stop(&self) -> bool {
        if !self.looks.load(Ordering::SeqCst) {
            return false;
        }
        self.stopping.store(true, Ordering::SeqCst);
        self.wake();
        true
    }

    /// Has the app's thread end, as soon as it looks.
    pub fn kill(&self, end: End) {
        // The first end counts, and its thread would say that it was killed.
        self.set_end(end);
        self.killed.store(true, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        let _guard = lock(&self.sleeping);
        self.wake.notify_all();
    }

    /// How many milliseconds ago it gave its last sign of life, or started.
    pub fn silent_for(&self) -> u64 {
        time::uptime_ms().saturating_sub(self.beaten.load(Ordering::SeqCst))
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        lock(&self.end).is_some()
    }

    /// How it ended, in words, too.
    pub fn take_end(&self) -> Option<(End, String)> {
        lock(&self.end).take()
    }

    /// What is left of it, if it ended badly.
    pub fn take_core(&self) -> Option<Core> {
        lock(&self.core).take()
    }

    /// What the called function returned, as text.
    pub fn take_result(&self) -> String {
        std::mem::take(&mut *lock(&self.result))
    }

    /// The most bytes of its region that it used at once.
    pub fn used_most(&self) -> usize {
        self.used_most.load(Ordering::SeqCst)
    }
}

/// What is left of an app that ended badly.
pub struct Core {
    /// Where it was in the file that was packed; 0 if nobody knows.
    pub place: u32,
    /// Its linear memory.
    pub memory: Vec<u8>,
}
