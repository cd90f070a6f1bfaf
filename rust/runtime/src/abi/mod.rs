//! The host's side of the canonical ABI: the only way to a guest's memory and handles.
//!
//! Generated bindings call these functions; nothing else reads or writes what a guest names by a number. Whatever
//! a guest gets wrong is a [`Violation`], which ends that guest and nothing else.

mod handles;
#[cfg(feature = "core-apis")]
mod header;
mod memory;

pub use handles::Handles;
#[cfg(feature = "core-apis")]
pub use header::{apart, terminated};
pub use memory::{bytes, bytes_mut, character, elements, field, list, load, text, write};
// What generated bindings name of the engine: a vendor's crate depends on this one only.
pub use zephyr_wasm_engine::{
    Caller, Context, Error, Function, Hold, HostFunction, Instance, Memory, Store, TypedFunction, Violation,
};

use zephyr_wasm_engine::function::{Parameters, Results};
#[cfg(feature = "slices")]
use zephyr_wasm_engine::slices::nested as interruptible;

/// How deep calls of the guest may be nested in calls of the host: a destructor, and the `cabi_realloc` of a call that
/// it makes. Each level takes native stack.
const NESTED_MOST: u8 = 2;

/// Makes a call of the guest that is inside a call of the host.
fn nested<T: HostState, R>(
    mut cx: Context<'_, T>,
    call: impl FnOnce(Context<'_, T>) -> Result<R, Error>,
) -> Result<R, Error> {
    let depth = *cx.data_mut().nesting();
    if depth >= NESTED_MOST {
        return Err(Violation::Reentered.error());
    }
    *cx.data_mut().nesting() = depth + 1;
    // The guest's code may go on for ever.
    let is_held = cx.data_mut().is_held();
    if is_held {
        cx.data_mut().release();
    }
    let result = interruptible(cx.context(), call);
    if is_held {
        cx.data_mut().hold();
    }
    *cx.data_mut().nesting() = depth;
    result
}

#[cfg(not(feature = "slices"))]
fn interruptible<T, R>(
    cx: Context<'_, T>,
    call: impl FnOnce(Context<'_, T>) -> Result<R, Error>,
) -> Result<R, Error> {
    call(cx)
}

/// An interface that the host provides, as the linker sees it.
pub trait Interface<T>: Sync {
    /// Its full name, as imports have it: `wasi:clocks/monotonic-clock@0.3.0`.
    fn name(&self) -> &'static str;

    /// The name by which a manifest grants it.
    fn granted_as(&self) -> &'static str {
        self.name()
    }

    /// Whether it reaches something outside the app, so that only a manifest gives it to one.
    fn restricted(&self) -> bool {
        false
    }

    /// Makes its function of that name, if there is one. The number stands for what it passes, structurally; 0 if
    /// that has no WIT types.
    fn function(&self, name: &str, store: &mut Store<T>) -> Option<(Function, u32)>;

    /// Closes a resource that an app held as it ended; false if the type is not of this interface.
    fn close(&self, host: &mut T, ty: u32, number: u32) -> bool {
        let _ = (host, ty, number);
        false
    }
}

/// What generated bindings need of a store's data.
pub trait HostState: Hold {
    /// The guest's exports that the ABI uses.
    fn guest(&self) -> &Guest;

    /// The guest's handles.
    fn handles(&mut self) -> &mut Handles;

    /// How many calls of the guest are inside calls of the host.
    fn nesting(&mut self) -> &mut u8;

    /// Whether it is inside a call of the host.
    fn is_held(&mut self) -> bool;

    /// Whether the call at hand would have to wait, where the app is suspended for that: its result is none yet.
    #[inline]
    fn suspends(&mut self) -> bool {
        false
    }

    /// Keeps the core arguments of such a call, which is made again: the error that leaves the app.
    fn suspend(&mut self, arguments: &[i64]) -> Error {
        let _ = arguments;
        Violation::Suspended.error()
    }
}

/// Lets a kill come in the middle of what a guest makes as long as it likes: to read a list whose texts are all the
/// same bytes takes the square of them. Nothing of it is the host's yet.
pub fn pause<T: HostState>(host: &mut T) {
    if host.is_held() {
        host.release();
        host.hold();
    }
}

/// The exports of a guest that the ABI uses.
#[derive(Clone, Copy, Default)]
pub struct Guest {
    memory: Option<Memory>,
    realloc: Option<TypedFunction<(i32, i32, i32, i32), i32>>,
}

impl Guest {
    /// Finds them. A guest that passes only integers needs neither.
    pub fn of<T>(store: &Store<T>, instance: Instance) -> Self {
        Guest { memory: instance.memory(store, "memory"), realloc: instance.typed(store, "cabi_realloc") }
    }
}

impl Guest {
    /// Its memory, to look at.
    pub fn memory_bytes<'a, T>(&self, store: &'a Store<T>) -> &'a [u8] {
        self.memory.map_or(&[], |memory| store.bytes(memory))
    }
}

