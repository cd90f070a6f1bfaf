//! Looks for the keys of its neighbour: they do not exist.
#![no_std]

use zephyr_wasm_guest::storage::{self, Error};
use zephyr_wasm_guest::{app, info};

app!(run, arena = 384);

fn run() -> i32 {
    let nothing = storage::get("starts") == Ok(None) && storage::list_keys(0).is_ok_and(|keys| keys.is_empty());
    let no_way = storage::get("../counter/starts") == Err(Error::InvalidKey);
    if nothing && no_way {
        info!("nothing to steal");
        return 0;
    }
    1
}
