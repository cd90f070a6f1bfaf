//! `zephyr-wasm push`: installs apps on boards.

use super::board::{Address, Manner};
use super::fleet;
use super::task::{App, Task};
use crate::input;
use crate::text::shown;
use anyhow::Result;
use clap::Args;
use indicatif::MultiProgress;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Installs apps on a board, or on all boards of a file, and starts them. An upload that was cut off goes on where it
/// was.
#[derive(Args)]
pub struct Push {
    /// Apps, packed and signed.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    manner: Manner,
    /// Install only.
    #[arg(long)]
    no_start: bool,
    /// Wait until each app has passed its trial, SECONDS at most; one that fails it is told with the reason. Of a fleet,
    /// no stage begins before.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300")]
    #[arg(conflicts_with = "no_start")]
    wait: Option<u64>,
    /// How often to begin anew with a board that has stopped to answer.
    #[arg(long, default_value_t = 2)]
    attempts: u32,
    #[command(flatten)]
    fleet: fleet::Options,
}

impl Push {
    pub fn execute(&self) -> Result<ExitCode> {
        let apps = self
            .files
            .iter()
            .map(|path| {
                let bytes = input::bytes(path)?;
                let name = shown(&path.file_name().unwrap_or_default().to_string_lossy());
                Ok(App { name, bytes })
            })
            .collect::<Result<Vec<_>>>()?;
        let task = Task {
            apps: &apps,
            manner: &self.manner,
            start: !self.no_start,
            attempts: self.attempts,
            wait: self.wait.map(Duration::from_secs),
        };
        if self.fleet.is_wanted() {
            return self.fleet.push(task);
        }
        task.push(&self.address, &MultiProgress::new())?;
        Ok(ExitCode::SUCCESS)
    }
}
