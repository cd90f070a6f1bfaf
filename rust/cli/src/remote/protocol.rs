//! The commands of our MCUmgr group, as `src/manage/smp/` has them.

use crate::text::shown;
use mcumgr_toolkit::commands::McuMgrCommand;
use serde::{Deserialize, Serialize};
use std::fmt;

/// CONFIG_WASM_SMP_GROUP.
pub const GROUP: u16 = 66;

/// A command of the group: its number, whether it changes anything, and what it takes.
pub struct Request<P> {
    group: u16,
    id: u8,
    writes: bool,
    payload: P,
}

/// What each command gives.
pub trait Payload: Serialize {
    const ID: u8;
    const WRITES: bool;
    type Response: for<'a> Deserialize<'a>;
}

impl<P: Payload> Request<P> {
    pub fn new(group: u16, payload: P) -> Self {
        Request { group, id: P::ID, writes: P::WRITES, payload }
    }
}

impl<P: Payload> McuMgrCommand for Request<P> {
    type Payload = P;
    type Response = P::Response;

    fn is_write_operation(&self) -> bool {
        self.writes
    }

    fn group_id(&self) -> u16 {
        self.group
    }

    fn command_id(&self) -> u8 {
        self.id
    }

    fn data(&self) -> &P {
        &self.payload
    }
}

/// Tells of one app after the other.
#[derive(Serialize)]
pub struct List {
    pub index: u32,
}

#[derive(Deserialize, Debug, Clone)]
pub struct Listed {
    /// None of a board that has no apps.
    pub name: Option<String>,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub size: u32,
    #[serde(default)]
    pub state: String,
    /// What it does, if it is loaded.
    pub run: Option<String>,
    /// Whether it runs as machine code, if it is loaded. Older boards do not say.
    pub compiled: Option<bool>,
    #[serde(default, with = "serde_bytes")]
    pub hash: Option<Vec<u8>>,
    #[serde(default, with = "serde_bytes")]
    pub key: Option<Vec<u8>>,
    pub free: u32,
    pub end: bool,
}

impl Listed {
    /// Whether the board has it as what is to run of its name, and not to go back to.
    pub fn is_to_run(&self) -> bool {
        self.state == "current" || self.is_on_trial()
    }

    /// Whether it has not shown yet that it lasts.
    pub fn is_on_trial(&self) -> bool {
        self.state == "on trial"
    }

    /// As it is shown.
    pub fn shown(self) -> Self {
        let text = |text: Option<String>| text.as_deref().map(shown);
        Listed {
            name: text(self.name),
            version: shown(&self.version),
            state: shown(&self.state),
            run: text(self.run),
            ..self
        }
    }
}

impl Payload for List {
    const ID: u8 = 0;
    const WRITES: bool = false;
    type Response = Listed;
}

/// Brings a part of an app.
#[derive(Serialize)]
pub struct Upload<'a> {
    pub off: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub len: Option<u32>,
    #[serde(with = "serde_bytes")]
    pub sha: &'a [u8],
    #[serde(with = "serde_bytes")]
    pub data: &'a [u8],
    pub start: bool,
}

/// The most that an upload has besides its data, in bytes: the header, five keys, and what they stand for.
pub const UPLOAD_OVERHEAD: usize = 8 + 5 * 6 + 34 + 3 * 5 + 8;

#[derive(Deserialize, Debug)]
pub struct Uploaded {
    /// How much of the app is there.
    pub off: u32,
    /// Who it is, with its last part.
    pub name: Option<String>,
    pub version: Option<String>,
    pub started: Option<bool>,
    /// Why it was not started.
    pub rsn: Option<String>,
}

impl Payload for Upload<'_> {
    const ID: u8 = 1;
    const WRITES: bool = true;
    type Response = Uploaded;
}

/// Nothing, of commands that only do something.
#[derive(Deserialize, Debug)]
pub struct Done {}

macro_rules! by_name {
    ($($(#[$doc:meta])* $name:ident, $id:literal, $writes:literal, $response:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Serialize)]
            pub struct $name<'a> {
                pub name: &'a str,
            }

            impl Payload for $name<'_> {
                const ID: u8 = $id;
                const WRITES: bool = $writes;
                type Response = $response;
            }
        )*
    };
}

by_name! {
    /// Starts an app.
    Start, 2, true, Done;
    /// Stops an app.
    Stop, 3, true, Done;
    /// Erases an app.
    Erase, 4, true, Done;
    /// Tells what an app uses.
    Info, 5, false, Use;
    /// Tells which version of an app has failed its trial.
    Failure, 10, false, Failed;
    /// Ends the trial of an app.
    Confirm, 7, true, Done;
    /// Goes back to the version before.
    Rollback, 8, true, Done;
}

/// Trusts a key no longer.
#[derive(Serialize)]
pub struct Revoke<'a> {
    #[serde(with = "serde_bytes")]
    pub request: &'a [u8],
}

impl Payload for Revoke<'_> {
    const ID: u8 = 9;
    const WRITES: bool = true;
    type Response = Done;
}

#[derive(Deserialize, Debug)]
pub struct Use {
    state: String,
    message: String,
    heap: u32,
    heap_peak: u32,
    heap_size: u32,
    stack_peak: u32,
    stack_size: u32,
    memory: u32,
    handles: u32,
    restarts: u32,
    compiled: Option<bool>,
}

/// The version that has failed its trial last; nothing, if none has.
#[derive(Deserialize, Debug)]
pub struct Failed {
    pub version: Option<String>,
    #[serde(default)]
    pub message: String,
}

/// What runs of an app, in a word.
pub fn code(compiled: bool) -> &'static str {
    if compiled { "compiled" } else { "interpreted" }
}

impl Use {
    pub fn has_ended(&self) -> bool {
        self.state == "ended"
    }
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "state     {}", shown(&self.state))?;
        if let Some(compiled) = self.compiled {
            writeln!(f, "code      {}", code(compiled))?;
        }
        writeln!(f, "heap      {} bytes now, {} at most, of {}", self.heap, self.heap_peak, self.heap_size)?;
        writeln!(f, "memory    {} bytes as it began", self.memory)?;
        writeln!(f, "stack     {} bytes at most, of {}", self.stack_peak, self.stack_size)?;
        writeln!(f, "handles   {}", self.handles)?;
        write!(f, "restarts  {}", self.restarts)?;
        if !self.message.is_empty() {
            write!(f, "\nlast end  {}", shown(&self.message))?;
        }
        Ok(())
    }
}

/// Gives a part of an app's log.
#[derive(Serialize)]
pub struct Logs<'a> {
    pub name: &'a str,
    pub off: u32,
}

#[derive(Deserialize, Debug)]
pub struct LogPart {
    /// Where the text begins, of all that the app has logged.
    pub off: u32,
    #[serde(with = "serde_bytes")]
    pub text: Vec<u8>,
}

impl Payload for Logs<'_> {
    const ID: u8 = 6;
    const WRITES: bool = false;
    type Response = LogPart;
}
