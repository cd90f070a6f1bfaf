//! Runs one app on the calling thread, from its bytes to its end.

use crate::abi::{Guest, Handles, HostState, Violation};
use crate::end::{End, Refusal};
use crate::engine;
use crate::limits::{Limiter, Limits};
use crate::link::{self, HostApis};
use crate::message::Message;
use crate::{Platform, check, unchecked};
use wasmi::errors::ErrorKind;
use wasmi::{Engine, Error, Instance, Module, Store, TypedFunc};

/// The name of an app's main function, as `wit/app.wit` has it.
const RUN: &str = "run";

/// A module's bytes, and why they can be trusted to be valid.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    bytes: &'a [u8],
    validated: bool,
}

impl<'a> Code<'a> {
    /// Bytes of any origin. They run only in an image that validates (`CONFIG_WASM_VALIDATE=y`).
    pub fn untrusted(bytes: &'a [u8]) -> Self {
        Code { bytes, validated: false }
    }

    /// Bytes that were validated when they were embedded into the image.
    ///
    /// # Safety
    /// `zephyr-wasm pack` of this version has validated exactly these bytes.
    pub unsafe fn validated(bytes: &'a [u8]) -> Self {
        Code { bytes, validated: true }
    }
}

/// The state of a running app: what the engine hands to each host call.
pub struct App<P> {
    /// The place it runs in, which implements the host APIs.
    pub platform: P,
    pub(crate) limiter: Limiter,
    guest: Guest,
    handles: Handles,
}

impl<P: Platform> HostState for App<P> {
    fn guest(&self) -> &Guest {
        &self.guest
    }

    fn handles(&mut self) -> &mut Handles {
        &mut self.handles
    }
}

/// Runs one app to its end. `message` has the end in words.
///
/// An allocation that does not fit the app's region, a panic, or a kill end the thread, and so do not return.
pub fn run<P: Platform>(
    code: Code<'_>,
    limits: &Limits,
    apis: &HostApis<App<P>>,
    platform: P,
    message: &mut Message,
) -> End {
    let end = match start(code, limits, apis, platform, message) {
        Ok((mut store, run)) => {
            store.data().platform.started(store.data().guest.memory_size(&store));
            #[cfg(feature = "slices")]
            let returned = crate::slices::call(&mut store, run, limits);
            #[cfg(not(feature = "slices"))]
            let returned = run.call(&mut store, ());
            match returned {
                Ok(value) => End::Returned(value),
                Err(error) => end_of(&error),
            }
        }
        Err(end) => end,
    };
    end.describe(message);
    end
}

type Started<P> = (Store<App<P>>, TypedFunc<(), i32>);

fn start<P: Platform>(
    code: Code<'_>,
    limits: &Limits,
    apis: &HostApis<App<P>>,
    platform: P,
    message: &mut Message,
) -> Result<Started<P>, End> {
    check::outside(code.bytes, message).map_err(End::Refused)?;
    let engine = engine::engine(limits);
    let module = translate(&engine, code, message).map_err(End::Refused)?;

    let limiter = Limiter::new(limits);
    let app = App { platform, limiter, guest: Guest::default(), handles: Handles::new(limits.handles) };
    let mut store = Store::new(&engine, app);
    store.limiter(|app| app);
    if let Some(fuel) = limits.fuel {
        // Fails only with fuel off in the engine, and it is on.
        let _ = store.set_fuel(fuel);
    }
    let externs = link::imports(&module, &mut store, apis, message).map_err(End::Refused)?;
    let instance = Instance::new(&mut store, &module, &externs)
        .map_err(|error| instantiation(&error, &store, message))?;
    drop(externs);
    store.data_mut().guest = Guest::of(&store, &instance);
    let run = instance.get_typed_func(&store, RUN).map_err(|_| {
        message.text("does not export `run: func() -> s32`, as the world `zephyr:app/app` has it");
        End::Refused(Refusal::NoRun)
    })?;
    Ok((store, run))
}

#[cfg_attr(not(feature = "validate"), allow(unused_variables))]
fn translate(engine: &Engine, code: Code<'_>, message: &mut Message) -> Result<Module, Refusal> {
    let module = if code.validated {
        // SAFETY: the maker of this `Code` promised that the build validated these bytes.
        unsafe { unchecked::validated_module(engine, code.bytes) }
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
    module.map_err(|_| {
        message
            .text("malformed, invalid, or uses a proposal that this engine lacks: see `zephyr-wasm check`");
        Refusal::Invalid
    })
}

/// Instantiation fails for want of memory, or because a data or element segment does not fit.
fn instantiation<P>(error: &Error, store: &Store<App<P>>, message: &mut Message) -> End {
    if error.as_trap_code().is_some() {
        return end_of(error);
    }
    let asked = store.data().limiter.asked;
    message.text("asks for ").number(asked as u64);
    message.text(" bytes of memory or tables, which do not fit its region: raise CONFIG_WASM_APP_HEAP_SIZE");
    End::Refused(Refusal::Memory)
}

fn end_of(error: &Error) -> End {
    if let Some(code) = error.as_trap_code() {
        return End::Trapped(code);
    }
    match error.kind() {
        ErrorKind::Host(_) => End::Violated(error.downcast_ref().copied().unwrap_or(Violation::Pointer)),
        // A function that is translated on its first call turned out to be invalid.
        _ => End::Refused(Refusal::Invalid),
    }
}
