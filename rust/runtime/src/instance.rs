//! Runs one app on the calling thread, from its bytes to its end.

use crate::abi::Guest;
use crate::app::{App, Code, Origin, Text};
use crate::call::{Call, Calls, EXPORTS, declares_run};
use crate::command::Commands;
use crate::end::{End, Refusal};
use crate::limits::{self, Limits};
use crate::link::{self, HostApis, SHAPES};
use crate::loaded::Instance;
use crate::manifest::{MANIFEST, Manifest};
use crate::message::Message;
#[cfg(feature = "validate")]
use crate::panicked;
use crate::remains::Autopsy;
#[cfg(feature = "validate")]
use crate::wrong::describe;
use crate::{Platform, check};
use alloc::boxed::Box;
use alloc::string::String;
#[cfg(feature = "interpreter")]
use zephyr_wasm_engine::Settings;
#[cfg(feature = "slices")]
use zephyr_wasm_engine::Value;
use zephyr_wasm_engine::{Engine, Imports, Module, NoInstance, Store, TrapCode, Violation};
#[cfg(feature = "validate")]
use zephyr_wasm_engine::{
    Import,
    wrong::{Wrong, wrong},
};

/// The name of an app's main function, as `wit/app.wit` has it.
pub const RUN: &str = "run";

/// What `zephyr-wasm pack` exports the pointer of an app's own stack as: it begins at the stack's size, and what
/// overflows is below 0.
pub const STACK_POINTER: &str = "__stack_pointer";

/// How far beyond its pointer a function that calls no other uses the stack.
const RED_ZONE: i32 = 128;

/// What gives an app more stack.
const STACK_OF_ENGINE: &str = ": `call-depth` or `value-stack` in its manifest, CONFIG_WASM_APP_CALL_DEPTH or CONFIG_WASM_APP_VALUE_STACK_SIZE";
const STACK_OF_THREAD: &str = ": CONFIG_WASM_APP_STACK_SIZE";

/// What gives an app more fuel.
const FUEL: &str = ": CONFIG_WASM_APP_FUEL";

/// What to run.
pub struct Job<'a, P: Platform> {
    /// The app.
    pub code: Code<'a>,
    /// What it may use.
    pub limits: &'a Limits,
    /// What it may import.
    pub apis: &'a HostApis<App<P>>,
    /// The exported function to call in place of `run`, and its arguments as text.
    pub call: Option<(&'a str, &'a str)>,
    /// How to call any function but `run`, if the image has that.
    pub calls: Option<&'a Calls<'a, P>>,
    /// How to run a program that is made for WASI, if the image has that.
    pub commands: Option<&'a Commands<P>>,
    /// What looks at what is left of it, if the image has that.
    pub autopsy: Option<&'a Autopsy<P>>,
    /// Only load and link it, and run nothing.
    pub check: bool,
}

/// Runs one app to its end. `message` has the end in words, and `result` that of the function that was called, as text.
///
/// An allocation that does not fit the app's region, a panic, or a kill end the thread, and so do not return.
pub fn run<P: Platform>(job: &Job<'_, P>, platform: P, result: &mut String, message: &mut Message) -> End {
    let mut loaded = Instance::new(job, platform, message);
    P::loaded();
    if job.check && matches!(loaded, Ok(_) | Err(End::Returned(0))) {
        message.text("can run here");
        return End::Returned(0);
    }
    // Where it may stay, it is not moved.
    if P::STACKS_STAY {
        return match &mut loaded {
            Ok(loaded) => loaded.live(job, result, message),
            Err(end) => refused(*end, message),
        };
    }
    match loaded {
        Ok(loaded) => {
            let mut loaded = Box::new(loaded);
            loaded.live(job, result, message)
        }
        Err(end) => refused(end, message),
    }
}

/// Says an end in words that has come before there was an app.
fn refused(end: End, message: &mut Message) -> End {
    end.describe(message);
    end
}

/// The custom sections of an app that are looked at as it is loaded.
#[derive(Clone, Copy)]
struct Custom<'a> {
    manifest: Manifest<'a>,
    shapes: Option<&'a [u8]>,
    exports: Option<&'a [u8]>,
}

impl<'a> Custom<'a> {
    fn of(module: &'a [u8]) -> Self {
        let [manifest, shapes, exports] = check::custom_sections(module, &[MANIFEST, SHAPES, EXPORTS]);
        Custom { manifest: Manifest::of_section(manifest), shapes, exports }
    }
}

