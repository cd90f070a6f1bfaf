//! Apps that share a thread: each runs until it waits in a host call, and goes on when that call may.
//!
//! Such a call ends with an error that leaves the app, and the engine keeps where it was. To go on, the call is made
//! again, with the same arguments; what it returns then is what the app sees. So a host call that may wait changes
//! nothing before it does.

use crate::end::End;
use crate::instance::{Job, RUN, refuse_run};
use crate::link::HostApis;
use crate::loaded::Instance;
use crate::message::Message;
use crate::remains::Autopsy;
use crate::{App, Platform};
use alloc::boxed::Box;
use alloc::vec::Vec;
use zephyr_wasm_engine::resume::{self, Failed, Progress};
use zephyr_wasm_engine::{Error, Function, TrapCode, Value, Violation};

/// An app that shares its thread.
pub struct Member<P: Platform> {
    app: Instance<P>,
    state: State,
}

enum State {
    /// What to call first.
    New(Function),
    /// Where it waits.
    Waiting(Failed),
    Over,
}

impl<P: Platform> Member<P> {
    /// Loads and links an app, and runs nothing of it.
    ///
    /// # Errors
    /// Why it is refused; `message` has it in words.
    pub fn new(job: &Job<'_, P>, platform: P, message: &mut Message) -> Result<Box<Self>, End> {
        let loaded = Instance::new(job, platform, message);
        P::loaded();
        let app = loaded.inspect_err(|end| end.describe(message))?;
        let run = app.instance.typed::<_, (), i32>(&app.store, RUN);
        let Some(run) = run.filter(|_| !app.store.data().declares_run) else {
            return Err(refuse_run(message));
        };
        let state = State::New(run.untyped());
        let mut member = Box::new(Member { app, state });
        // It stays where it is from here on.
        member.app.begin();
        Ok(member)
    }

    /// Runs the app until it waits, or to its end.
    pub fn step(
        &mut self,
        apis: &HostApis<App<P>>,
        autopsy: Option<&Autopsy<P>>,
        message: &mut Message,
    ) -> Option<End> {
        let mut result = [Value::I32(0)];
        let end = match self.advance(&mut result) {
            Ok(Progress::Returned) => End::Returned(result[0].i32().unwrap_or_default()),
            Ok(Progress::Failed(call)) if call.error() == SUSPENDED => {
                self.state = State::Waiting(call);
                return None;
            }
            Ok(Progress::Failed(call)) => End::of(call.error()),
            Ok(Progress::OutOfFuel(_)) => End::Trapped(TrapCode::OutOfFuel),
            Err(Stop::Waits) => return None,
            Err(Stop::Ended(error)) => End::of(error),
        };
        Some(self.app.finish(end, apis, autopsy, message))
    }

    fn advance(&mut self, result: &mut [Value]) -> Result<Progress, Stop> {
        match core::mem::replace(&mut self.state, State::Over) {
            State::New(run) => Ok(resume::begin(&mut self.app.store, run, &[], result)?),
            State::Waiting(call) => {
                let returned = match self.call_again(call.function()) {
                    Err(SUSPENDED) => {
                        self.state = State::Waiting(call);
                        return Err(Stop::Waits);
                    }
                    returned => returned?,
                };
                Ok(call.resume(&mut self.app.store, &returned, result)?)
            }
            State::Over => Err(Stop::Waits),
        }
    }

    /// Makes the call again that the app waits in.
    fn call_again(&mut self, function: Function) -> Result<Vec<Value>, Error> {
        let ty = function.ty(&self.app.store);
        let arguments = &self.app.store.data().arguments;
        let inputs: Vec<Value> =
            ty.params().zip(arguments).map(|(ty, bits)| Value::of_bits(ty, *bits as u64)).collect();
        let mut outputs: Vec<Value> = ty.results().map(|ty| Value::of_bits(ty, 0)).collect();
        function.call(self.app.store.context(), &inputs, &mut outputs)?;
        Ok(outputs)
    }
}

/// What a call of the host fails with that has to wait.
const SUSPENDED: Error = Error::violation(Violation::Suspended);

/// Why an app does not run on.
enum Stop {
    Waits,
    Ended(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Ended(error)
    }
}
