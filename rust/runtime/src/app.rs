//! What an app is: its code, and its state while it runs.

use crate::Platform;
use crate::abi::{Guest, Handles, HostState};
use crate::limits::{Limiter, Limits};
use crate::link::HostApis;
use crate::manifest::Manifest;
use alloc::boxed::Box;
#[cfg(feature = "compiled")]
use zephyr_wasm_engine::Entry;
use zephyr_wasm_engine::{Error, Hold, Violation};

/// A module's bytes, and why they can be trusted to be valid.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) origin: Origin,
}

#[derive(Clone, Copy)]
pub(crate) enum Origin {
    Untrusted,
    Validated,
    /// The bytes are the outside only.
    #[cfg(feature = "compiled")]
    Compiled(Entry),
}

impl<'a> Code<'a> {
    /// Bytes of any origin. They run only in an image that validates (`CONFIG_WASM_VALIDATE=y`).
    pub fn untrusted(bytes: &'a [u8]) -> Self {
        Code { bytes, origin: Origin::Untrusted }
    }

    /// Bytes that were validated when they were embedded into the image.
    ///
    /// # Safety
    /// `zephyr-wasm pack` of this version has validated exactly these bytes.
    pub unsafe fn validated(bytes: &'a [u8]) -> Self {
        Code { bytes, origin: Origin::Validated }
    }

    /// The outside of a module that was compiled, and the entry of what it was compiled to.
    ///
    /// # Safety
    /// `zephyr-wasm compile` of this version has made both of one module that is valid, and they stay as they are as long as
    /// the app is there.
    #[cfg(feature = "compiled")]
    pub unsafe fn compiled(outside: &'a [u8], entry: Entry) -> Self {
        Code { bytes: outside, origin: Origin::Compiled(entry) }
    }

    pub(crate) fn is_compiled(&self) -> bool {
        match self.origin {
            #[cfg(feature = "compiled")]
            Origin::Compiled(_) => true,
            _ => false,
        }
    }
}

/// The most core arguments of a host function that waits.
#[cfg(feature = "cooperative")]
const ARGUMENTS: usize = 16;

/// The state of a running app: what the engine hands to each host call.
pub struct App<P> {
    /// The place it runs in, which implements the host APIs.
    pub platform: P,
    pub(crate) limiter: Limiter,
    pub(crate) guest: Guest,
    handles: Handles,
    nesting: u8,
    /// How many bytes its own stack has in its memory; 0 if nobody knows.
    pub(crate) own_stack: i32,
    /// Whether its `run` is of another type than `wit/app.wit` has it.
    pub(crate) declares_run: bool,
    exit: Option<i32>,
    /// The core arguments of the call that it waits in.
    #[cfg(feature = "cooperative")]
    pub(crate) arguments: heapless::Vec<i64, ARGUMENTS>,
    manifest: Option<Text>,
}

/// A manifest's text.
pub(crate) enum Text {
    /// Of a file that may be gone once the app is loaded.
    Copied(Box<str>),
    /// Of a compiled app, whose outside stays.
    #[cfg(feature = "compiled")]
    Kept(&'static str),
}

impl Text {
    /// That of a manifest, which is `kept` where it stays.
    pub(crate) fn of(manifest: Manifest<'_>, kept: Option<Manifest<'static>>) -> Option<Self> {
        #[cfg(feature = "compiled")]
        if let Some(manifest) = kept {
            return manifest.text().map(Text::Kept);
        }
        let _ = kept;
        manifest.text().map(|text| Text::Copied(Box::from(text)))
    }
}

impl<P: Platform> Hold for App<P> {
    #[inline]
    fn hold(&mut self) {
        self.platform.begin_call();
    }

    #[inline]
    fn release(&mut self) {
        self.platform.end_call();
    }
}

impl<P: Platform> HostState for App<P> {
    fn guest(&self) -> &Guest {
        &self.guest
    }

    fn handles(&mut self) -> &mut Handles {
        &mut self.handles
    }

    fn nesting(&mut self) -> &mut u8 {
        &mut self.nesting
    }

    fn is_held(&mut self) -> bool {
        self.platform.is_held()
    }

    #[cfg(feature = "cooperative")]
    fn suspends(&mut self) -> bool {
        self.platform.suspends()
    }

    #[cfg(feature = "cooperative")]
    fn suspend(&mut self, arguments: &[i64]) -> Error {
        // There is no way to leave a call that is inside a call of the host's.
        if self.nesting > 0 {
            return Violation::Reentered.error();
        }
        self.arguments = heapless::Vec::from_slice(arguments).unwrap_or_default();
        Violation::Suspended.error()
    }
}

impl<P: Platform> App<P> {
    pub(crate) fn new(platform: P, limits: &Limits, manifest: Option<Text>) -> Self {
        let (limiter, handles) = (Limiter::new(limits), Handles::new(limits.handles));
        App {
            platform,
            limiter,
            guest: Guest::default(),
            handles,
            nesting: 0,
            own_stack: 0,
            declares_run: false,
            exit: None,
            #[cfg(feature = "cooperative")]
            arguments: heapless::Vec::new(),
            manifest,
        }
    }

    /// What the app is granted.
    pub fn manifest(&self) -> Manifest<'_> {
        Manifest::new(self.manifest.as_ref().map(|text| match text {
            Text::Copied(text) => &**text,
            #[cfg(feature = "compiled")]
            Text::Kept(text) => text,
        }))
    }

    /// Whether its manifest lets it own one more resource of this type, of which a setting is the most.
    pub fn may_own(&self, ty: u32, setting: &str) -> bool {
        self.manifest().number(setting).is_none_or(|most| self.handles.owned(ty) < most as usize)
    }

    /// Ends the app as if `run` had returned this: what a host call then fails with.
    pub fn exit(&mut self, code: i32) -> Error {
        self.exit = Some(code);
        Violation::Exited.error()
    }

    /// What it has ended itself with.
    pub(crate) fn exit_code(&self) -> Option<i32> {
        self.exit
    }

    /// Closes what it holds, at its end on its own thread.
    pub(crate) fn stop(&mut self, apis: &HostApis<Self>) {
        self.platform.begin_call();
        apis.close(self);
        self.platform.stopped();
        self.platform.end_call();
    }
}
