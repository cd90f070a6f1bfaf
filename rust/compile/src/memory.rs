//! Loads, stores, and what is done with pieces of memory.

use crate::frame::Frame;
use crate::function::Function;
use crate::most;
use crate::operand::{Operand, Shape};
use crate::rule::Rule;
use crate::types::Type;
use wasmparser::MemArg;

/// The most bases that a loop keeps in registers.
const MOST_BASES: usize = 2;

/// The variables of a loop for an offset: what it adds an address to, and what it adds besides.
fn base(label: usize, offset: u64) -> (String, String) {
    (format!("m{label}_{offset}"), format!("o{label}_{offset}"))
}

impl Function<'_, '_> {
    /// The address of an access, if there is any: a pointer in C.
    fn access(&mut self, argument: MemArg, size: u64) -> Option<Operand> {
        let address = self.pop_simple();
        // What is known of an address is known of a variable that is written in one place.
        let mut address = if address.reads.globals.is_empty() { address } else { self.computed(address) };
        if !self.check(&address, argument.offset, size) {
            return None;
        }
        let memory = self.memory();
        let text = match (address.constant, argument.offset) {
            (Some(constant), offset) => format!("{memory} + {}u", constant.bits + offset),
            (None, 0) => match self.moved(&address, size) {
                Some((text, variable)) => {
                    address.reads.join(&variable.reads);
                    text
                }
                None => format!("{memory} + {}", address.text),
            },
            (None, offset) => match self.base(offset, size) {
                Some((base, rest)) => format!("{base} + {} + {rest}", address.text),
                None => format!("{memory} + {} + {offset}u", address.text),
            },
        };
        Some(Operand { text, shape: Shape::Compound, ..address })
    }

    /// What an access in a loop adds to its address. Wider ones than a register have an offset in any case.
    fn base(&mut self, offset: u64, size: u64) -> Option<(String, String)> {
        let frame = self.loop_with(offset, size)?;
        frame.bases.insert(offset);
        Some(base(frame.label, offset))
    }

    /// The loop around an access, if it could have a base for so many bytes at an offset, which has to be in the memory.
    fn loop_with(&mut self, offset: u64, size: u64) -> Option<&mut Frame> {
        if size > 4 || offset + size > self.module.memory?.min {
            return None;
        }
        self.innermost_loop()
    }

    /// An address in a loop that is some way behind a variable, by an addition of the guest's own: that way, too, can be
    /// in a base. Tells the pointer, and the variable as it is read, which has to stay as it is until then.
    ///
    /// What has been checked is the sum, which may go around 32 bits. So does the base with the variable, as a base has an
    /// offset in it only where pointers have 32 bits: it is the same pointer. Where a base is plain, the pointer is that of
    /// the sum itself.
    fn moved(&mut self, address: &Operand, size: u64) -> Option<(String, Operand)> {
        let (variable, distance) = address.origin.clone()?;
        let mut read = Operand::variable(Type::I32, variable.clone());
        match variable.split_at_checked(1)? {
            ("l", local) => _ = read.reads.locals.insert(local.parse().ok()?),
            ("t", _) => {}
            // Others are written where nobody looks at who reads them.
            _ => return None,
        }
        let distance = u64::try_from(distance).ok().filter(|distance| *distance > 0)?;
        let frame = self.loop_with(distance, size)?;
        frame.moved.insert(distance);
        let base = format!("{}_{distance}", frame.label);
        self.memory();
        Some((format!("MOVED({base}, {variable}, {})", address.text), read))
    }

    /// The base of a store to where a loop has loaded a variable from, as it does to turn the links of a list around: the
    /// memory's, by another name, or GCC keeps the address of both in a register, beside the variable that is in it.
    fn stored(&mut self, variable: &str, size: u64) -> Option<String> {
        let frame = self.loop_with(0, size)?;
        if !frame.followed.contains(variable) {
            return None;
        }
        frame.stored = true;
        Some(format!("s{} + {variable}", frame.label))
    }

    /// A variable gets a value: if that is what memory has at another, a store there has a base of its own.
    pub fn follow(&mut self, value: &Operand) {
        let variable = value.text.strip_prefix("load_u32(memory + ").and_then(|text| text.strip_suffix(')'));
        if let Some(variable) = variable
            && let Some(frame) = self.innermost_loop()
            && frame.followed.len() < most::CHECKED
        {
            frame.followed.insert(variable.to_owned());
        }
    }

