//! An app of `zephyr-wasm run`, looked after as its manifest says: `restart` and `heartbeat` as on a board. A share of
//! the processor (`cpu`) is the board's alone.

use crate::module::is_program;
use crate::post_mortem::PostMortem;
use anyhow::{Context, Result};
use std::time::{Duration, Instant};
use zephyr_wasm_platform_desk::{App, Configured, Settings, log_line};
use zephyr_wasm_runtime::{End, Manifest};

/// An app, and what is done as it ends.
pub struct Supervised {
    settings: Settings,
    wasm: Vec<u8>,
    /// None while it waits to be started again.
    app: Option<App>,
    launched: Instant,
    /// The next wait before it is started again, the first and the longest.
    backoff: Duration,
    first: Duration,
    most: Duration,
    restart: Restart,
    heartbeat: Option<u64>,
    /// It is made for WASI, and not an app.
    is_program: bool,
    post_mortem: Option<PostMortem>,
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
    /// Starts an app. A firmware may have no supervisor, which does nothing of what a manifest says of that.
    ///
    /// # Errors
    /// The system's, if there is no thread to be had.
    pub fn start(
        settings: Settings,
        wasm: Vec<u8>,
        post_mortem: Option<PostMortem>,
        configured: &Configured,
        has_supervisor: bool,
    ) -> Result<Self> {
        let manifest = Manifest::of(&wasm);
        let restart = match manifest.values("restart").next().filter(|_| has_supervisor) {
            Some("always") => Restart::Always,
            Some("on-failure") => Restart::OnFailure,
            _ => Restart::Never,
        };
        let heartbeat =
            manifest.number("heartbeat").filter(|most| has_supervisor && *most > 0).map(u64::from);
        let app = launch(&settings, &wasm)?;
        let app = Some(app);
        let is_program = is_program(&wasm);
        let launched = Instant::now();
        let [first, most] = [configured.backoff_first_ms, configured.backoff_most_ms]
            .map(|milliseconds| Duration::from_millis(milliseconds as u64));
        Ok(Supervised {
            settings,
            wasm,
            app,
            launched,
            backoff: first,
            first,
            most,
            restart,
            heartbeat,
            is_program,
            post_mortem,
        })
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
                self.backoff = self.most.min(2 * self.backoff);
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
        let end = self.report(app)?;
        let again = match self.restart {
            Restart::Never => false,
            Restart::OnFailure => !end.is_success(),
            Restart::Always => true,
        };
        if !again || matches!(end, End::Refused(_)) {
            return Ok(Look::Ended(end));
        }
        if self.launched.elapsed() >= self.most {
            self.backoff = self.first;
        }
        self.launched = Instant::now();
        log_line("wrn", self.name(), &format!("started again in {} ms", self.backoff.as_millis()));
        Ok(Look::Alive)
    }
}

impl Supervised {
    /// Says how an app ended.
    fn report(&self, app: App) -> Result<End> {
        let name = app.name().to_owned();
        let (end, message, core) = app.join_with_core();
        match end {
            // Its output is its own, and its end is the tool's exit code.
            End::Returned(_) if self.is_program => {}
            _ if self.is_program => eprintln!("{name}: {message}"),
            End::Refused(_) => log_line("err", &name, &format!("refused: {message}")),
            _ if end.is_success() => log_line("inf", &name, &message),
            _ => log_line("err", &name, &message),
        }
        if let (Some(post_mortem), Some(core)) = (&self.post_mortem, core) {
            post_mortem.tell(&name, &core)?;
        }
        Ok(end)
    }
}

fn launch(settings: &Settings, wasm: &[u8]) -> Result<App> {
    App::start(settings.clone(), wasm.to_vec()).context("cannot start a thread")
}
