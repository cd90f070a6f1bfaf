//! Makes an instance of a compiled module.

use super::abi::{self, Entry, Import, Info};
use super::outside::Outside;
use super::runtime::RUNTIME;
use super::store::Store;
use crate::error::NoInstance;
use crate::growth::Growth;
use alloc::alloc::alloc;
use core::alloc::Layout;
use core::ptr;

/// What instances, imports and memories begin at a multiple of.
const ALIGNMENT: usize = 8;

/// A module that was compiled.
pub struct Module {
    pub(crate) outside: Outside,
    entry: Entry,
    info: Info,
}

impl Module {
    /// None, if it was compiled for another version of the runtime, or what it says of itself is impossible.
    ///
    /// # Safety
    /// Both are what `zephyr-wasm compile` has made of one module, and stay as they are as long as there is an instance.
    pub unsafe fn new(outside: &[u8], entry: Entry) -> Option<Self> {
        let info = info_in(outside, entry).unwrap_or_else(|| {
            let mut info = Info::default();
            // SAFETY: as promised by the caller; this needs no instance, and there is room for what it writes.
            unsafe { entry(abi::INFO, ptr::null_mut(), 0, (&raw mut info).cast()) };
            info
        });
        // SAFETY: as promised by the caller, it stays as long as it is in use.
        let outside = unsafe { core::slice::from_raw_parts(outside.as_ptr(), outside.len()) };
        let outside = Outside::new(outside);
        let is_of_it = outside.import_count() == info.import_count as usize;
        let is_possible =
            info.instance_size as usize >= size_of::<abi::Instance>() && info.memory_min <= info.memory_max;
        (info.abi == abi::ABI && is_of_it && is_possible).then_some(Module { outside, entry, info })
    }
}

/// The properties of code that is in the file itself, where they are before its entry function: nothing of it runs to be
/// asked for them.
fn info_in(file: &[u8], entry: Entry) -> Option<Info> {
    // An address of Thumb instructions is odd.
    let offset = (entry as usize & !1).wrapping_sub(file.as_ptr().addr());
    let (before, _) = file.split_at_checked(offset)?;
    let info = before.last_chunk::<{ size_of::<Info>() }>()?;
    // SAFETY: there are so many bytes, and an `Info` is of any.
    Some(unsafe { info.as_ptr().cast::<Info>().read_unaligned() })
}

impl<T: Growth> Store<T> {
    /// Makes room for the instance that lives here, with no import yet, and runs nothing of it.
    ///
    /// # Errors
    /// That there is none.
    pub fn reserve(&mut self, module: &Module) -> Result<(), NoInstance> {
        let info = &module.info;
        let mut tables = module.outside.tables();
        if tables.len() > self.data.tables() || !tables.all(|count| self.data.table_staying(count)) {
            return Err(NoInstance::Memory);
        }
        // A size is a number of 32 bits.
        let least = u32::try_from(info.memory_min).map_err(|_| NoInstance::Memory)?;
        let declared = usize::try_from(info.memory_max).unwrap_or(usize::MAX).min(u32::MAX as usize);
        if info.memory_max > 0 && !self.data.memory_staying(least as usize, declared) {
            return Err(NoInstance::Memory);
        }
        // Machine code of a file says what it likes of itself.
        let imports = info.import_count as usize * size_of::<Import>();
        let instance = (info.instance_size as usize).checked_next_multiple_of(ALIGNMENT);
        let whole = |instance: usize| instance.checked_add(imports)?.checked_next_multiple_of(ALIGNMENT);
        let (instance, head) =
            instance.and_then(|instance| Some((instance, whole(instance)?))).ok_or(NoInstance::Memory)?;
        let most = if info.grows != 0 { declared } else { least as usize };
        let reserved = self.data.memory_reserving(head, least as usize, most);
        let whole =
            head.checked_add(reserved).and_then(|whole| Layout::from_size_align(whole, ALIGNMENT).ok());
        let layout = whole.ok_or(NoInstance::Memory)?;
        // SAFETY: an instance is not of size 0.
        let place = unsafe { alloc(layout) };
        if place.is_null() {
            self.data.memory_grow_failed();
            return Err(NoInstance::Memory);
        }
        // SAFETY: there is room for all of this, and the order of the parts is as it was counted above.
        unsafe {
            place.write_bytes(0, head + least as usize);
            place.cast::<abi::Instance>().write(abi::Instance {
                memory: place.add(head),
                memory_size: least,
                stack_limit: 0,
                runtime: &raw const RUNTIME,
                imports: place.add(instance).cast(),
                host: ptr::null_mut(),
                frame: ptr::null_mut(),
            });
        }
        self.code.instance = place.cast();
        self.code.layout = layout;
        self.code.entry = Some(module.entry);
        self.code.outside = module.outside;
        self.code.imports = info.import_count as usize;
        (self.code.reserved, self.code.declared) = (reserved, declared);
        Ok(())
    }

    /// Begins the instance for which there is room, which has so many imports.
    ///
    /// # Errors
    /// Why that cannot be.
    pub fn instantiate(&mut self, imports: usize) -> Result<(), NoInstance> {
        if self.code.instance.is_null() || imports != self.code.imports {
            return Err(NoInstance::Memory);
        }
        match self.enter(abi::INIT, 0, &mut []) {
            0 => Ok(()),
            abi::ELEMENTS => Err(NoInstance::ElementSegment),
            number => Err(NoInstance::Trap(crate::Error::of_number(number))),
        }
    }
}
