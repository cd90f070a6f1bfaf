//! Looks for the keys of its neighbour: they do not exist. Then it takes the places of one that its neighbour is about to
//! make.
#![no_std]

use zephyr_wasm_guest::storage::{self, Error};
use zephyr_wasm_guest::{app, info};

app!(run, arena = 1024);

/// By their hashes as settings of this app, ZMS cannot tell them from `starts` of its neighbour, and has places for 16.
const ALIKE: [&str; 16] = [
    "aaaaFj3p", "aaabM_lX", "aaacEQQ7", "aaacPai4", "aaaeptgW", "aaaeu9Nf", "aaahE4Ho", "aabcsas2",
    "aabd9RnB", "aabepFkA", "aabe4R7-", "aabf0vfk", "aabfkVm_", "aabhTKhF", "aacamCJk", "aaca_8aK",
];

fn run() -> i32 {
    let end = look();
    for key in ALIKE {
        // As many as it may.
        let _ = storage::set(key, b"x");
    }
    end
}

fn look() -> i32 {
    let is_own = |key: &str| ALIKE.contains(&key);
    let nothing = storage::get("starts") == Ok(None)
        && storage::list_keys(0).is_ok_and(|keys| keys.iter().all(|key| is_own(key)));
    let no_way = storage::get("../counter/starts") == Err(Error::InvalidKey);
    if nothing && no_way {
        info!("nothing to steal");
        return 0;
    }
    1
}
