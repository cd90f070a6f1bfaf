//! `zephyr-wasm logs`: what an app of a board has logged.

use super::board::{Address, Board, Manner};
use super::protocol;
use crate::text::Stream;
use anyhow::Result;
use clap::Args;
use std::io::Write;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

/// Prints the last of what an app of a board has logged.
#[derive(Args)]
pub struct Logs {
    /// What its manifest calls it.
    name: String,
    /// Go on with what it logs from now on.
    #[arg(short, long)]
    follow: bool,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    manner: Manner,
}

/// The most that a board keeps of what an app has logged (CONFIG_WASM_LOG_HISTORY_SIZE): an app that logs faster than this
/// reads has no end.
const MOST: usize = 65536;

impl Logs {
    pub fn execute(&self) -> Result<ExitCode> {
        let board = Board::connect(&self.address, &self.manner)?;
        let (mut off, mut left) = (0, MOST);
        let mut out = std::io::stdout();
        let mut stream = Stream::default();
        loop {
            let part = board.ask(protocol::Logs { name: &self.name, off })?;
            off = part.off.wrapping_add(u32::try_from(part.text.len())?);
            // Whoever reads this may have seen enough.
            if out.write_all(stream.shown(&part.text).as_bytes()).and_then(|()| out.flush()).is_err() {
                return Ok(ExitCode::SUCCESS);
            }
            left = left.saturating_sub(part.text.len());
            if !self.follow && (part.text.is_empty() || left == 0) {
                return Ok(ExitCode::SUCCESS);
            }
            if part.text.is_empty() {
                sleep(Duration::from_millis(300));
            }
        }
    }
}