    /// Computes what a loop adds to addresses, before it begins.
    pub fn write_bases(&mut self, frame: &Frame) {
        // Others would be in registers, too. Offsets that an access has come first: what the guest adds is added already.
        let mut room = if frame.has_loop { 0 } else { MOST_BASES };
        let mut text = Vec::new();
        let mut write = |bases: Vec<(String, String, u64)>| {
            let name = if bases.len() <= room { "BASE" } else { "PLAIN_BASE" };
            room = room.saturating_sub(bases.len());
            text.extend(
                bases.iter().map(|(base, rest, offset)| format!("{name}({base}, {rest}, {offset}u);")),
            );
        };
        let named = |offset: &u64| {
            let (base, rest) = base(frame.label, *offset);
            (base, rest, *offset)
        };
        write(frame.bases.iter().map(named).collect());
        write(frame.moved.difference(&frame.bases).map(named).collect());
        if frame.stored {
            write(vec![(format!("s{}", frame.label), format!("n{}", frame.label), 0)]);
        }
        self.rewrite(frame.bases_line, text.join(" "));
    }

    /// A load: what of the memory's types is made a number of which type.
    pub fn load(&mut self, ty: Type, name: &str, size: u64, argument: MemArg) {
        let Some(address) = self.access(argument, size) else { return };
        let load = format!("load_{name}({})", address.text);
        let (shape, text) = match (ty, name) {
            (Type::I32, "u32") | (Type::I64, "u64") | (Type::F32 | Type::F64, _) => (Shape::Atom, load),
            (Type::I32, _) => (Shape::Atom, format!("(uint32_t){load}")),
            (_, _) => (Shape::Atom, format!("(uint64_t){load}")),
        };
        self.push(Operand::new(ty, shape, text).from(&[&address]).reading_memory());
    }

    /// A store of so many of the lower bits.
    pub fn store(&mut self, name: &str, size: u64, argument: MemArg) {
        let value = self.pop();
        let Some(mut address) = self.access(argument, size) else { return };
        if let Some(variable) = address.text.strip_prefix("memory + ")
            && let Some(text) = self.stored(variable, size)
        {
            address.text = text;
        }
        let value = match (name, value.ty) {
            ("u8", _) => format!("(uint8_t){}", value.value()),
            ("u16", _) => format!("(uint16_t){}", value.value()),
            ("u32", Type::I64) => format!("(uint32_t){}", value.value()),
            _ => value.text,
        };
        self.compute(|reads| reads.memory);
        self.line(format!("store_{name}({}, {value});", address.text));
        self.effect();
    }

    pub fn memory_size(&mut self) {
        let page = self.module.memory.map_or(1, |memory| memory.page);
        let size = self.size();
        let text = if page == 1 { size } else { format!("{size} / {page}u") };
        self.push(Operand::new(Type::I32, Shape::Compound, text).reading_memory());
    }

    pub fn memory_grow(&mut self) {
        let Some(memory) = self.module.memory else { return };
        let pages = self.pop();
        self.before_call();
        let variable = self.variable();
        let (page, max) = (memory.page, memory.max);
        self.line(format!(
            "const uint32_t {variable} = grow_memory(&i->head, {}, {page}u, {max}ull);",
            pages.text
        ));
        self.after_call();
        self.push(Operand::variable(Type::I32, variable));
    }

    pub fn memory_fill(&mut self) {
        let [at, value, count] = self.pop_three();
        self.check_piece(&at, &count);
        self.before_call();
        let memory = self.memory();
        self.line(format!(
            "__builtin_memset({memory} + {}, (uint8_t){}, {});",
            at.text,
            value.value(),
            count.text
        ));
    }

    pub fn memory_copy(&mut self) {
        let [to, from, count] = self.pop_three();
        self.check_piece(&to, &count);
        self.check_piece(&from, &count);
        self.before_call();
        let memory = self.memory();
        let (to, from, count) = (to.text, from.text, count.text);
        self.line(format!("__builtin_memmove({memory} + {to}, {memory} + {from}, {count});"));
    }

    pub fn memory_init(&mut self, index: u32) {
        let data = &self.module.data[index as usize];
        let [to, from, count] = self.pop_three();
        self.check_piece(&to, &count);
        let (name, length) = (format!("{}d{index}", self.options.prefix), data.bytes.len());
        let left = if data.active.is_some() {
            "0u".to_owned()
        } else {
            format!("(i->d{index}_dropped ? 0u : {length}u)")
        };
        let (to, from, count) = (to.text, from.text, count.text);
        self.trap_if(&format!("(uint64_t){from} + {count} > {left}"), Rule::Memory);
        if length > 0 {
            self.before_call();
            let memory = self.memory();
            self.line(format!("__builtin_memcpy({memory} + {to}, {name} + {from}, {count});"));
        }
    }

