//! Whether an app lasts on a board, or the version before comes back.

use super::board::{Address, Board, Manner};
use super::protocol::Failure;
use crate::pack;
use crate::text::shown;
use anyhow::{Context, Result, bail};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often a board is asked.
const LOOK: Duration = Duration::from_millis(500);

/// The version of an app that has failed its trial last, and why, if the board knows of any.
pub fn failed(board: &Board, name: &str) -> Option<String> {
    // Older firmware does not have the command.
    let failed = board.ask(Failure { name }).ok()?;
    failed.version.map(|version| shown(&format!("{version} on trial: {}", failed.message)))
}

/// Waits until an app has passed its trial; what there is to say of it then.
///
/// # Errors
/// That it has failed, and why; or that its trial is not over in time.
pub fn wait(app: &[u8], address: &Address, manner: &Manner, patience: Duration) -> Result<String> {
    let name = pack::name_of(app).context("has no manifest with a name")?;
    let until = Instant::now() + patience;
    let mut waited = false;
    loop {
        let is_late = Instant::now() >= until;
        // A board that is reset meanwhile does not answer for a while.
        match Board::connect(address, manner).and_then(|board| Ok((board.find(app)?, board))) {
            Err(error) if is_late => return Err(error),
            Err(_) => {}
            Ok((None, board)) => match failed(&board, &name) {
                Some(failed) => bail!("{name} has failed, and the version before is back: {failed}"),
                None => bail!("{name} is not installed any more"),
            },
            Ok((Some(listed), _)) if !listed.is_to_run() => {
                bail!("{name} is not what runs any more: this version is {}", listed.state)
            }
            Ok((Some(listed), _)) if !listed.is_on_trial() => {
                return Ok(if waited { "it has passed its trial" } else { "it is not on trial" }.into());
            }
            Ok(_) if is_late => bail!(
                "{name} is still on trial after {} s; `zephyr-wasm confirm {name}` ends its trial \
                 (CONFIG_WASM_STORE_TRIAL_SECONDS), and --wait=SECONDS waits longer",
                patience.as_secs()
            ),
            Ok(_) => {}
        }
        waited = true;
        sleep(LOOK.min(until.saturating_duration_since(Instant::now())));
    }
}
