//! Finds the host functions that a module imports.

use crate::abi::Interface;
use crate::end::Refusal;
use crate::message::Message;
use alloc::vec::Vec;
use wasmi::{Extern, ExternType, Module, Store};

/// The host APIs of an image.
pub struct HostApis<T: 'static> {
    /// The interfaces that are in the image.
    pub interfaces: &'static [&'static dyn Interface<T>],
    /// The interfaces there could be: a WIT package and the Kconfig symbol that puts it into an image.
    pub known: &'static [(&'static str, &'static str)],
}

/// Makes a host function for each import, in the order of the imports.
///
/// # Errors
/// The first import that cannot be served, and what would have to change; `message` has it in words.
pub fn imports<T>(
    module: &Module,
    store: &mut Store<T>,
    apis: &HostApis<T>,
    message: &mut Message,
) -> Result<Vec<Extern>, Refusal> {
    let mut externs = Vec::with_capacity(module.imports().len());
    for import in module.imports() {
        let (from, name) = (import.module(), import.name());
        let ExternType::Func(wanted) = import.ty() else {
            message
                .text("imports `")
                .text(name)
                .text("` of `")
                .text(from)
                .text("`: only functions can be imported");
            return Err(Refusal::NotAFunction);
        };
        let Some(interface) = apis.interfaces.iter().find(|interface| interface.name() == from) else {
            return Err(absent(from, apis, message));
        };
        let Some(function) = interface.function(name, store) else {
            message.text("imports `").text(name).text("`, which `").text(from).text("` does not have");
            return Err(Refusal::UnknownFunction);
        };
        if function.ty(&*store) != *wanted {
            message.text("imports `").text(name).text("` of `").text(from);
            message.text("` with another signature than the host's; rebuild it with this WIT");
            return Err(Refusal::Signature);
        }
        externs.push(Extern::Func(function));
    }
    Ok(externs)
}

/// Says why an interface is not there: another version is, or Kconfig left it out, or nobody knows it.
fn absent<T>(wanted: &str, apis: &HostApis<T>, message: &mut Message) -> Refusal {
    let unversioned = |name: &str| name.split_once('@').map_or(name.len(), |(before, _)| before.len());
    let stem = &wanted[..unversioned(wanted)];
    message.text("needs `").text(wanted).text("`, ");
    for interface in apis.interfaces {
        let name = interface.name();
        if &name[..unversioned(name)] == stem {
            message.text("and this image has `").text(name).text("`; rebuild it with this version");
            return Refusal::UnknownInterface;
        }
    }
    let package = stem.split_once('/').map_or(stem, |(package, _)| package);
    if let Some((_, symbol)) = apis.known.iter().find(|(known, _)| *known == package) {
        let built_in = apis
            .interfaces
            .iter()
            .any(|interface| interface.name().split_once('/').is_some_and(|(before, _)| before == package));
        if !built_in {
            message.text("which this image leaves out: set ").text(symbol).text("=y");
            return Refusal::Disabled;
        }
    }
    message.text("which no host API of this image provides");
    Refusal::UnknownInterface
}
