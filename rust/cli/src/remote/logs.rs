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

impl Logs {
    pub fn execute(&self) -> Result<ExitCode> {
        let board = Board::connect(&self.address, &self.manner)?;
        let mut off = 0;
        let mut out = std::io::stdout();
        let mut stream = Stream::default();
        loop {
            let part = board.ask(protocol::Logs { name: &self.name, off })?;
            off = part.off.wrapping_add(u32::try_from(part.text.len())?);
            // Whoever reads this may have seen enough.
            if out.write_all(stream.shown(&part.text).as_bytes()).and_then(|()| out.flush()).is_err() {
                return Ok(ExitCode::SUCCESS);
            }
            if part.text.is_empty() {
                if !self.follow {
                    return Ok(ExitCode::SUCCESS);
                }
                sleep(Duration::from_millis(300));
            }
        }
    }
}