impl<P: Platform> Instance<P> {
    /// Loads and links an app.
    ///
    /// # Errors
    /// Why it is refused, or how instantiation ended it; `message` has it in words. A compiled app that is only checked has
    /// returned 0.
    // Not a part of who runs it: what is on the stack here is not there as the app runs.
    #[inline(never)]
    pub fn new(job: &Job<'_, P>, platform: P, message: &mut Message) -> Result<Self, End> {
        let code = job.code;
        let compiled = compiled(code, message).map_err(End::Refused)?;
        let outside = compiled.as_ref().and_then(Module::outside);
        // What the build has made is whole.
        if cfg!(feature = "interpreter") && outside.is_none() {
            check::outside(code.bytes, job.limits.exports, message).map_err(End::Refused)?;
            if !check::has_code(code.bytes) {
                message.text("has machine code only (`zephyr-wasm sign --strip`), and none runs here");
                return Err(End::Refused(Refusal::Code));
            }
        }
        let kept = outside.map(Custom::of);
        let Custom { manifest, shapes, exports } = kept.unwrap_or_else(|| Custom::of(code.bytes));
        let mut limits = if code.is_compiled() { job.limits.of_compiled() } else { *job.limits };
        limits::narrow(&mut limits, manifest, message).map_err(End::Refused)?;
        let limits = &limits;
        let engine = engine_of(code, limits);
        let module = match compiled {
            Some(module) => module,
            None => taken(&engine, code, message).map_err(End::Refused)?,
        };

        let text = Text::of(manifest, kept.map(|kept| kept.manifest));
        let mut store = Store::new(&engine, App::new(platform, limits, text));
        store.data_mut().declares_run = declares_run(exports);
        if limits.count_fuel() {
            store.set_fuel(limits.fuel.unwrap_or(u64::MAX));
        }
        let functions = Imports::of(&mut store, &module).map_err(|why| no_instance(why, &store, message))?;
        let wanted = link::Wanted { module: &module, shapes, manifest };
        let functions = wanted.imports(functions, &mut store, job.apis, message).map_err(End::Refused)?;
        // Nothing of its code runs to be checked, not even what makes the instance.
        if job.check && code.is_compiled() {
            return Err(End::Returned(0));
        }
        let instance = zephyr_wasm_engine::Instance::new(&mut store, &module, functions)
            .map_err(|why| no_instance(why, &store, message))?;
        store.data_mut().guest = Guest::of(&store, instance);
        let mut loaded = Instance { store, instance };
        if cfg!(feature = "validate") {
            loaded.store.data_mut().own_stack = loaded.stack_pointer();
        }
        Ok(loaded)
    }

    /// Runs it where it is, which the platform keeps: from here on, it must not move.
    fn live(&mut self, job: &Job<'_, P>, result: &mut String, message: &mut Message) -> End {
        self.begin();
        let end = self.enter(job, result, message);
        let end = self.finish(end, job.apis, job.autopsy, message);
        if !result.is_empty() {
            message.text(" ").text(result);
        }
        end
    }

    /// Closes what the app holds that has come to its end, and says it in words.
    pub(crate) fn finish(
        &mut self,
        end: End,
        apis: &HostApis<App<P>>,
        autopsy: Option<&Autopsy<P>>,
        message: &mut Message,
    ) -> End {
        let end = match (end, self.store.data().exit_code()) {
            (End::Violated(Violation::Exited), Some(code)) => End::Returned(code),
            _ => end,
        };
        self.store.data_mut().stop(apis);
        end.describe(message);
        if end == End::Trapped(TrapCode::StackOverflow) {
            if self.store.is_compiled() {
                message.text(STACK_OF_THREAD);
            } else if cfg!(feature = "validate") {
                // Not where flash is short.
                message.text(STACK_OF_ENGINE);
            }
        }
        // Likewise.
        if cfg!(feature = "validate") && end == End::Trapped(TrapCode::OutOfFuel) {
            message.text(FUEL);
        }
        if let Some(autopsy) = autopsy {
            (autopsy.look)(self, end, message);
        }
        let refused = self.store.data().limiter.refused;
        // Likewise.
        if cfg!(feature = "validate") && refused != 0 && matches!(end, End::Trapped(_)) {
            message.text("; its memory could not grow to ").number(refused as u64);
            message.text(" bytes (heap, memory, CONFIG_WASM_APP_HEAP_SIZE)");
        }
        if cfg!(feature = "validate") && end == End::Trapped(TrapCode::MemoryOutOfBounds) {
            self.tell_full_stack(message);
        }
        #[cfg(feature = "validate")]
        if end == End::Trapped(TrapCode::UnreachableCodeReached)
            && let Some(panic) = self.global(panicked::PANIC)
        {
            panicked::tell(self.memory(), panic as u32, message);
        }
        end
    }

