//! `zephyr-wasm push`: installs apps on boards.

use super::board::{Address, Board, Manner};
use super::protocol::{Done, Start, Uploaded};
use super::{fleet, trial};
use crate::input;
use crate::text::shown;
use anyhow::{Context, Result};
use clap::Args;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

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

/// An app's file.
pub struct App {
    name: String,
    bytes: Vec<u8>,
}

/// What is done to each board.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    pub apps: &'a [App],
    manner: &'a Manner,
    start: bool,
    attempts: u32,
    wait: Option<Duration>,
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

impl Task<'_> {
    /// Installs all apps on one board.
    pub fn push(self, address: &Address, bars: &MultiProgress) -> Result<()> {
        for app in self.apps {
            let bar = bars.add(bar(app, address));
            let pushed = self.push_one(app, address, &bar);
            bar.finish_and_clear();
            let mut said = pushed.with_context(|| format!("{}: {}", address.text(), app.name))?;
            if let Some(patience) = self.wait {
                said += "; ";
                said += &trial::wait(&app.bytes, address, self.manner, patience)
                    .with_context(|| format!("{}: {}", address.text(), app.name))?;
            }
            let _ = bars.println(format!("{}: {said}", address.text()));
            // A bar that is not shown prints nothing.
            if bars.is_hidden() {
                say!("{}: {said}", address.text());
            }
        }
        Ok(())
    }

    /// Installs one app; what there is to say of it.
    fn push_one(self, app: &App, address: &Address, bar: &ProgressBar) -> Result<String> {
        let mut attempt = 0;
        loop {
            let begun = Instant::now();
            let result = Board::connect(address, self.manner).and_then(|board| {
                let uploaded =
                    board.upload(&app.bytes, self.start, &mut |there| bar.set_position(there as u64))?;
                match &uploaded.name {
                    Some(name) => Ok(self.installed(app, name, &uploaded, begun.elapsed())),
                    None => self.there_already(app, &board),
                }
            });
            attempt += 1;
            match result {
                Err(error) if attempt < self.attempts && error.to_string().contains("does not answer") => {
                    bar.set_message("no answer, again");
                    sleep(Duration::from_secs(1));
                }
                other => return other,
            }
        }
    }

    fn installed(self, app: &App, name: &str, uploaded: &Uploaded, time: Duration) -> String {
        let version = uploaded.version.as_deref().unwrap_or_default();
        let rate = app.bytes.len() as f64 / time.as_secs_f64().max(0.001) / 1024.0;
        let mut text = format!("{name} {version} is installed ({} bytes, {rate:.1} KiB/s)", app.bytes.len());
        if self.start && uploaded.started == Some(true) {
            text += " and started";
        } else if let Some(reason) = &uploaded.rsn {
            text += &format!("; {reason}");
        }
        shown(&text)
    }

    /// What was installed before is started, unless it runs.
    fn there_already(self, app: &App, board: &Board) -> Result<String> {
        let text = format!("{} is installed already", app.name);
        let listed = if self.start { board.find(&app.bytes)? } else { None };
        let Some(name) = listed.as_ref().filter(|listed| listed.is_to_run()).and_then(|l| l.name.as_deref())
        else {
            return Ok(text);
        };
        if board.is_alive(name) {
            return Ok(text + ", and runs");
        }
        let Done {} = board.ask(Start { name })?;
        Ok(text + ", and started")
    }
}

fn bar(app: &App, address: &Address) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(app.bytes.len() as u64).with_style(style).with_prefix(format!(
        "{} {}",
        address.text(),
        app.name
    ))
}
