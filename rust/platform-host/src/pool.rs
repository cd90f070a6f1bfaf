//! What apps hold of this machine's devices, by number. It is in the system's memory, so that an app that is killed leaves
//! nothing behind but what its handle table closes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zephyr_wasm_api::Failure;

static HELD: AtomicUsize = AtomicUsize::new(0);

/// How many things apps hold of this machine's devices, all together.
pub fn held() -> usize {
    HELD.load(Ordering::SeqCst)
}

/// A table of things by number, which apps share; the handle table says whose they are.
pub struct Pool<T>(Mutex<Vec<Option<Arc<T>>>>);

impl<T> Pool<T> {
    pub const fn new() -> Self {
        Pool(Mutex::new(Vec::new()))
    }

    /// Adds a thing, and returns its number.
    pub fn add(&self, thing: T) -> u32 {
        Self::add_to(&mut lock(&self.0), thing)
    }

    /// The same, where there are to be as many as that at most.
    pub fn add_within(&self, most: usize, thing: T) -> Result<u32, Failure> {
        let mut slots = lock(&self.0);
        if slots.iter().flatten().count() >= most {
            return Err(Failure::Limit);
        }
        Ok(Self::add_to(&mut slots, thing))
    }

    /// The same for as long as what is returned is kept.
    pub fn hold(&'static self, most: usize, thing: T) -> Result<Held<T>, Failure> {
        Ok(Held { pool: self, number: self.add_within(most, thing)? })
    }

    fn add_to(slots: &mut Vec<Option<Arc<T>>>, thing: T) -> u32 {
        let free = slots.iter().position(Option::is_none).unwrap_or_else(|| {
            slots.push(None);
            slots.len() - 1
        });
        slots[free] = Some(Arc::new(thing));
        HELD.fetch_add(1, Ordering::SeqCst);
        free as u32
    }

    /// The thing of that number. A number that the runtime made up would be a fault of the runtime.
    pub fn get(&self, number: u32) -> Arc<T> {
        lock(&self.0)[number as usize].clone().expect("an open number")
    }

    /// Every thing.
    pub fn all(&self) -> Vec<Arc<T>> {
        lock(&self.0).iter().flatten().cloned().collect()
    }

    /// Removes every thing that is to go.
    pub fn remove_all(&self, goes: impl Fn(&T) -> bool) {
        let numbers: Vec<u32> = {
            let slots = lock(&self.0);
            let which = |(number, slot): (usize, &Option<Arc<T>>)| {
                slot.as_ref().is_some_and(|thing| goes(thing)).then_some(number as u32)
            };
            slots.iter().enumerate().filter_map(which).collect()
        };
        numbers.into_iter().for_each(|number| self.remove(number));
    }

    pub fn remove(&self, number: u32) {
        // What it does as it goes may need the table.
        let thing = lock(&self.0)[number as usize].take();
        if thing.is_some() {
            HELD.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// A thing in a table that goes as this does.
pub struct Held<T: 'static> {
    pool: &'static Pool<T>,
    number: u32,
}

impl<T> Held<T> {
    /// The thing.
    pub fn get(&self) -> Arc<T> {
        self.pool.get(self.number)
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        self.pool.remove(self.number);
    }
}

/// Locks what stays good if its holder panics.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