    /// Says that the app's own stack is full, if it is.
    fn tell_full_stack(&self, message: &mut Message) {
        let size = self.store.data().own_stack;
        if size > 0 && self.stack_pointer() < RED_ZONE {
            message.text("; its own stack of ").number(size as u64);
            message.text(" bytes is full: STACK_SIZE of zephyr_wasm_app(), -z stack-size");
        }
    }

    /// The pointer of the app's own stack; 0 if nobody knows.
    fn stack_pointer(&self) -> i32 {
        self.global(STACK_POINTER).unwrap_or_default()
    }

    /// Tells the platform that the app runs from here on.
    pub(crate) fn begin(&mut self) {
        let app: *mut Self = self;
        self.store.data().platform.started(app);
    }

    /// Calls `run`, or what the job calls in its place, and writes its result as text: how it ended.
    fn enter(&mut self, job: &Job<'_, P>, result: &mut String, message: &mut Message) -> End {
        if let Some((function, arguments)) = job.call {
            return self.call(job, function, arguments, result, message);
        }
        // A pointer or a bool is an `i32`, too.
        if self.store.data().declares_run {
            return self.run_of_other_type(job, result, message);
        }
        let Some(run) = self.instance.typed::<_, (), i32>(&self.store, RUN) else {
            if let Some(end) = job.commands.and_then(|commands| (commands.start)(self, job.limits)) {
                return end;
            }
            return self.run_of_other_type(job, result, message);
        };
        #[cfg(feature = "slices")]
        let returned = {
            let mut results = [Value::I32(0)];
            crate::sliced::call(&mut self.store, run.untyped(), &[], &mut results, job.limits)
                .map(|()| results[0].i32().unwrap_or_default())
        };
        #[cfg(not(feature = "slices"))]
        let returned = run.call(self.store.context(), ());
        match returned {
            Ok(value) => End::Returned(value),
            Err(error) => End::of(error),
        }
    }

    /// Calls a `run` that its world declares otherwise than `wit/app.wit` does, if it needs no arguments.
    fn run_of_other_type(&mut self, job: &Job<'_, P>, result: &mut String, message: &mut Message) -> End {
        if job.calls.is_some() && self.store.data().declares_run {
            let end = self.call(job, RUN, "", result, message);
            // What `result` has for an error.
            let failed = result == "err" || result.starts_with("err(");
            return if failed && end.is_success() { End::Returned(1) } else { end };
        }
        let end = refuse_run(message);
        match job.calls {
            Some(calls) => (calls.caller.list_functions)(self, message),
            None => _ = message.text("; for a run of another type, set CONFIG_WASM_CALL=y"),
        }
        end
    }

    /// Calls an export by its name, with its arguments and result as text.
    fn call(
        &mut self,
        job: &Job<'_, P>,
        function: &str,
        arguments: &str,
        result: &mut String,
        message: &mut Message,
    ) -> End {
        let Some(Calls { caller, floats }) = job.calls else {
            message.text("this image calls no function but `run`: set CONFIG_WASM_CALL=y");
            return End::Refused(Refusal::NoFunction);
        };
        let call = Call { module: job.code.bytes, function, arguments, limits: job.limits, floats: *floats };
        (caller.call)(&call, self, result, message)
    }
}

/// What runs an app.
fn engine_of(code: Code<'_>, limits: &Limits) -> Engine {
    match code.origin {
        #[cfg(feature = "compiled")]
        Origin::Compiled(_) => Engine::compiled(),
        #[cfg(feature = "interpreter")]
        _ => Engine::new(&settings(limits)),
        #[cfg(not(feature = "interpreter"))]
        Origin::Untrusted | Origin::Validated => {
            let _ = limits;
            Engine::compiled()
        }
    }
}

