//! Tables: numbers of functions and one, or references of the host's.

use crate::function::Function;
use crate::operand::{Operand, Shape};
use crate::rule::Rule;
use crate::types::Type;

impl Function<'_, '_> {
    /// The elements that a table has, as an expression.
    pub fn table_length(&self, table: u32) -> String {
        let ty = &self.module.tables[table as usize];
        if ty.room == ty.initial { format!("{}u", ty.initial) } else { format!("i->table{table}_size") }
    }

    pub fn table_size(&mut self, table: u32) {
        let text = self.table_length(table);
        // It is no variable by which an address could be known: a table grows.
        let operand = self.computed(Operand::new(Type::I32, Shape::Compound, text));
        self.push(operand);
    }

    pub fn table_get(&mut self, table: u32) {
        let index = self.pop_simple();
        let length = self.table_length(table);
        self.trap_if(&format!("{} >= {length}", index.text), Rule::Table);
        let name = self.table_name(table);
        let operand = Operand::new(Type::Reference, Shape::Atom, format!("{name}[{}]", index.text));
        let operand = self.computed(operand);
        self.push(operand);
    }

    pub fn table_set(&mut self, table: u32) {
        let value = self.pop();
        let index = self.pop_simple();
        let length = self.table_length(table);
        self.trap_if(&format!("{} >= {length}", index.text), Rule::Table);
        self.effect();
        self.line(format!("i->table{table}[{}] = {};", index.text, value.text));
    }

    pub fn table_grow(&mut self, table: u32) {
        let count = self.pop();
        let value = self.pop();
        self.before_call();
        let variable = self.variable();
        let room = self.module.tables[table as usize].room;
        let size = if room == self.module.tables[table as usize].initial {
            // There is room for none, but growing by none succeeds.
            format!("const uint32_t {variable} = {} == 0 ? {room}u : 0xffffffffu;", count.value())
        } else {
            format!(
                "const uint32_t {variable} = grow_table(&i->head, i->table{table}, &i->table{table}_size, {room}u, {}, {});",
                value.text, count.text
            )
        };
        self.line(size);
        self.push(Operand::variable(Type::I32, variable));
    }

    pub fn table_fill(&mut self, table: u32) {
        let [at, value, count] = self.pop_three();
        self.check_elements(table, &at, &count);
        self.effect();
        self.line(format!("fill_table(i->table{table}, {}, {}, {});", at.text, value.text, count.text));
    }

    pub fn table_copy(&mut self, into: u32, of: u32) {
        let [to, from, count] = self.pop_three();
        self.check_elements(into, &to, &count);
        self.check_elements(of, &from, &count);
        self.before_call();
        let source = self.table_name(of);
        let (to, from, count) = (to.text, from.text, count.text);
        self.line(format!(
            "__builtin_memmove(i->table{into} + {to}, {source} + {from}, {count} * sizeof(uint32_t));"
        ));
    }

    pub fn table_init(&mut self, table: u32, index: u32) {
        let elements = &self.module.elements[index as usize];
        let [to, from, count] = self.pop_three();
        self.check_elements(table, &to, &count);
        let length = elements.items.len();
        let left = if elements.dropped {
            "0u".to_owned()
        } else {
            format!("(i->e{index}_dropped ? 0u : {length}u)")
        };
        let (to, from, count) = (to.text, from.text, count.text);
        self.trap_if(&format!("(uint64_t){from} + {count} > {left}"), Rule::Table);
        if length > 0 {
            self.before_call();
            let name = format!("{}e{index}", self.options.prefix);
            self.line(format!(
                "__builtin_memcpy(i->table{table} + {to}, {name} + {from}, {count} * sizeof(uint32_t));"
            ));
        }
    }

    pub fn elem_drop(&mut self, index: u32) {
        if !self.module.elements[index as usize].dropped {
            self.effect();
            self.line(format!("i->e{index}_dropped = 1;"));
        }
    }

    fn check_elements(&mut self, table: u32, at: &Operand, count: &Operand) {
        let length = self.table_length(table);
        self.trap_if(&format!("(uint64_t){} + {} > {length}", at.text, count.text), Rule::Table);
    }

    /// A table's elements: one that nobody changes is a constant.
    fn table_name(&self, table: u32) -> String {
        if self.module.is_constant(table) {
            format!("{}table{table}", self.options.prefix)
        } else {
            format!("i->table{table}")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Options;

    #[test]
    fn what_is_known_of_a_size_is_not_known_of_a_later_one() {
        let module = wat::parse_str(
            r#"(module
                (memory 1)
                (table 0 1000 funcref)
                (func (export "run") (result i32)
                    (drop (i32.load offset=65532 (table.size)))
                    (drop (table.grow (ref.null func) (i32.const 900)))
                    (i32.load offset=65532 (table.size))))"#,
        );
        let text = crate::compile(&module.unwrap(), &Options::new("app")).unwrap();
        let (_, function) = text.split_once("/* 0: ").unwrap();
        assert_eq!(function.matches(", memory, ").count(), 2, "{function}");
    }
}
