//! Calls of functions: of the module's, of the host's, and by tables.

use crate::function::Function;
use crate::operand::Operand;
use crate::rule::Rule;
use crate::types::{Signature, Type, structure};

impl Function<'_, '_> {
    pub fn call(&mut self, function: u32) {
        let signature = self.module.signature(function);
        let arguments = self.arguments(signature);
        let name = &self.module.names[function as usize];
        self.call_of(signature, &format!("{name}(i{arguments})"));
    }

    pub fn call_indirect(&mut self, ty: u32, table: u32) {
        let signature = &self.module.types[ty as usize];
        let (prefix, canonical) = (self.options.prefix, self.module.canonical(ty));
        let place = self.place_argument();
        if self.module.is_constant(table) {
            let index = self.pop();
            let arguments = self.arguments(signature);
            self.dispatchers.insert((Some(table), canonical));
            let index = index.text;
            self.call_of(
                signature,
                &format!("{prefix}table{table}_call{canonical}(i{arguments}, {index}{place})"),
            );
            return;
        }
        let index = self.pop_simple();
        let length = self.table_length(table);
        self.trap_if(&format!("{} >= {length}", index.text), Rule::Table);
        let arguments = self.arguments(signature);
        self.dispatchers.insert((None, canonical));
        let element = format!("i->table{table}[{}]", index.text);
        self.call_of(signature, &format!("{prefix}call{canonical}(i{arguments}, {element}{place})"));
    }

    /// What a function takes, with a comma before each.
    fn arguments(&mut self, signature: &Signature) -> String {
        let first = self.stack.len() - signature.parameters.len();
        self.stack.split_off(first).iter().map(|operand| format!(", {}", operand.text)).collect()
    }

    fn call_of(&mut self, signature: &Signature, call: &str) {
        self.before_call();
        match signature.results.as_slice() {
            [] => {
                self.line(format!("{call};"));
            }
            [ty] => {
                let variable = self.variable();
                self.line(format!("const {} {variable} = {call};", ty.c()));
                self.push(Operand::variable(*ty, variable));
            }
            types => {
                let variable = self.variable();
                let structure = structure(types, self.options.prefix);
                self.line(format!("const struct {structure} {variable} = {call};"));
                for (index, ty) in types.iter().enumerate() {
                    self.push(Operand::variable(*ty, format!("{variable}.v{index}")));
                }
            }
        }
        self.after_call();
    }

    /// What a function returns of what is on top.
    pub fn return_text(&self) -> String {
        let results = &self.signature.results;
        let first = self.stack.len() - results.len();
        match &self.stack[first..] {
            [] => "return;".to_owned(),
            [value] => format!("return {};", value.text),
            values => {
                let values: Vec<_> = values.iter().map(|value| value.text.clone()).collect();
                let structure = structure(results, self.options.prefix);
                format!("return (struct {structure}){{{}}};", values.join(", "))
            }
        }
    }

    /// Returns; what has just been computed, at once.
    pub fn return_here(&mut self) {
        if self.signature.results.len() == 1
            && let Some(value) = self.stack.last().cloned()
            && self.replace_last(&value, "return ")
        {
            return;
        }
        let text = self.return_text();
        self.line(text);
    }

    pub fn global_get(&mut self, index: u32) {
        let global = &self.module.globals[index as usize];
        if !global.mutable {
            return self.push(Operand::constant(global.value));
        }
        let mut operand = Operand::variable(global.ty, format!("i->g{index}"));
        operand.reads.globals.insert(index);
        self.push(operand);
    }

    pub fn global_set(&mut self, index: u32) {
        let value = self.pop();
        self.compute(|reads| reads.globals.contains(&index));
        self.effect();
        self.assign(&format!("i->g{index}"), &value);
    }

    pub fn local_get(&mut self, index: u32) {
        let mut operand = Operand::variable(self.locals[index as usize], format!("l{index}"));
        operand.reads.locals.insert(index);
        self.push(operand);
    }

    pub fn local_set(&mut self, index: u32) {
        let value = self.pop();
        self.compute(|reads| reads.locals.contains(&index));
        let name = format!("l{index}");
        for operand in &mut self.stack {
            operand.origin.take_if(|(variable, _)| *variable == name);
        }
        self.checks.write(&name, value.place());
        self.follow(&value);
        self.assign(&name, &value);
    }

    pub fn local_tee(&mut self, index: u32) {
        let constant = self.stack.last().filter(|operand| operand.constant.is_some()).cloned();
        self.local_set(index);
        match constant {
            Some(constant) => self.push(constant),
            None => self.local_get(index),
        }
    }

    pub fn select(&mut self) {
        let condition = self.pop();
        let (second, first) = (self.pop(), self.pop());
        let text = format!("{} ? {} : {}", condition.truth(), first.value(), second.value());
        let operand = Operand::new(first.ty, crate::operand::Shape::Compound, text);
        self.push(operand.from(&[&condition, &first, &second]));
    }

    pub fn ref_is_null(&mut self) {
        let reference = self.pop();
        let text = format!("{} == 0", reference.value());
        self.push(Operand::new(Type::I32, crate::operand::Shape::Condition, text).from(&[&reference]));
    }
}
