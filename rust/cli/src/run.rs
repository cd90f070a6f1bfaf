//! `zephyr-wasm run`: this machine as a board.

use crate::allowed::Allowed;
use crate::fits::Firmware;
use crate::machine::{self, MARGIN};
use crate::native::Files;
use crate::post_mortem::PostMortem;
use crate::program::Program;
use crate::sign::describe;
use crate::supervise::{Look, Supervised};
use crate::text::shown;
use crate::watch::Watch;
use crate::world::World;
use crate::{keys, module, pack};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use zephyr_wasm_platform_host::{Settings, set_world};
use zephyr_wasm_runtime::{End, Manifest};
use zephyr_wasm_signature::verify;

/// How often it is looked whether an app has ended.
const LOOK: Duration = Duration::from_millis(5);

/// How long apps have to end that are asked to.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exit code after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// Runs apps side by side on this machine, each on its own thread. Ctrl-C ends them all.
#[derive(Args)]
pub struct Run {
    /// `.wasm` or `.wat` files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The app's manifest, for one app; without it, the `.toml` of the same name beside the file, if there is one.
    #[arg(long)]
    manifest: Option<PathBuf>,
    /// A firmware that this machine is to be like: its build directory, or the `.config` in it. Apps have its host APIs, limits,
    /// numbers and sizes; the rates that it holds them to are the board's alone.
    #[arg(long, value_name = "BUILD|CONFIG")]
    board: Option<PathBuf>,
    /// End all apps after this many milliseconds.
    #[arg(long)]
    time: Option<u64>,
    /// Show a table of the apps, their values and their messages while they run.
    #[arg(long)]
    watch: bool,
    /// Take only apps that one of these public keys (ed25519, PEM) has signed, as a board with CONFIG_WASM_STORE_KEYS.
    #[arg(long)]
    key: Vec<PathBuf>,
    /// Say in which function and line an app ended that did not end well; makes them 6 to 33 % slower.
    #[arg(long)]
    trace: bool,
    /// Where to write a WebAssembly core dump of an app that did not end well.
    #[arg(long)]
    core: Option<PathBuf>,
    /// Run them as code of this machine, as firmware with CONFIG_WASM_COMPILED does: each is made into C, which the compiler `cc`
    /// compiles, or the one that the environment names in CC. A debugger sees the app's source, or that C.
    #[arg(long, conflicts_with_all = ["fuel", "value_stack", "call_depth"])]
    compiled: bool,
    /// The native stack for the calls of each compiled app in bytes (CONFIG_WASM_APP_STACK_SIZE); without it, 8 MiB, or 512 KiB
    /// with `--board`.
    #[arg(long, value_name = "BYTES", requires = "compiled", value_parser = clap::value_parser!(u32).range(4096..=1 << 30))]
    stack: Option<u32>,
    #[command(flatten)]
    allowed: Allowed,
    #[command(flatten)]
    program: Program,
    #[command(flatten)]
    world: World,
}

impl Run {
    pub fn execute(&self) -> Result<ExitCode> {
        if self.manifest.is_some() && self.files.len() > 1 {
            bail!("--manifest is of one app: give each the `.toml` of its name beside it");
        }
        let keys = keys::read(&self.key)?;
        let firmware = Firmware::read(self.board.as_deref())?;
        let configured = firmware.configured();
        if self.files.len() > configured.apps {
            bail!(
                "{} apps, and the firmware has room for CONFIG_WASM_MAX_APPS={}",
                self.files.len(),
                configured.apps
            );
        }
        let mut world = self.world.read(configured.clone())?;
        self.program.mount(&mut world)?;
        set_world(world);
        let files = self.compiled.then(Files::new).transpose()?;
        let mut apps = Vec::new();
        for path in &self.files {
            let bytes = self.loaded(path)?;
            if !keys.is_empty()
                && let Err(failure) = verify(&bytes, &keys)
            {
                bail!("{}: {}", path.display(), describe(failure));
            }
            let load = |files: &Files| {
                let limits = self.allowed.limits(&firmware, Manifest::of(&bytes));
                files.load(path, &bytes, limits.table, self.stack(), self.is_traced())
            };
            let compiled = files.as_ref().map(load).transpose()?;
            apps.push((path, bytes, compiled));
        }

        // Before, Ctrl-C ends the tool: a file may be one that never comes to its end.
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        let interrupt = move || {
            // A second one is of somebody for whom they do not end soon enough.
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(INTERRUPTED.into());
            }
        };
        ctrlc::set_handler(interrupt).context("cannot handle Ctrl-C")?;
        let deadline = self.time.map(|milliseconds| Instant::now() + Duration::from_millis(milliseconds));
        let mut watch = self.watch.then(Watch::new);
        let mut running = Vec::new();
        for (path, bytes, compiled) in apps {
            let name = pack::name_of(&bytes).unwrap_or_else(|| module::name(path));
            let mut settings = Settings::new(&name);
            self.allowed.set(&mut settings, &firmware, Manifest::of(&bytes));
            if compiled.is_some() {
                settings.stack = self.stack() + MARGIN;
            }
            settings.calls = firmware.has("CONFIG_WASM_CALL");
            settings.interfaces = self.board.as_ref().map(|_| firmware.interfaces());
            settings.compiled = compiled;
            settings.command = self.program.command(&name);
            let post_mortem = self.post_mortem(path);
            let has_supervisor = firmware.has("CONFIG_WASM_SUPERVISOR");
            running.push(Supervised::start(settings, bytes, post_mortem, &configured, has_supervisor)?);
        }

