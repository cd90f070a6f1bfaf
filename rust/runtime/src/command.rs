//! Programs: modules that begin in `_start`, as those do that are made for WASI.

use crate::Platform;
use crate::end::End;
use crate::limits::Limits;
use crate::loaded::Instance;

/// The name of a program's main function.
pub const START: &str = "_start";

/// What runs programs, behind a pointer, so that an image without WASI leaves it out.
pub struct Commands<P: Platform> {
    /// Runs a program to its end; none if the module is none.
    pub(crate) start: fn(&mut Instance<P>, &Limits) -> Option<End>,
}

impl<P: Platform> Default for Commands<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Platform> Commands<P> {
    /// The only one.
    pub const fn new() -> Self {
        Commands { start: start::<P> }
    }
}

fn start<P: Platform>(app: &mut Instance<P>, limits: &Limits) -> Option<End> {
    let start = app.instance.function(&app.store, START)?;
    let ty = start.ty(&app.store);
    if ty.params().len() + ty.results().len() > 0 {
        return None;
    }
    #[cfg(feature = "slices")]
    let returned = crate::sliced::call(&mut app.store, start, &[], &mut [], limits);
    // The engine has this call for what has any type already.
    #[cfg(not(feature = "slices"))]
    let returned = {
        let _ = limits;
        start.call(app.store.context(), &[], &mut [])
    };
    Some(match returned {
        Ok(()) => End::Returned(0),
        Err(error) => End::of(error),
    })
}