    pub fn data_drop(&mut self, index: u32) {
        if self.module.data[index as usize].active.is_none() {
            self.effect();
            self.line(format!("i->d{index}_dropped = 1;"));
        }
    }

    /// The operands of what is done with a piece, which are used more than once.
    pub fn pop_three(&mut self) -> [Operand; 3] {
        let (third, second, first) = (self.pop_simple(), self.pop_simple(), self.pop_simple());
        [first, second, third]
    }

    /// Checks a piece whose length is known only at run time.
    fn check_piece(&mut self, at: &Operand, count: &Operand) {
        let size = self.size();
        self.trap_if(&format!("(uint64_t){} + {} > {size}", at.text, count.text), Rule::Memory);
    }
}

#[cfg(test)]
mod tests {
    use crate::Options;

    /// A function that does this in a loop.
    fn looping(code: &str) -> String {
        let module = wat::parse_str(format!(
            r#"(module (memory 1)
                (func (export "run") (param i32) (result i32) (local i32 i32)
                    (loop $again {code} (br_if $again (local.get 0))) (i32.const 0)))"#
        ));
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        text.split_once("/* 0: ").unwrap().1.to_owned()
    }

    #[test]
    fn a_loop_of_few_offsets_keeps_them_in_bases() {
        let load = |offset: u32| format!("(local.set 0 (i32.load offset={offset} (local.get 0)))");
        let text = looping(&load(4));
        assert!(
            text.contains("\tBASE(m1_4, o1_4, 4u);\n") && text.contains("load_u32(m1_4 + l0 + o1_4)"),
            "{text}"
        );
        let text = looping(&[load(4), load(8), load(12)].concat());
        assert!(text.contains("\tPLAIN_BASE(m1_4, o1_4, 4u); ") && !text.contains("\tBASE("), "{text}");
        let text = looping(&format!("{} (loop $inner {} (br_if $inner (local.get 0)))", load(4), load(8)));
        assert!(
            text.contains("\tPLAIN_BASE(m1_4, o1_4, 4u);\n") && text.contains("\tBASE(m2_8, o2_8, 8u);\n"),
            "{text}"
        );
        // A base is in the memory.
        let text = looping(&load(65533));
        assert!(!text.contains("BASE("), "{text}");
    }

    #[test]
    fn a_loop_keeps_what_is_added_in_bases() {
        let load = |offset: u32, added: i32| {
            format!("(drop (i32.load offset={offset} (i32.add (local.get 0) (i32.const {added}))))")
        };
        let store =
            |added: i32| format!("(i32.store (i32.add (local.get 0) (i32.const {added})) (i32.const 7))");
        let text = looping(&store(4));
        assert!(text.contains("\tBASE(m1_4, o1_4, 4u);\n"), "{text}");
        assert!(text.contains("store_u32(MOVED(1_4, l0, t1), 7u)"), "{text}");
        // After offsets of its own, and not at all if they do not fit.
        let text = looping(&[store(4), load(8, 0), load(12, 0)].concat());
        assert!(text.contains("PLAIN_BASE(m1_4, o1_4, 4u);") && text.contains("\tBASE(m1_8, "), "{text}");
        // What is not in the memory, or before the variable.
        let text = looping(&[store(65533), store(-4)].concat());
        assert!(!text.contains("BASE("), "{text}");
        // The variable has another value by then.
        let text = looping(
            "(i32.add (local.get 0) (i32.const 4)) (local.set 0 (i32.const 9)) (i32.store (i32.const 7))",
        );
        assert!(!text.contains("MOVED("), "{text}");
    }

    #[test]
    fn a_list_is_turned_around_with_a_base_for_its_stores() {
        let turn = "(local.set 2 (i32.load (local.get 0))) (i32.store (local.get 0) (local.get 1))
            (local.set 1 (local.get 0)) (local.set 0 (local.get 2))";
        let text = looping(turn);
        assert!(text.contains("\tBASE(s1, n1, 0u);\n") && text.contains("store_u32(s1 + l0, l1);"), "{text}");
        // What is only counted up needs none.
        let text = looping("(i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))");
        assert!(!text.contains("BASE("), "{text}");
    }
}