/// What the interpreter needs to know of an app's limits.
#[cfg(feature = "interpreter")]
fn settings(limits: &Limits) -> Settings {
    Settings {
        value_stack: limits.value_stack,
        call_depth: limits.call_depth,
        count_fuel: limits.count_fuel(),
    }
}

/// Refuses an app that has no `run` that could be called.
pub(crate) fn refuse_run(message: &mut Message) -> End {
    message.text("does not export `run: func() -> s32`, as the world `zephyr:app/app` has it");
    End::Refused(Refusal::NoRun)
}

/// A module that the build has compiled, if it is one.
fn compiled(code: Code<'_>, message: &mut Message) -> Result<Option<Module>, Refusal> {
    match code.origin {
        #[cfg(feature = "compiled")]
        Origin::Compiled(entry) => {
            // SAFETY: the maker of this `Code` promised that both are of one module, and stay.
            unsafe { Module::compiled(code.bytes, entry) }.map(Some).map_err(|_| {
                message.text("compiled for another version of the runtime");
                Refusal::Version
            })
        }
        _ => {
            let _ = message;
            Ok(None)
        }
    }
}

/// Any other module that the engine takes.
fn taken(engine: &Engine, code: Code<'_>, message: &mut Message) -> Result<Module, Refusal> {
    #[cfg(feature = "interpreter")]
    return translate(engine, code, message);
    #[cfg(not(feature = "interpreter"))]
    {
        let _ = (engine, code);
        message.text("not compiled, and this image interprets nothing: set CONFIG_WASM_INTERPRETER=y");
        Err(Refusal::Unvalidated)
    }
}

#[cfg(feature = "interpreter")]
#[cfg_attr(not(feature = "validate"), allow(unused_variables))]
fn translate(engine: &Engine, code: Code<'_>, message: &mut Message) -> Result<Module, Refusal> {
    let is_validated = matches!(code.origin, Origin::Validated);
    let module = if is_validated {
        // SAFETY: the maker of this `Code` promised that the build validated these bytes.
        unsafe { Module::of_validated(engine, code.bytes) }
    } else {
        #[cfg(not(feature = "validate"))]
        {
            message.text(
                "not validated by the build, and this image cannot validate: set CONFIG_WASM_VALIDATE=y",
            );
            return Err(Refusal::Unvalidated);
        }
        #[cfg(feature = "validate")]
        Module::new(engine, code.bytes)
    };
    let module = module.map_err(|_| {
        message
            .text("malformed, invalid, or uses a proposal that this engine lacks: see `zephyr-wasm check`");
        Refusal::Invalid
    })?;
    // What is validated already has been through `pack` or `sign`, which mend this or refuse it.
    #[cfg(feature = "validate")]
    if !is_validated {
        refuse_wrong(&module, code.bytes, message)?;
    }
    Ok(module)
}

/// Refuses a valid module that the engine would compute wrongly.
#[cfg(feature = "validate")]
fn refuse_wrong(module: &Module, bytes: &[u8], message: &mut Message) -> Result<(), Refusal> {
    match wrong(bytes) {
        Some(found) if found == Default::default() => return Ok(()),
        Some(Wrong { block: Some(block), .. }) => {
            let imports = module.imports().filter(Import::is_function).count();
            describe(&block, imports, message);
        }
        _ => {
            message.text("has a `select` that this engine computes wrongly: `zephyr-wasm pack` mends it");
        }
    }
    Err(Refusal::Invalid)
}

/// Instantiation fails for want of memory, or because a data or element segment does not fit.
fn no_instance<P: Platform>(why: NoInstance, store: &Store<App<P>>, message: &mut Message) -> End {
    match why {
        NoInstance::Trap(error) => return End::of(error),
        NoInstance::ElementSegment => {
            message.text("an element segment does not fit its table");
            return End::Refused(Refusal::Invalid);
        }
        NoInstance::Memory => {}
    }
    let limiter = &store.data().limiter;
    message.text("asks for ").number(limiter.asked as u64);
    // Where flash is short, it is not said which.
    message.text(if cfg!(feature = "validate") && limiter.refused_table {
        " bytes of memory or tables: `table` in its manifest, CONFIG_WASM_APP_TABLE_SIZE"
    } else {
        " bytes of memory or tables, more than its manifest or CONFIG_WASM_APP_HEAP_SIZE has"
    });
    End::Refused(Refusal::Memory)
}
