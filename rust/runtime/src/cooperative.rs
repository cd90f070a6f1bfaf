//! Apps that share a thread: each runs until it waits in a host call, and goes on when that call may.
//!
//! Such a call ends with an error that leaves the app, and the engine keeps where it was. To go on, the call is made
//! again, with the same arguments; what it returns then is what the app sees. So a host call that may wait changes
//! nothing before it does.

use crate::abi::Violation;
use crate::call::declares_run;
use crate::end::End;
use crate::instance::{Instance, Job, RUN, end_of, refuse_run};
use crate::link::HostApis;
use crate::message::Message;
use crate::remains::Autopsy;
use crate::{App, Platform};
use alloc::boxed::Box;
use alloc::vec::Vec;
use wasmi::{Error, Func, ResumableCall, ResumableCallHostTrap, Val, ValType};

/// An app that shares its thread.
pub struct Member<P: Platform> {
    app: Instance<P>,
    state: State,
}

enum State {
    /// What to call first.
    New(Func),
    /// Where it waits.
    Waiting(ResumableCallHostTrap),
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
        let run = app.instance.get_typed_func::<(), i32>(&app.store, RUN).ok();
        let Some(run) = run.filter(|_| !declares_run(job.code.bytes)) else {
            return Err(refuse_run(message));
        };
        let state = State::New(*run.func());
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
        let mut result = [Val::I32(0)];
        let end = match self.advance(&mut result) {
            Ok(ResumableCall::Finished) => End::Returned(result[0].i32().unwrap_or_default()),
            Ok(ResumableCall::HostTrap(trap)) if is_suspended(trap.host_error()) => {
                self.state = State::Waiting(trap);
                return None;
            }
            Ok(ResumableCall::HostTrap(trap)) => end_of(trap.host_error()),
            Ok(ResumableCall::OutOfFuel(_)) => End::Trapped(wasmi::TrapCode::OutOfFuel),
            Err(Stop::Waits) => return None,
            Err(Stop::Ended(error)) => end_of(&error),
        };
        Some(self.app.finish(end, apis, autopsy, message))
    }

    fn advance(&mut self, result: &mut [Val]) -> Result<ResumableCall, Stop> {
        match core::mem::replace(&mut self.state, State::Over) {
            State::New(run) => Ok(run.call_resumable(&mut self.app.store, &[], result)?),
            State::Waiting(call) => {
                let returned = match self.call_again(call.host_func()) {
                    Err(error) if is_suspended(&error) => {
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
    fn call_again(&mut self, function: Func) -> Result<Vec<Val>, Error> {
        let ty = function.ty(&self.app.store);
        let arguments = &self.app.store.data().arguments;
        let inputs: Vec<Val> =
            ty.params().iter().zip(arguments).map(|(ty, bits)| value(*ty, *bits)).collect();
        let mut outputs: Vec<Val> = ty.results().iter().map(|ty| value(*ty, 0)).collect();
        function.call(&mut self.app.store, &inputs, &mut outputs)?;
        Ok(outputs)
    }
}

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

fn is_suspended(error: &Error) -> bool {
    matches!(error.downcast_ref::<Violation>(), Some(Violation::Suspended))
}

/// A core value of its bits.
fn value(ty: ValType, bits: i64) -> Val {
    match ty {
        ValType::I64 => Val::I64(bits),
        ValType::F32 => Val::F32(wasmi::F32::from_bits(bits as u32)),
        ValType::F64 => Val::F64(wasmi::F64::from_bits(bits as u64)),
        _ => Val::I32(bits as i32),
    }
}
