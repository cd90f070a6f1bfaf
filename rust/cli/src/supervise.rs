//! An app of `zephyr-wasm run`, looked after as its manifest says: `restart` and `heartbeat` as on a board. A share of
//! the processor (`cpu`) is the board's alone.

use crate::module::is_program;
use anyhow::{Context, Result};
use std::time::{Duration, Instant};
use zephyr_wasm_platform_desk::{App, Settings, log_line};
use zephyr_wasm_runtime::{End, Manifest};

/// The waits before an app is started again: CONFIG_WASM_BACKOFF_FIRST and CONFIG_WASM_BACKOFF_MOST of a board.
const FIRST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(60);

/// An app, and what is done as it ends.
pub struct Supervised {
    settings: Settings,
    wasm: Vec<u8>,
    /// None while it waits to be started again.
    app: Option<App>,
    launched: Instant,
    backoff: Duration,
    restart: Restart,
    heartbeat: Option<u64>,
    /// It is made for WASI, and not an app.
    is_program: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Restart {
    Never,
    OnFailure,
    Always,
}

/// What a look at an app found.
pub enum Look {
    /// It runs, or will again.
    Alive,
    /// It has ended for good, and how.
    Ended(End),
}

impl Supervised {
    /// Starts an app.
    ///
    /// # Errors
    /// The system's, if there is no thread to be had.
    pub fn start(settings: Settings, wasm: Vec<u8>) -> Result<Self> {
        let manifest = Manifest::of(&wasm);
        let restart = match manifest.values("restart").next() {
            Some("always") => Restart::Always,
            Some("on-failure") => Restart::OnFailure,
            _ => Restart::Never,
        };
        let heartbeat = manifest.number("heartbeat").map(u64::from);
        let app = launch(&settings, &wasm)?;
        let app = Some(app);
        let is_program = is_program(&wasm);
        let launched = Instant::now();
        Ok(Supervised { settings, wasm, app, launched, backoff: FIRST, restart, heartbeat, is_program })
    }

    /// What the log calls it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Asks it to end, for good.
    pub fn stop(&mut self) {
        self.restart = Restart::Never;
        if let Some(app) = &self.app {
            app.stop();
        }
    }

    /// Ends it, for good.
    pub fn kill(&mut self) {
        self.restart = Restart::Never;
        if let Some(app) = &self.app {
            app.kill();
        }
    }

    /// Looks after it.
    ///
    /// # Errors
    /// As of [`Supervised::start`].
    pub fn look(&mut self) -> Result<Look> {
        let Some(app) = self.app.take() else {
            if self.restart == Restart::Never {
                return Ok(Look::Ended(End::Killed));
            }
            if self.launched.elapsed() >= self.backoff {
                self.backoff = MOST.min(2 * self.backoff);
                self.launched = Instant::now();
                self.app = Some(launch(&self.settings, &self.wasm)?);
            }
            return Ok(Look::Alive);
        };
        if self.heartbeat.is_some_and(|most| app.silent_for() > most) {
            app.give_up();
        }
        if !app.has_ended() {
            self.app = Some(app);
            return Ok(Look::Alive);
        }
        let end = report(app, self.is_program);
        let again = match self.restart {
            Restart::Never => false,
            Restart::OnFailure => !end.is_success(),
            Restart::Always => true,
        };
        if !again || matches!(end, End::Refused(_)) {
            return Ok(Look::Ended(end));
        }
        if self.launched.elapsed() >= MOST {
            self.backoff = FIRST;
        }
        self.launched = Instant::now();
        log_line("wrn", self.name(), &format!("started again in {} ms", self.backoff.as_millis()));
        Ok(Look::Alive)
    }
}

fn launch(settings: &Settings, wasm: &[u8]) -> Result<App> {
    App::start(settings.clone(), wasm.to_vec()).context("cannot start a thread")
}

/// Says how an app ended.
fn report(app: App, is_program: bool) -> End {
    let name = app.name().to_owned();
    let (end, message, _) = app.join();
    match end {
        // Its output is its own, and its end is the tool's exit code.
        End::Returned(_) if is_program => {}
        _ if is_program => eprintln!("{name}: {message}"),
        End::Refused(_) => log_line("err", &name, &format!("refused: {message}")),
        _ if end.is_success() => log_line("inf", &name, &message),
        _ => log_line("err", &name, &message),
    }
    end
}