        let mut all_well = true;
        let mut code = 0;
        let mut killed = false;
        let mut patience = None;
        while !running.is_empty() {
            let over = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if !killed && (over || interrupted.load(Ordering::SeqCst)) {
                killed = true;
                patience = Some(Instant::now() + PATIENCE);
                running.iter_mut().for_each(Supervised::stop);
            }
            if patience.is_some_and(|until| Instant::now() >= until) {
                running.iter_mut().for_each(Supervised::kill);
            }
            let mut alive = Vec::new();
            for mut app in running {
                match app.look()? {
                    Look::Alive => alive.push(app),
                    Look::Ended(end) => {
                        all_well &= end.is_success();
                        code = exit_code(end).max(code);
                    }
                }
            }
            running = alive;
            if let Some(watch) = &mut watch {
                let names = running.iter().map(|app| app.name().to_owned()).collect();
                watch.draw(names, running.is_empty());
            }
            std::thread::sleep(LOOK);
        }
        match (interrupted.load(Ordering::SeqCst), all_well || killed) {
            (true, _) => Ok(ExitCode::from(INTERRUPTED)),
            (false, true) => Ok(ExitCode::SUCCESS),
            (false, false) => Ok(ExitCode::from(code)),
        }
    }
}

/// What a program's end is to whoever started it: a shell's numbers, in which 1 is any failure and 137 a kill.
fn exit_code(end: End) -> u8 {
    match end {
        End::Returned(0) => 0,
        End::Returned(code) => u8::try_from(code).unwrap_or(1),
        End::Killed => 137,
        _ => 1,
    }
}

impl Run {
    fn is_traced(&self) -> bool {
        self.trace || self.core.is_some()
    }

    /// The native stack for the calls of a compiled app in bytes.
    fn stack(&self) -> usize {
        self.stack.map_or_else(|| machine::stack(self.board.is_some()), |stack| stack as usize)
    }

    fn post_mortem(&self, path: &Path) -> Option<PostMortem> {
        self.is_traced().then(|| PostMortem { module: path.to_owned(), dump: self.core.clone() })
    }

    fn loaded(&self, path: &Path) -> Result<Vec<u8>> {
        let manifest = self.manifest.as_deref();
        // What is compiled tells its places of itself, and has to be valid.
        let validate = self.is_traced() || self.compiled;
        let trace = self.is_traced() && !self.compiled;
        let options = pack::Options { trace, validate, manifest, keeps_manifest: true, ..Default::default() };
        if validate { pack::packed(path, &options) } else { loaded(path, &options) }
    }
}

/// An app as a board takes it. What cannot be packed is left for the runtime to refuse, as a board does.
///
/// # Errors
/// What is wrong with its manifest, or the app if it cannot be read.
pub fn loaded(path: &Path, options: &pack::Options<'_>) -> Result<Vec<u8>> {
    if !options.keeps_manifest {
        pack::manifest_of(path, options)?;
    }
    match pack::packed(path, options) {
        Ok(packed) => Ok(packed),
        Err(error) if options.manifest.is_some() => Err(error),
        Err(error) => match module::read(path) {
            Ok(module) => {
                eprintln!("warning: cannot be packed: {}", shown(&format!("{error:#}")));
                Ok(module.core)
            }
            Err(_) => Err(error),
        },
    }
}
