//! Finds the host functions that a module imports.

use crate::abi::{HostState, Interface};
use crate::end::Refusal;
use crate::manifest::Manifest;
use crate::manifest::lines::{package_of, unversioned};
use crate::message::Message;
use crate::{App, Platform};
use zephyr_wasm_engine::{Imports, Module, Store};

/// An interface behind one pointer, so that a table of what Kconfig put into the image can be written in C.
pub struct Entry<T: 'static>(pub &'static dyn Interface<T>);

/// The host APIs of an image.
pub struct HostApis<T: 'static> {
    /// The interfaces that are in the image.
    pub interfaces: &'static [&'static Entry<T>],
    /// The interfaces that the firmware adds to ours.
    pub added: &'static [&'static [&'static dyn Interface<T>]],
    /// What there could be: lines of a WIT package, or an interface that is optional in its package, and the end of the
    /// Kconfig symbol that puts it into an image.
    pub known: &'static str,
}

/// A host API that a firmware adds to ours; `zephyr-wasm-bindings` implements this for what a vendor writes in WIT.
pub trait HostApi<P: Platform> {
    /// Its interfaces.
    const INTERFACES: &'static [&'static dyn Interface<App<P>>];
}

impl<T: 'static> HostApis<T> {
    /// The first interface that is wanted.
    #[inline(never)]
    fn find(
        &self,
        wanted: &mut dyn FnMut(&'static dyn Interface<T>) -> bool,
    ) -> Option<&'static dyn Interface<T>> {
        let own = self.interfaces.iter().map(|entry| entry.0);
        own.chain(self.added.iter().flat_map(|list| list.iter().copied()))
            .find(|interface| wanted(*interface))
    }

    /// Closes everything that an app holds.
    pub fn close(&self, host: &mut T)
    where
        T: HostState,
    {
        while let Some((ty, number)) = host.handles().pop() {
            self.find(&mut |interface| interface.close(host, ty, number));
        }
    }
}

/// The custom section in which `zephyr-wasm pack` says what the imported functions pass: for each, in the order of the
/// imports, four bytes of the number that stands for its shape, the least first; 0 where nobody knows.
pub const SHAPES: &str = "zephyr-wasm:shapes";

/// What a module imports, and how far it may.
pub struct Wanted<'a> {
    /// The module.
    pub module: &'a Module,
    /// The contents of its section [`SHAPES`], if it has one.
    pub shapes: Option<&'a [u8]>,
    /// What it is granted.
    pub manifest: Manifest<'a>,
}

impl Wanted<'_> {
    /// Makes a host function for each import, in the order of the imports, behind those that are in `functions`.
    ///
    /// # Errors
    /// The first import that cannot be served, and what would have to change; `message` has it in words.
    pub fn imports<T>(
        &self,
        mut functions: Imports,
        store: &mut Store<T>,
        apis: &HostApis<T>,
        message: &mut Message,
    ) -> Result<Imports, Refusal> {
        let mut shapes = self.shapes.unwrap_or_default().chunks_exact(4);
        for import in self.module.imports() {
            let name = import.name();
            if !import.is_function() {
                message
                    .text("imports `")
                    .text(name)
                    .text("` of `")
                    .text(import.from())
                    .text("`: only functions can be imported");
                return Err(Refusal::NotAFunction);
            }
            let Some(interface) = apis.find(&mut |interface| import.is_from(interface.name())) else {
                return Err(absent(import.from(), apis, message));
            };
            let from = interface.name();
            let granted_as = interface.granted_as();
            if !self.manifest.allows_interface(granted_as, interface.restricted()) {
                let package = package_of(granted_as);
                message.text("imports `").text(from).text("`, which its manifest does not grant: add `\"");
                message.text(package).text("\" = ...` to [imports]");
                return Err(Refusal::NotGranted);
            }
            let Some((function, shape)) = interface.function(name, store) else {
                message.text("imports `").text(name).text("`, which `").text(from).text("` does not have");
                return Err(Refusal::UnknownFunction);
            };
            if !import.has_type_of(function, store) {
                message.text("imports `").text(name).text("` of `").text(from);
                message.text("` with another signature than the host's; rebuild it");
                return Err(Refusal::Signature);
            }
            let known =
                shapes.next().map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
            if known != 0 && shape != 0 && known != shape {
                message.text("imports `").text(name).text("` of `").text(from);
                message.text(
                "` whose types are not the host's; `zephyr-wasm check` names both, rebuild it with this WIT",
            );
                return Err(Refusal::Shape);
            }
            functions.push(store, function);
        }
        Ok(functions)
    }
}

/// What programs import from that are made for WASI, and those for its snapshot 0. They have no WIT, and so are not among what
/// is known.
const WASI: &str = "wasi_snapshot_preview1";
const WASI_UNSTABLE: &str = "wasi_unstable";

/// What every Kconfig symbol of a host API begins with.
const PREFIX: &str = "CONFIG_WASM_API_";

/// Says why an interface is not there: another version is, or Kconfig left it out, or nobody knows it.
fn absent<T>(wanted: &str, apis: &HostApis<T>, message: &mut Message) -> Refusal {
    let stem = unversioned(wanted);
    message.text("needs `").text(wanted).text("`, ");
    let other = apis.find(&mut |interface| unversioned(interface.name()) == stem);
    if let Some(other) = other {
        message.text("and this image has `").text(other.name()).text("`; rebuild it with this version");
        return Refusal::UnknownInterface;
    }
    let known = |name| Manifest::new(Some(apis.known)).first(name);
    let symbol = match known(stem).or_else(|| known(package_of(stem))) {
        Some(symbol) => Some((PREFIX, symbol)),
        None if wanted == WASI => Some(("CONFIG_WASM_", "WASI")),
        // Where flash is short, nobody knows it.
        None if cfg!(feature = "validate") && wanted == WASI_UNSTABLE => {
            Some(("CONFIG_WASM_", "WASI_UNSTABLE"))
        }
        None => None,
    };
    if let Some((prefix, symbol)) = symbol {
        message.text("which this image leaves out: set ").text(prefix).text(symbol).text("=y");
        return Refusal::Disabled;
    }
    message.text("which no host API of this image provides");
    Refusal::UnknownInterface
}
