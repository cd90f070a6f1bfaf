//! Checks of addresses: one compare for an access, and one for several that begin at the same address, as long as nobody
//! could tell that a later one was checked earlier.

use crate::function::{Function, Rule};
use crate::operand::Operand;
use std::collections::BTreeMap;

/// What is known of an address in a variable: that so many bytes from it are in the memory.
#[derive(Clone)]
struct Known {
    extent: u64,
    /// The line that has checked it and its place, as long as it could have checked more.
    line: Option<(usize, u64)>,
}

/// The addresses that have been checked, by the names of their variables.
#[derive(Clone, Default)]
pub struct Checks(BTreeMap<String, Known>);

impl Checks {
    /// What has been checked stays so, but checks of more come later.
    pub fn close(&mut self) {
        for known in self.0.values_mut() {
            known.line = None;
        }
    }

    /// A variable has another value.
    pub fn forget(&mut self, variable: &str) {
        self.0.remove(variable);
    }

    /// Others get here, too.
    pub fn forget_all(&mut self) {
        self.0.clear();
    }
}

impl Function<'_, '_> {
    /// Checks that bytes are in the memory: from an offset behind an address that can be written twice. Tells whether
    /// anything gets on from here.
    pub fn check(&mut self, address: &Operand, offset: u64, size: u64) -> bool {
        let Some(memory) = self.module.memory else { return true };
        let fixed = self.module.fixed_memory();
        let extent = offset + size;
        if let Some(constant) = address.constant {
            let end = constant.bits + extent;
            if end <= memory.min {
                return true;
            }
            if fixed.is_none() {
                let size = self.size();
                self.trap_if(&format!("{end}ull > {size}"), Rule::Memory);
                return true;
            }
        }
        if fixed.is_some_and(|fixed| extent > fixed) || address.constant.is_some() {
            self.trap(Rule::Memory);
            return false;
        }
        match self.checks.0.get(&address.text).cloned() {
            Some(known) if known.extent >= extent => {}
            Some(Known { line: Some((line, place)), .. }) => {
                let condition = self.condition(address, extent, memory.min);
                let text = self.trap_text(&condition, Rule::Memory, place);
                self.rewrite(line, text);
                self.checks.0.insert(address.text.clone(), Known { extent, line: Some((line, place)) });
            }
            _ => {
                let condition = self.condition(address, extent, memory.min);
                let line = self.trap_if(&condition, Rule::Memory);
                let line = Some((line, self.place()));
                self.checks.0.insert(address.text.clone(), Known { extent, line });
            }
        }
        true
    }

    /// When so many bytes from an address are not all in the memory.
    fn condition(&mut self, address: &Operand, extent: u64, min: u64) -> String {
        let address = &address.text;
        if let Some(fixed) = self.module.fixed_memory() {
            return format!("{address} > {}u", fixed - extent);
        }
        let size = self.size();
        if extent <= min {
            format!("{address} > {size} - {extent}u")
        } else {
            format!("(uint64_t){address} + {extent}u > {size}")
        }
    }
}
