//! What apps last did, for the table of `zephyr-wasm run --watch`.

use crate::pool::lock;
use crate::shared::Shared;
use std::collections::BTreeMap;
use std::sync::Mutex;
use zephyr_wasm_runtime::text::is_hidden;

/// The most things that are remembered of one app.
const MOST: usize = 64;

static ACTIVITY: Mutex<BTreeMap<(String, String), (u64, String)>> = Mutex::new(BTreeMap::new());

/// Notes that an app did something, with the last value it had.
pub(crate) fn note(app: &Shared, what: &str, value: &str) {
    let mut all = lock(&ACTIVITY);
    let of_app = all.keys().filter(|(owner, _)| *owner == app.name).count();
    let key = (app.name.clone(), what.replace(is_hidden, "?"));
    if of_app < MOST || all.contains_key(&key) {
        let entry = all.entry(key).or_default();
        *entry = (entry.0 + 1, value.chars().take(40).map(|c| if is_hidden(c) { '?' } else { c }).collect());
    }
}

/// Bytes as a person reads them: as text if they are, else in hexadecimal.
pub(crate) fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(is_hidden) => text.to_owned(),
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// What apps did: who, what, how often, and the last value.
pub fn activity() -> Vec<(String, String, u64, String)> {
    let all = lock(&ACTIVITY);
    all.iter()
        .map(|((app, what), (count, value))| (app.clone(), what.clone(), *count, value.clone()))
        .collect()
}
