//! Checks of addresses: one compare for an access, and one for several that begin at the same address, as long as nobody
//! could tell that a later one was checked earlier.

use crate::checked::Known;
use crate::frame::Kind;
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
        let (variable, at) = self.checks.origin(address.place().unwrap_or_else(|| (address.text.clone(), 0)));
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
            self.checks_first(line, (from == 0).then(|| (variable.clone(), to as u64)));
            self.checks.set(&variable, Known { from, to, line: Some((line, place)) });
            return true;
        }
        let head = self.checks.take_head(&variable).filter(|_| at == 0);
        let line = if let Some(line) = head {
            let condition = self.condition(&variable, extent, memory.min);
            let text = self.trap_text(&condition, Rule::Memory, self.place());
            self.rewrite(line, text);
            self.checks_first(line, Some((variable.clone(), extent)));
            line
        } else {
            let condition = self.condition(&address.text, extent, memory.min);
            self.trap_if(&condition, Rule::Memory)
        };
        let line = Some((line, self.place()));
        let (from, to) = joined.map_or((from, to), |joined| (joined.from, joined.to));
        self.checks.set(&variable, Known { from, to, line });
        true
    }

    /// When so many bytes from an address are not all in the memory.
    fn condition(&mut self, address: &str, extent: u64, min: u64) -> String {
        match self.last(extent, min) {
            Some(last) => format!("{address} > {last}"),
            None => format!("(uint64_t){address} + {extent}u > {}", self.size()),
        }
    }

    /// The last address from which so many bytes are in the memory, if there surely is one.
    fn last(&mut self, extent: u64, min: u64) -> Option<String> {
        if let Some(fixed) = self.module.fixed_memory() {
            return Some(format!("{}u", fixed - extent));
        }
        (extent <= min).then(|| format!("{} - {extent}u", self.size()))
    }

    /// What a loop checks first, if this line is for that: so many bytes from an address in a variable.
    fn checks_first(&mut self, line: usize, first: Option<(String, u64)>) {
        // Those that are inside have later lines.
        let found = self.frames.binary_search_by_key(&line, |frame| frame.line + 1);
        if let Ok(index) = found
            && self.frames[index].kind == Kind::Loop
        {
            self.frames[index].first = first;
        }
    }

    /// Goes on with a loop while a variable is not 0 by which the loop begins with a check: one compare is for both.
    pub fn go_on_within(&mut self, depth: u32, condition: &Operand) {
        let frame = &self.frames[self.frames.len() - 1 - depth as usize];
        let (line, label) = (frame.line + 2, frame.label);
        let (Some(memory), Some((variable, extent))) = (self.module.memory, frame.first.clone()) else {
            return;
        };
        if condition.text != variable || !frame.parameters.is_empty() {
            return;
        }
        if let Some(last) = self.last(extent, memory.min) {
            self.line(format!("GO_ON_WITHIN({variable}, {last}, C{label});"));
            self.rewrite(line, format!("C{label}:;"));
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

    /// A function without a result but 0, of two variables.
    fn function(code: &str) -> String {
        let module = wat::parse_str(format!(
            r#"(module (memory 1) (func (export "run") (param i32 i32) (result i32) {code} (i32.const 0)))"#
        ));
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        text.split_once("/* 0: ").unwrap().1.to_owned()
    }

    #[test]
    fn a_loop_goes_on_with_the_check_that_it_begins_with() {
        let next = "(local.set 0 (i32.load (local.get 0)))";
        let text = function(&format!("(loop $next {next} (br_if $next (local.get 0)))"));
        assert!(text.contains("L1:;\n\tTRAP_IF_AT(l0 > 65532u, "), "{text}");
        assert!(text.contains("GO_ON_WITHIN(l0, 65532u, C1);\n\tif (l0) {\n\t\tgoto L1;"), "{text}");
        // What is checked first is not what the loop begins with, or comes behind what others notice.
        let moved = "(local.set 0 (i32.add (local.get 0) (local.get 1)))";
        let stored = "(i32.store (i32.const 0) (local.get 1))";
        let other = "(drop (i32.load (local.get 1)))";
        for first in [moved, stored, other] {
            let text = function(&format!("(loop $next {first} {next} (br_if $next (local.get 0)))"));
            assert!(text.contains("TRAP_IF_AT(l0 > 65532u, ") && !text.contains("GO_ON_WITHIN("), "{text}");
        }
    }

    #[test]
    fn what_is_known_of_a_variable_is_known_of_its_copy() {
        let text = function(
            "(drop (i32.load offset=8 (local.get 0))) (local.set 1 (local.get 0)) (local.set 0 (i32.const 7))
            (i32.store offset=8 (local.get 1) (i32.const 0)) (drop (i32.load (local.get 1)))",
        );
        assert_eq!(text.matches("TRAP_IF_AT(").count(), 1, "{text}");
    }
}
