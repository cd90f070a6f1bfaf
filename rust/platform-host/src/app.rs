//! An app on this machine, from its start to its end.

use crate::current;
use crate::loaded::Loaded;
use crate::platform::{Added, HostPlatform};
use crate::region::Region;
use crate::shared::{Core, Shared};
use crate::world::world;
use crate::{command::Command, thread, time, wasi};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};
use zephyr_wasm_api::wasi::PACKAGE;
use zephyr_wasm_runtime::call::{Caller, Calls, FLOATS};
use zephyr_wasm_runtime::check::outside;
use zephyr_wasm_runtime::manifest::keys::{self, Key};
use zephyr_wasm_runtime::{
    App as Running, Autopsy, Code, Commands, End, Entry, HostApis, Instance, Job, Limits, Manifest, Message,
    run,
};

/// How to run an app.
#[derive(Clone)]
pub struct Settings {
    /// What the log calls it.
    pub name: String,
    /// What it may use.
    pub limits: Limits,
    /// The size of its region in bytes. The engine's data are about twice as large here as on a 32-bit board.
    pub region: usize,
    /// The host APIs besides ours.
    pub added: Added,
    /// Ours, where it is not to have all.
    pub interfaces: Option<&'static [&'static Entry<Running<HostPlatform>>]>,
    /// Only load and link it, and run nothing.
    pub check: bool,
    /// Whether functions are called by their types, and a `run` of any type (CONFIG_WASM_CALL).
    pub calls: bool,
    /// The exported function to call in place of `run`, and its arguments as text.
    pub call: Option<(String, String)>,
    /// Its code, if it is compiled: then its bytes are read for what its manifest and its custom sections have.
    pub compiled: Option<Loaded>,
    /// What a WASI program is given in place of what its manifest grants it.
    pub command: Option<Command>,
    /// The native stack of its thread in bytes. That of interpreted apps does not grow with their calls.
    pub stack: usize,
    /// How the words of its end name what the symbols of Kconfig do on boards: for each, what to say in its place.
    pub words: Vec<(&'static str, &'static str)>,
}

impl Settings {
    /// The settings of a usual app.
    pub fn new(name: &str) -> Self {
        Settings {
            name: name.to_owned(),
            limits: Limits::default(),
            region: 256 * 1024,
            added: &[],
            interfaces: None,
            check: false,
            calls: true,
            call: None,
            compiled: None,
            command: None,
            stack: STACK,
            words: Vec::new(),
        }
    }
}

/// The usual native stack of an app's thread in bytes. This machine has enough, and its debug builds need it.
pub const STACK: usize = 1024 * 1024;

/// A started app.
pub struct App {
    shared: Arc<Shared>,
    thread: thread::Thread,
    words: Vec<(&'static str, &'static str)>,
}

impl App {
    /// Starts an app on a thread of its own.
    ///
    /// # Errors
    /// The system's, if there is no thread to be had.
    pub fn start(settings: Settings, wasm: Vec<u8>) -> std::io::Result<App> {
        time::start();
        silence_app_panics();
        let shortest = [
            shortest_of(&wasm, &keys::TIMER_PERIOD, world().configured.timer_period_us),
            shortest_of(&wasm, &keys::SENSOR_PERIOD, world().configured.sensor_period_us),
        ];
        let streams = streams_of(&settings, &wasm);
        let shared =
            Arc::new(Shared::new(settings.name.clone(), settings.command.clone(), streams, shortest));
        let of_thread = Arc::clone(&shared);
        let (stack, words) = (settings.stack, settings.words.clone());
        let main = Box::new(move || app_main(&of_thread, &wasm, &settings));
        let thread = thread::spawn(stack, main)?;
        Ok(App { shared, thread, words })
    }

    /// What the log calls it.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// Asks the app to end, which it sees by `zephyr:lifecycle`; ends it if it never looks.
    pub fn stop(&self) {
        if !self.shared.stop() {
            self.kill();
        }
    }

    /// Ends the app, wherever it is. [`App::join`] waits for it.
    pub fn kill(&self) {
        self.end(End::Killed);
    }

    /// Ends the app, because it gives no sign of life.
    pub fn give_up(&self) {
        self.end(End::Unresponsive);
    }

    fn end(&self, end: End) {
        self.shared.kill(end);
        self.thread.interrupt();
    }

    /// How many milliseconds ago it gave its last sign of life, or started.
    pub fn silent_for(&self) -> u64 {
        self.shared.silent_for()
    }

    /// Whether the app has ended.
    pub fn has_ended(&self) -> bool {
        self.shared.has_ended()
    }

