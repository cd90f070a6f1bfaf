//! Counts how often it was started, over resets.
#![no_std]

use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::storage::{self, Error};
use zephyr_wasm_guest::{app, info};

app!(run, arena = 384);

fn run() -> i32 {
    match work() {
        Ok(()) => 0,
        Err(error) => error as i32 + 1,
    }
}

fn work() -> Result<(), Error> {
    let starts = storage::get("starts")?.and_then(|value| value.first().copied()).unwrap_or(0);
    storage::set("starts", &[starts + 1])?;
    Line::new().text("start ").number(i64::from(starts) + 1).info();

    // More than the manifest grants; what was there stays.
    storage::set("notes", b"short")?;
    if storage::set("notes", &[b'x'; 60]) == Err(Error::Quota) && storage::get("notes")?.as_deref() == Some(b"short") {
        info!("the quota is kept, and the old value too");
    }
    if storage::set("a key with spaces", b"") == Err(Error::InvalidKey) {
        info!("a bad key is refused");
    }
    if storage::set("large", &[0; 300]) == Err(Error::TooLarge) {
        info!("a large value is refused");
    }
    Line::new().number(storage::list_keys(0)?.len() as i64).text(" keys").info();
    storage::delete("notes")?;
    storage::delete("notes")?;
    if storage::get("notes")?.is_none() {
        info!("deleted");
    }
    // A flag, say.
    let mut is_there = true;
    for value in [&b""[..], b"x", b""] {
        storage::set("flag", value)?;
        let listed = storage::list_keys(0)?.iter().filter(|key| *key == "flag").count();
        is_there &= storage::get("flag")?.as_deref() == Some(value) && listed == 1;
    }
    storage::delete("flag")?;
    if is_there && storage::get("flag")?.is_none() && storage::list_keys(0)?.len() == 1 {
        info!("a value may have no bytes");
    }
    Ok(())
}
