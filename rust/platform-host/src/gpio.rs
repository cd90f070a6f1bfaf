//! `zephyr:gpio` in memory: outputs are seen in the table of `--watch`, inputs follow traces.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::{Pool, lock};
use crate::shared::Shared;
use crate::time::now;
use crate::wait::wait_for;
use crate::world::{Trace, world};
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::gpio::{Device, GpioEdge as Edge};

struct Line {
    name: String,
    /// What it is driven to; none for an input.
    driven: Mutex<Option<bool>>,
    /// How far an input's changes have been seen.
    seen: Mutex<u64>,
}

static LINES: Pool<Line> = Pool::new();
static NEVER: Trace = Trace::none();

impl Line {
    fn trace(&self) -> &'static Trace {
        world().lines.get(&self.name).unwrap_or(&NEVER)
    }

    /// What it is: driven by this or another app, or as the trace has it.
    fn active(&self) -> bool {
        let driven =
            LINES.all().iter().filter(|line| line.name == self.name).find_map(|line| *lock(&line.driven));
        driven.unwrap_or_else(|| self.trace().at(now()) != 0)
    }

    fn is(&self, app: &Shared, active: bool) {
        *lock(&self.driven) = Some(active);
        note(app, &format!("line {}", self.name), if active { "active" } else { "inactive" });
    }
}

impl Device for HostPlatform {
    fn open(&self, name: &str, drive: Option<bool>) -> Result<u32, Failure> {
        current::outside(|app| {
            let taken = LINES.all();
            let mut same = taken.iter().filter(|line| line.name == name);
            if same.any(|line| drive.is_some() || lock(&line.driven).is_some()) {
                return Err(Failure::Busy);
            }
            let line = Line { name: name.to_owned(), driven: Mutex::new(None), seen: Mutex::new(now()) };
            if let Some(active) = drive {
                line.is(app, active);
            }
            LINES.add_within(world().configured.gpio_lines, line)
        })
    }

    fn get(&self, line: u32) -> Result<bool, Failure> {
        current::outside(|_| Ok(LINES.get(line).active()))
    }

    fn set(&self, line: u32, active: bool) -> Result<(), Failure> {
        current::outside(|app| {
            let line = LINES.get(line);
            if lock(&line.driven).is_none() {
                return Err(Failure::NotSupported);
            }
            line.is(app, active);
            Ok(())
        })
    }

    fn wait_edge(&self, line: u32, edge: Edge, debounce: u64, timeout: u64) -> Result<bool, Failure> {
        current::outside(|app| {
            let line = LINES.get(line);
            let wanted = |before: i64, after: i64| match edge {
                Edge::Activated => before == 0 && after != 0,
                Edge::Deactivated => before != 0 && after == 0,
                Edge::Both => (before == 0) != (after == 0),
            };
            let changed = || {
                let mut seen = lock(&line.seen);
                let mut from = *seen;
                // A change counts if the line then keeps its value.
                while let Some(change) = line.trace().next(from, wanted) {
                    let stable = change.saturating_add(debounce);
                    if stable > now() {
                        return None;
                    }
                    let back = line.trace().next(change, |before, after| (before == 0) != (after == 0));
                    if debounce == 0 || back.is_none_or(|back| back > stable) {
                        *seen = change;
                        return Some(line.trace().at(change) != 0);
                    }
                    from = change;
                }
                None
            };
            wait_for(app, timeout, changed).ok_or(Failure::Timeout)
        })
    }

    fn close_line(&self, line: u32) {
        current::outside_or_ending(|| LINES.remove(line));
    }
}
