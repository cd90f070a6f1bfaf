//! What is left of an app that ended badly, for whoever wants to know why: where it was, and its memory.
//!
//! The engine says which rule was broken, and not where. An app that `zephyr-wasm pack --trace` has prepared writes down
//! itself where it is.

use crate::Platform;
use crate::end::End;
use crate::loaded::Instance;
use crate::message::Message;

/// The exported global in which a traced app keeps where it is: the place of the next instruction that may end it in the
/// file that was packed, counted in bytes; 0 before the first.
pub const PLACE: &str = "zephyr-wasm:place";

/// What is left of an app.
pub struct Remains<'a> {
    /// Where it was ([`PLACE`]); 0 if nobody knows.
    pub place: u32,
    /// Its linear memory.
    pub memory: &'a [u8],
}

impl<'a> Remains<'a> {
    /// What is left of an app.
    pub fn of<P: Platform>(app: &'a Instance<P>) -> Self {
        let place = app.instance.place(&app.store);
        let place = place.unwrap_or_else(|| app.global(PLACE).unwrap_or(0).cast_unsigned());
        Remains { place, memory: app.memory() }
    }

    /// Adds to an end in words where it was, if that is known.
    pub fn describe(&self, message: &mut Message) {
        if self.place != 0 {
            message.text(" at 0x").hex(self.place);
        }
    }
}

/// What looks at an app after its end, behind a pointer, so that an image that does not want to know leaves it out.
pub struct Autopsy<P: Platform> {
    pub(crate) look: fn(&Instance<P>, End, &mut Message),
}

impl<P: Platform> Default for Autopsy<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Platform> Autopsy<P> {
    /// The only one.
    pub const fn new() -> Self {
        Autopsy { look }
    }
}

fn look<P: Platform>(app: &Instance<P>, end: End, message: &mut Message) {
    if matches!(end, End::Trapped(_) | End::Violated(_)) {
        let remains = Remains::of(app);
        remains.describe(message);
        app.store.data().platform.remains(&remains);
    }
}