    /// Waits for the app's end: how, in words, and what is left of it if it ended badly.
    pub fn join_with_core(self) -> (End, String, Option<Core>) {
        let shared = Arc::clone(&self.shared);
        let (end, message, _) = self.join();
        (end, message, shared.take_core())
    }

    /// Waits for the app's end: how, in words, and what the called function returned, as text.
    pub fn join_with_result(self) -> (End, String, String) {
        let shared = Arc::clone(&self.shared);
        let (end, message, _) = self.join();
        (end, message, shared.take_result())
    }

    /// Waits for the app's end: how, in words, and the most bytes of its region that it used at once.
    pub fn join(self) -> (End, String, usize) {
        self.thread.join();
        let end = self.shared.take_end();
        let (end, message) = end.unwrap_or((End::Faulted, "its thread ended without a word".into()));
        let message = self.words.iter().fold(message, |told, (symbol, word)| told.replace(symbol, word));
        (end, message, self.shared.used_most())
    }
}

/// Where the standard streams of a program lead, as its manifest says; a program that is given what it has has ours.
fn streams_of(settings: &Settings, wasm: &[u8]) -> [Option<String>; 3] {
    if settings.command.is_some() || outside(wasm, usize::MAX, &mut Message::new()).is_err() {
        return [const { None }; 3];
    }
    let manifest = Manifest::of(wasm);
    ["stdin", "stdout", "stderr"].map(|kind| manifest.grants(PACKAGE, kind).next().map(str::to_owned))
}

/// A shortest period in nanoseconds, as a manifest and a board, in microseconds, have it.
fn shortest_of(wasm: &[u8], key: &Key, of_board: usize) -> u64 {
    let asked = u64::from(Manifest::of(wasm).number(key.name).unwrap_or(0));
    asked.max(of_board as u64) * 1000
}

/// The thread of an app.
fn app_main(shared: &Arc<Shared>, wasm: &[u8], settings: &Settings) {
    let mut region = match Region::new(settings.region) {
        Ok(region) => region,
        Err(error) => {
            let why = format!(
                "out of memory: this machine has no {} bytes for it (CONFIG_WASM_APP_HEAP_SIZE): {error}",
                settings.region
            );
            return shared.set_end_with(End::OutOfMemory, &why);
        }
    };
    current::enter(Arc::as_ptr(shared), &raw mut region, settings.added, close);
    let call = settings.call.as_ref().map(|(function, arguments)| (function.as_str(), arguments.as_str()));
    let mut message = Message::new();
    let outcome = current::inside(|| {
        catch_unwind(AssertUnwindSafe(|| {
            let all = zephyr_wasm_api::host_apis::<HostPlatform>(settings.added);
            let apis = HostApis { interfaces: settings.interfaces.unwrap_or(all.interfaces), ..all };
            let calls = Calls { caller: &Caller::new(), floats: Some(&FLOATS) };
            let job = Job {
                code: settings.compiled.map_or(Code::untrusted(wasm), |loaded| loaded.code()),
                limits: &settings.limits,
                apis: &apis,
                call,
                calls: settings.calls.then_some(&calls),
                commands: Some(&Commands::new()),
                autopsy: Some(&Autopsy::new()),
                check: settings.check,
            };
            let mut result = String::new();
            let end = run(&job, HostPlatform::default(), &mut result, &mut message);
            current::outside(|app| app.set_result(&result));
            end
        }))
        .map_err(drop)
    });
    wasi::close_all(shared);
    shared.set_used_most(region.used_most());
    match outcome {
        Ok(end) => shared.set_end_with(end, message.as_str()),
        Err(()) => shared.set_end(End::Panicked),
    }
    current::leave();
}

/// Closes what an app has when it is cut off. What it holds goes with the app where it ends by itself.
fn close(shared: &Shared, app: Option<&mut Instance<HostPlatform>>, added: Added) {
    if let Some(app) = app {
        zephyr_wasm_api::host_apis(added).close(app.store.data_mut());
    }
    wasi::close_all(shared);
}

/// A panic on an app's thread is that app's end, and is told as such.
fn silence_app_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if current::region_of_thread().is_none() {
                usual(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_those_of_a_board() {
        let manifest = "name fast\ntimer-period-us 2000\nsensor-period-us 1";
        let wat = format!("(module (@custom \"zephyr-wasm:app\" \"{}\"))", manifest.replace('\n', "\\n"));
        let wasm = wat::parse_str(wat).unwrap();
        assert_eq!(shortest_of(&wasm, &keys::TIMER_PERIOD, 1000), 2_000_000);
        assert_eq!(shortest_of(&wasm, &keys::SENSOR_PERIOD, 1000), 1_000_000);
        assert_eq!(shortest_of(b"", &keys::TIMER_PERIOD, 500), 500_000);
    }
}