/// The name of an export that an instance lacks, or has with another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingExport(pub &'static str);

/// Finds a function that an instance exports.
///
/// # Errors
/// The name, if there is no function of that name and type.
pub fn export<T, P: Parameters, R: Results>(
    store: &Store<T>,
    instance: &Instance,
    name: &'static str,
) -> Result<TypedFunction<P, R>, MissingExport> {
    instance.typed(store, name).ok_or(MissingExport(name))
}

/// For a `match` over a guest's discriminant.
#[cold]
pub fn bad_discriminant() -> Error {
    Violation::Discriminant.error()
}

/// The guest's memory, and beside it the host's state.
#[inline(never)]
pub fn split<T: HostState>(cx: Context<'_, T>) -> Result<(&mut [u8], &mut T), Error> {
    match cx.data().guest().memory {
        Some(memory) => Ok(cx.split(memory)),
        None => Err(Violation::NoMemory.error()),
    }
}

/// Writes to the guest's memory.
#[inline(never)]
pub fn put<T: HostState>(cx: Context<'_, T>, start: i32, bytes: &[u8]) -> Result<(), Error> {
    let (memory, _) = split(cx)?;
    write(memory, start, bytes)
}

/// Has the guest reserve room for `length` elements of `size` bytes, by its `cabi_realloc`.
#[inline(never)]
pub fn reserve<T: HostState>(
    mut cx: Context<'_, T>,
    length: usize,
    size: usize,
    align: usize,
) -> Result<i32, Error> {
    let total = length.checked_mul(size).and_then(|total| i32::try_from(total).ok());
    let Some(total) = total else { return Err(Violation::Pointer.error()) };
    if total == 0 {
        return Ok(align as i32);
    }
    let Some(realloc) = cx.data().guest().realloc else { return Err(Violation::NoRealloc.error()) };
    let start = nested(cx.context(), |cx| realloc.call(cx, (0, 0, align as i32, total)))?;
    if !(start as u32 as usize).is_multiple_of(align) {
        return Err(Violation::Alignment.error());
    }
    let (memory, _) = split(cx)?;
    bytes(memory, start, total).map(|_| start)
}

/// Gives the guest a copy of `bytes` in memory that it reserves for that: where, and how long.
#[inline(never)]
pub fn put_new<T: HostState>(mut cx: Context<'_, T>, bytes: &[u8]) -> Result<(i32, i32), Error> {
    let start = reserve(cx.context(), bytes.len(), 1, 1)?;
    put(cx, start, bytes)?;
    Ok((start, bytes.len() as i32))
}

/// Gives the guest the parameters of a call that has too many for the engine's stack.
#[inline(never)]
pub fn put_params<T: HostState>(mut cx: Context<'_, T>, params: &[u8], align: usize) -> Result<i32, Error> {
    let start = reserve(cx.context(), params.len(), 1, align)?;
    put(cx, start, params)?;
    Ok(start)
}

/// Has the guest destroy a resource of its own, by its export of this name if it has one.
#[inline(never)]
pub fn destroy<T: HostState>(cx: &mut Caller<'_, T>, destructor: &str, number: u32) -> Result<(), Error> {
    let Some(function) = cx.export(destructor) else { return Ok(()) };
    match cx.typed::<i32, ()>(function) {
        Some(destructor) => nested(cx.context(), |cx| destructor.call(cx, number as i32)),
        None => Err(Violation::Destructor.error()),
    }
}
