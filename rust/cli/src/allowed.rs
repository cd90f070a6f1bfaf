//! What an app may use on this machine: as options say, else as much as the board has that is played, or as this machine gives.

use crate::fits::Firmware;
use clap::Args;
use zephyr_wasm_manifest::keys;
use zephyr_wasm_platform_host::Settings;
use zephyr_wasm_runtime::{Limits, Manifest};

/// What there is besides a linear memory of the size that an option has, for the engine's data.
const BESIDE: usize = 64 << 20;

/// Limits of each app. A manifest may ask for less.
#[derive(Args, Default)]
#[command(next_help_heading = "Limits of each app")]
pub struct Allowed {
    /// The memory in bytes for everything that the app causes (CONFIG_WASM_APP_HEAP_SIZE); without it, that of `--board`, or
    /// 1 GiB.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1024..=8 << 30))]
    heap: Option<u64>,
    /// The largest linear memory in bytes; without it, what fits the memory of the app.
    #[arg(short, long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(..=4 << 30))]
    memory: Option<u64>,
    /// The elements of each table (CONFIG_WASM_APP_TABLE_SIZE); without it, those of `--board`, or 10,000,000.
    #[arg(long, value_name = "COUNT")]
    table: Option<usize>,
    /// Timers, sockets and other resources that are held at once (CONFIG_WASM_APP_HANDLE_COUNT); without it, those of `--board`,
    /// or 1024.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=65536))]
    handles: Option<u32>,
    /// The interpreter's stack in bytes (CONFIG_WASM_APP_VALUE_STACK_SIZE); without it, that of `--board`, or 8 MiB.
    #[arg(long, value_name = "BYTES")]
    value_stack: Option<usize>,
    /// How deep the calls of an interpreted app may be nested (CONFIG_WASM_APP_CALL_DEPTH); without it, that of `--board`, or
    /// 131,072.
    #[arg(long, value_name = "COUNT")]
    call_depth: Option<usize>,
    /// The fuel, about one unit an instruction (CONFIG_WASM_APP_FUEL); without it, that of `--board`, or no limit.
    #[arg(long, value_name = "UNITS")]
    fuel: Option<u64>,
}

impl Allowed {
    /// Has an app with that manifest so much, of a firmware that is played.
    pub fn set(&self, settings: &mut Settings, firmware: &Firmware, manifest: Manifest<'_>) {
        settings.region = match (self.heap, self.memory) {
            (Some(heap), _) => heap as usize,
            (None, Some(memory)) => firmware.region().max(memory as usize + BESIDE),
            (None, None) => firmware.region(),
        };
        settings.limits = self.limits(firmware, manifest);
        settings.words = firmware.words();
        if self.memory.is_some() {
            // Either may be what it does not fit.
            settings
                .words
                .iter_mut()
                .filter(|(_, option)| *option == "--heap")
                .for_each(|named| named.1 = "--memory, --heap");
        }
    }

    /// The limits of such an app.
    pub fn limits(&self, firmware: &Firmware, manifest: Manifest<'_>) -> Limits {
        let of_firmware = firmware.limits(manifest);
        let own = manifest.number(keys::HEAP.name).map_or(usize::MAX, |own| own as usize);
        let limits = Limits {
            heap: self.heap.map_or(of_firmware.heap, |heap| heap as usize),
            table: self.table.unwrap_or(of_firmware.table),
            handles: self.handles.map_or(of_firmware.handles, |handles| handles as usize),
            value_stack: self.value_stack.unwrap_or(of_firmware.value_stack),
            call_depth: self.call_depth.unwrap_or(of_firmware.call_depth),
            fuel: self.fuel.or_else(|| firmware.fuel()),
            ..of_firmware
        };
        let memory = self.memory.map_or(limits.heap.min(own), |memory| memory as usize);
        Limits { memory, ..limits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{HEAP, OPTIONS};
    use crate::run::Run;
    use clap::Command;

    #[test]
    fn what_limits_an_app_has_an_option() {
        let tool = Run::augment_args(Command::new("run"));
        let has = |option: &str| tool.get_arguments().any(|arg| arg.get_long() == option.strip_prefix("--"));
        for symbol in Limits::SYMBOLS.iter().chain(&["CONFIG_WASM_APP_FUEL"]) {
            let option = OPTIONS.iter().find(|(named, _)| named == symbol).map(|(_, option)| *option);
            assert!(option.is_some_and(has), "{symbol}");
        }
        assert!(OPTIONS.iter().all(|(_, option)| has(option)));
    }

    #[test]
    fn options_come_before_what_there_is() {
        let (firmware, manifest) = (Firmware::read(None).unwrap(), Manifest::new(None));
        let of = |allowed: &Allowed| {
            let mut settings = Settings::new("app");
            allowed.set(&mut settings, &firmware, manifest);
            (settings.region, settings.limits.heap, settings.limits.memory)
        };
        assert_eq!(of(&Allowed::default()), (HEAP, HEAP, HEAP));
        assert_eq!(of(&Allowed { heap: Some(4096), ..Allowed::default() }), (4096, 4096, 4096));
        let large = 4 << 30;
        let (region, _, memory) = of(&Allowed { memory: Some(large as u64), ..Allowed::default() });
        assert!(region > large && memory == large);
    }
}
