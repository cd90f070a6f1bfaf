//! Many boards: a file that lists them, and an order in which they are updated.

use super::board::Address;
use super::task::Task;
use crate::input;
use crate::text::shown;
use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::MultiProgress;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Which boards, and in what order.
#[derive(Args)]
pub struct Options {
    /// Push to all boards of a file.
    #[arg(long, requires = "devices")]
    all: bool,
    /// The file: `[[board]]` tables with `name`, and `udp` or `serial`.
    #[arg(long, value_name = "FILE")]
    devices: Option<PathBuf>,
    /// How many boards at once.
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// In stages: after how many percent of the boards to look whether all is well.
    #[arg(long, value_delimiter = ',', default_value = "100")]
    stages: Vec<usize>,
    /// How many boards may fail before no further stage begins.
    #[arg(long, default_value_t = 0)]
    tolerate: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inventory {
    board: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    udp: Option<String>,
    serial: Option<String>,
}

impl Options {
    pub fn is_wanted(&self) -> bool {
        self.all
    }

    /// Pushes to all boards, stage by stage.
    pub fn push(&self, task: Task<'_>) -> Result<ExitCode> {
        let path = self.devices.as_deref().context("--all needs --devices FILE")?;
        let boards = read(path)?;
        let bars = MultiProgress::new();
        let failed = Mutex::new(Vec::new());
        let mut done = 0;
        for end in stages(&self.stages, boards.len())? {
            say!("boards {} to {end} of {}", done + 1, boards.len());
            self.stage(&boards[done..end], task, &bars, &failed);
            done = end;
            if failed.lock().is_ok_and(|failed| failed.len() > self.tolerate) {
                break;
            }
        }
        let failed = failed.into_inner().unwrap_or_default();
        say!(
            "{} boards updated, {} failed, {} not tried",
            done - failed.len(),
            failed.len(),
            boards.len() - done
        );
        for line in &failed {
            eprintln!("{}", shown(line));
        }
        Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn stage(&self, boards: &[Entry], task: Task<'_>, bars: &MultiProgress, failed: &Mutex<Vec<String>>) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.clamp(1, boards.len().max(1)) {
                scope.spawn(|| {
                    while let Some(board) = boards.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let address = Address { udp: board.udp.clone(), serial: board.serial.clone() };
                        if let Err(error) = task.push(&address, bars)
                            && let Ok(mut failed) = failed.lock()
                        {
                            failed.push(format!("{}: {error:#}", board.name));
                        }
                    }
                });
            }
        });
    }
}

fn read(path: &Path) -> Result<Vec<Entry>> {
    let text = input::text(path)?;
    let inventory: Inventory = toml::from_str(&text).with_context(|| path.display().to_string())?;
    for entry in &inventory.board {
        if entry.udp.is_some() == entry.serial.is_some() {
            bail!("{}: board `{}` has to have one of `udp` and `serial`", path.display(), entry.name);
        }
    }
    Ok(inventory.board)
}

/// How many boards are done at the end of each stage; the first has one board at least, and the last all.
fn stages(percents: &[usize], boards: usize) -> Result<Vec<usize>> {
    if !percents.is_sorted() || percents.iter().any(|percent| !(1..=100).contains(percent)) {
        bail!("--stages is ascending percentages, as 5,25,100");
    }
    let mut ends: Vec<usize> =
        percents.iter().map(|percent| (boards * percent).div_ceil(100).max(1).min(boards)).collect();
    if ends.last() != Some(&boards) {
        ends.push(boards);
    }
    ends.dedup();
    Ok(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_end_with_all_boards() {
        assert_eq!(stages(&[100], 7).unwrap(), [7]);
        assert_eq!(stages(&[1, 50], 10).unwrap(), [1, 5, 10]);
        assert_eq!(stages(&[1, 2, 3], 10).unwrap(), [1, 10]);
        assert!(stages(&[50, 10], 10).is_err());
        assert!(stages(&[0], 10).is_err());
    }
}
