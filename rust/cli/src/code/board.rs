//! Which code of a file a firmware runs.

use crate::fits::Firmware;
use crate::pack::SIGNATURE;
use anyhow::{Result, bail};
use zephyr_wasm_code::{Board, Code, Target, Unfit, choose, codes};
use zephyr_wasm_engine::ABI;
use zephyr_wasm_runtime::check::custom_section;

/// What of CONFIG_WASM_COMPILED_STACK_MARGIN is for the way out of an app's call: as `zephyr_wasm_compiled_frame` of
/// `cmake/compiled.cmake` has it.
const WAY_OUT: [(&str, usize); 2] = [("CONFIG_64BIT", 640), ("CONFIG_FPU", 512)];
const USUAL_WAY_OUT: usize = 384;

const INTERPRETS_NOTHING: &str = "this firmware interprets nothing";

/// Says what a firmware makes of the code in an app's file; nothing, if there is none.
///
/// # Errors
/// That it refuses the app: it runs none of its code, and does not interpret any app.
pub fn on_board(app: &[u8], firmware: &Firmware) -> Result<Option<String>> {
    let interprets = firmware.has("CONFIG_WASM_INTERPRETER");
    if codes(app).next().is_none() {
        if interprets || !firmware.has("CONFIG_WASM_STORE") {
            return Ok(None);
        }
        // What is signed is for a store. What is not may become a part of the firmware.
        if custom_section(app, SIGNATURE).is_some() {
            bail!("{INTERPRETS_NOTHING}, and it {}", Unfit::None);
        }
        return Ok(Some(format!("this firmware's build compiles it; for its store, it {}", Unfit::None)));
    }
    if !firmware.has("CONFIG_WASM_COMPILED_STORE") {
        return Ok(Some(runs_no_code(interprets)));
    }
    match chosen(app, firmware)? {
        Ok(code) => Ok(Some(format!(
            "this firmware runs its code for {}, if one of CONFIG_WASM_COMPILED_KEYS signs it",
            code.header.target.name()
        ))),
        Err(unfit) if interprets => Ok(Some(format!("this firmware interprets it, as it {unfit}"))),
        Err(unfit) => bail!("{INTERPRETS_NOTHING}, and it {unfit}"),
    }
}

/// The code that a firmware with CONFIG_WASM_COMPILED_STORE runs of a file, or why it runs none.
fn chosen<'a>(app: &'a [u8], firmware: &Firmware) -> Result<Result<Code<'a>, Unfit>> {
    let named = firmware.value("CONFIG_WASM_COMPILED_TARGET").unwrap_or_default().trim_matches('"');
    let Some(target) = Target::of_name(named) else {
        bail!("no code is made for this firmware's processor: CONFIG_WASM_COMPILED_TARGET is {named:?}");
    };
    let margin = firmware.number("CONFIG_WASM_COMPILED_STACK_MARGIN").unwrap_or_default();
    let is_there = |symbol: &str| {
        firmware.has(symbol) && (symbol == "CONFIG_64BIT" || firmware.has("CONFIG_CPU_CORTEX_M"))
    };
    let way_out =
        WAY_OUT.iter().find(|(symbol, _)| is_there(symbol)).map_or(USUAL_WAY_OUT, |(_, bytes)| *bytes);
    let board = Board {
        target,
        abi: ABI,
        frame: margin.saturating_sub(way_out) as u32,
        unaligned: firmware.has("CONFIG_WASM_RISCV_UNALIGNED_ACCESS"),
    };
    Ok(choose(app, &board))
}

/// Why a firmware has to run the machine code of an app or refuse the app, if it has to: there is nothing that interprets, or
/// nothing to interpret.
pub fn why_it_has_to_run(is_stripped: bool, firmware: &Firmware) -> Option<&'static str> {
    if !firmware.has("CONFIG_WASM_INTERPRETER") {
        return Some(INTERPRETS_NOTHING);
    }
    is_stripped.then_some("it has no WebAssembly code (`zephyr-wasm sign --strip`)")
}

/// Refuses an app that is to be in the store of a firmware which has to run its machine code, if it runs none of it.
///
/// # Errors
/// Why it does not.
pub fn refuse_in_store(app: &[u8], firmware: &Firmware, why: &str) -> Result<()> {
    if !firmware.has("CONFIG_WASM_COMPILED_STORE") {
        bail!("{why}, and {}", runs_no_code(false));
    }
    match chosen(app, firmware)? {
        Ok(_) => Ok(()),
        Err(unfit) => bail!("{why}, and it {unfit}"),
    }
}

fn runs_no_code(interprets: bool) -> String {
    let does = if interprets { "it interprets the app" } else { "its store does not take the app" };
    format!("its code is not for this firmware: CONFIG_WASM_COMPILED_STORE is not set, so {does}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_the_build_has_them() {
        let cmake = include_str!("../../../../cmake/compiled.cmake");
        let (_, function) = cmake.split_once("function(zephyr_wasm_compiled_frame").unwrap();
        let (function, _) = function.split_once("endfunction()").unwrap();
        let ways = WAY_OUT.iter().map(|(_, bytes)| *bytes).chain([USUAL_WAY_OUT]);
        let expected: Vec<_> = ways.map(|bytes| format!("set(way_out {bytes})")).collect();
        let set: Vec<_> =
            function.lines().map(str::trim).filter(|line| line.starts_with("set(way_out")).collect();
        assert_eq!(set, expected);
        assert!(function.contains("CONFIG_WASM_COMPILED_STACK_MARGIN} - ${way_out}"));
    }
}
