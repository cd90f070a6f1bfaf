//! Checks of addresses: one compare for an access, and one for several that begin at the same address, as long as nobody
//! could tell that a later one was checked earlier.

use crate::checked::Known;
use crate::function::Function;
use crate::operand::Operand;
use crate::rule::Rule;

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
        match self.checks.of(&address.text).cloned() {
            Some(known) if known.extent >= extent => {}
            Some(Known { line: Some((line, place)), .. }) => {
                let condition = self.condition(address, extent, memory.min);
                let text = self.trap_text(&condition, Rule::Memory, place);
                self.rewrite(line, text);
                self.checks.set(&address.text, Known { extent, line: Some((line, place)) });
            }
            _ => {
                let condition = self.condition(address, extent, memory.min);
                let line = self.trap_if(&condition, Rule::Memory);
                let line = Some((line, self.place()));
                self.checks.set(&address.text, Known { extent, line });
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
