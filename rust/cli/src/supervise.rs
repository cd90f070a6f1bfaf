//! An app of `zephyr-wasm run`, looked after as its manifest says: `restart` and `heartbeat` as on a board. A share of
//! the processor (`cpu`) is the board's alone.

use crate::module::is_program;
use crate::post_mortem::PostMortem;
use anyhow::{Context, Result};
use std::sync::LazyLock;
use std::time::Instant;
use zephyr_wasm_manifest::Manifest;
use zephyr_wasm_platform_host::{App, Configured, Settings, log_line};
use zephyr_wasm_runtime::End;
use zephyr_wasm_supervise::{Backoff, Ended, NEVER, Supervised as Policy};

/// An app, and what is done as it ends.
pub struct Supervised {
    settings: Settings,
    wasm: Vec<u8>,
    /// None while it waits to be started again, up to this millisecond.
    app: Option<App>,
    until: i64,
    policy: Policy,
    backoff: Backoff,
    /// It is made for WASI, and not an app.
    is_program: bool,
    post_mortem: Option<PostMortem>,
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
        let manifest = if has_supervisor { Manifest::of(&wasm) } else { Manifest::new(None) };
        let [first, most] = [configured.backoff_first_ms, configured.backoff_most_ms]
            .map(|milliseconds| u32::try_from(milliseconds).unwrap_or(u32::MAX));
        let backoff = Backoff { first, most };
        let mut policy = Policy::new(manifest, false, first);
        let app = launch(&settings, &wasm)?;
        policy.launched(now(), 0);
        let is_program = is_program(&wasm);
        Ok(Supervised { settings, wasm, app: Some(app), until: 0, policy, backoff, is_program, post_mortem })
    }

    /// What the log calls it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Asks it to end, for good.
    pub fn stop(&mut self) {
        self.policy.leave();
        if let Some(app) = &self.app {
            app.stop();
        }
    }

    /// Ends it, for good.
    pub fn kill(&mut self) {
        self.policy.leave();
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
            if self.policy.restart == NEVER {
                return Ok(Look::Ended(End::Killed));
            }
            if now() >= self.until {
                self.app = Some(launch(&self.settings, &self.wasm)?);
                self.policy.launched(now(), 0);
            }
            return Ok(Look::Alive);
        };
        let now = now();
        self.policy.beat(now.saturating_sub_unsigned(app.silent_for()));
        if self.policy.is_silent(now) {
            app.give_up();
        }
        if !app.has_ended() {
            self.app = Some(app);
            return Ok(Look::Alive);
        }
        let end = self.report(app)?;
        let ended = match end {
            End::Refused(_) => Ended::Refused,
            _ if end.is_success() => Ended::Well,
            _ => Ended::Badly,
        };
        let Some(wait) = self.policy.ended(ended, now, self.backoff) else {
            return Ok(Look::Ended(end));
        };
        self.until = now + i64::from(wait);
        log_line("wrn", self.name(), &format!("started again in {wait} ms"));
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

/// The milliseconds since the first app was started.
fn now() -> i64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_millis().try_into().unwrap_or(i64::MAX)
}

fn launch(settings: &Settings, wasm: &[u8]) -> Result<App> {
    App::start(settings.clone(), wasm.to_vec()).context("cannot start a thread")
}
