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
        let (variable, at) = address.origin.clone().unwrap_or_else(|| (address.text.clone(), 0));
        let (from, to) = (at, at + extent as i64);
        let known = self.checks.of(&variable).cloned();
        if known.as_ref().is_some_and(|known| known.from <= from && to <= known.to) {
            return true;
        }
        let joined = known.and_then(|known| known.joined(from, to, memory.min));
        if let Some(Known { from, to, line: Some((line, place)) }) = joined {
            let first = match from {
                0 => variable.clone(),
                1.. => format!("{variable} + {from}u"),
                _ => format!("{variable} - {}u", -from),
            };
            let condition = self.condition(&first, (to - from) as u64, memory.min);
            let text = self.trap_text(&condition, Rule::Memory, place);
            self.rewrite(line, text);
            self.checks.set(&variable, Known { from, to, line: Some((line, place)) });
            return true;
        }
        let condition = self.condition(&address.text, extent, memory.min);
        let line = Some((self.trap_if(&condition, Rule::Memory), self.place()));
        let (from, to) = joined.map_or((from, to), |joined| (joined.from, joined.to));
        self.checks.set(&variable, Known { from, to, line });
        true
    }

    /// When so many bytes from an address are not all in the memory.
    fn condition(&mut self, address: &str, extent: u64, min: u64) -> String {
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

/// The longest piece that one check is for. A memory has fewer bytes than 32 bits count by more than that, so that what
/// begins and what ends in it, as far from each other, has all between them in it, too.
const LONGEST: i64 = 0x8000;

impl Known {
    /// The piece that has what is known and another, if one check can be for both.
    ///
    /// All of its parts are accessed anyway, with nothing between that others notice: where the whole is not in the memory,
    /// one of the parts is not, and the trap is the same.
    fn joined(self, from: i64, to: i64, size: u64) -> Option<Known> {
        let (from, to) = (from.min(self.from), to.max(self.to));
        (to - from <= LONGEST.min(size as i64)).then_some(Known { from, to, ..self })
    }
}

#[cfg(test)]
mod tests {
    use crate::Options;

    /// Two loads behind the same variable, by as much as brings an address of 32 bits back to it.
    #[test]
    fn no_check_is_of_more_than_32_bits() {
        let far = "local.get 0 i32.const 0x7fffffff i32.add block end i32.const 0x7fffffff i32.add block end
            i32.const 2 i32.add";
        let module = wat::parse_str(format!(
            r#"(module
                (memory 1)
                (func (export "run") (param i32) (result i32)
                    {far} i32.load {far} i32.load offset=4 i32.add))"#
        ));
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        let (_, function) = text.split_once("/* 0: ").unwrap();
        assert!(function.contains("TRAP_IF") && !function.contains("4294967296"), "{function}");
    }
}
