//! Installs apps on one board, as often as that takes.

use super::board::{Address, Board, Manner};
use super::protocol::{Done, Start, Uploaded};
use super::trial;
use crate::text::shown;
use anyhow::{Context, Result};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// An app's file.
pub struct App {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What is done to each board.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    pub apps: &'a [App],
    pub manner: &'a Manner,
    pub start: bool,
    pub attempts: u32,
    pub wait: Option<Duration>,
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
