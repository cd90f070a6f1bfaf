//! Blocks, loops and branches: labels and `goto`, with the brackets of C only where there is a condition.
//!
//! A block's results are variables that each way out of it gives values, unless there is one way only. A loop that is a
//! label and a `goto` is none of C's, which may be taken to end.

use crate::checked::Checks;
use crate::error::Error;
use crate::frame::{Frame, Kind};
use crate::function::Function;
use crate::most;
use crate::operand::{Operand, Shape};
use crate::rule::Rule;
use crate::types::Type;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use wasmparser::{BlockType, BrTable};

/// A result of a block.
fn result(label: usize, index: usize) -> String {
    format!("r{label}_{index}")
}

/// What a loop goes on with.
fn again(label: usize, index: usize) -> String {
    format!("p{label}_{index}")
}

impl Function<'_, '_> {
    pub fn block(&mut self, ty: BlockType) -> Result<(), Error> {
        self.open(Kind::Block, ty)
    }

    pub fn begin_loop(&mut self, ty: BlockType) -> Result<(), Error> {
        if let Some(outer) = self.innermost_loop() {
            outer.has_loop = true;
        }
        self.open(Kind::Loop, ty)?;
        let (label, height) = (self.top().label, self.top().height);
        for (index, operand) in self.stack.split_off(height).into_iter().enumerate() {
            let name = again(label, index);
            self.line(format!("{} {name} = {};", operand.ty.c(), operand.text));
            self.stack.push(Operand::variable(operand.ty, name));
        }
        let line = self.line(String::new());
        self.top().line = line;
        let first = self.line(String::new());
        self.line(String::new());
        self.checks.begin_loop(first);
        // What comes later in it may change variables.
        for operand in &mut self.stack {
            operand.origin = None;
        }
        Ok(())
    }

    pub fn begin_if(&mut self, ty: BlockType) -> Result<(), Error> {
        let condition = self.pop();
        // Behind what is computed now, it says the same.
        self.open(Kind::If, ty)?;
        self.line(format!("if ({}) {{", condition.condition()));
        self.depth += 1;
        self.checks.close();
        // What is not kept for `else` is checked again there.
        if self.frames.len() <= most::KEPT {
            let checks = self.checks.clone();
            self.top().checks = checks;
        }
        Ok(())
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a valid function ends where it is done")
    }

    /// The innermost loop that is open.
    pub fn innermost_loop(&mut self) -> Option<&mut Frame> {
        let innermost = self.top().innermost?;
        self.frames.get_mut(innermost)
    }

    fn open(&mut self, kind: Kind, ty: BlockType) -> Result<(), Error> {
        let (parameters, results) = match ty {
            BlockType::Empty => (0, Vec::new()),
            BlockType::Type(ty) => (0, vec![Type::of(ty)?]),
            BlockType::FuncType(index) => {
                let signature = &self.module.types[index as usize];
                (signature.parameters.len(), signature.results.clone())
            }
        };
        self.compute_all();
        let height = self.stack.len() - parameters;
        let parameters = self.stack[height..].to_vec();
        let label = self.label();
        let line = self.line(String::new());
        let checks = Checks::default();
        let innermost = if kind == Kind::Loop { Some(self.frames.len()) } else { self.top().innermost };
        self.frames.push(Frame {
            kind,
            label,
            innermost,
            height,
            parameters,
            results,
            branched: false,
            line,
            bases: BTreeSet::new(),
            bases_line: line,
            moved: BTreeSet::new(),
            followed: BTreeSet::new(),
            stored: false,
            has_loop: false,
            first: None,
            checks,
            goes_on: false,
        });
        Ok(())
    }

    pub fn begin_else(&mut self) {
        self.end_part();
        let goes_on = self.unreachable.take().is_none();
        let frame = self.top();
        frame.kind = Kind::Else;
        frame.goes_on = goes_on;
        let (checks, parameters) = (frame.checks.clone(), frame.parameters.clone());
        self.checks = checks;
        self.stack.extend(parameters);
        self.depth -= 1;
        self.line("} else {");
        self.depth += 1;
    }

    /// Gives the results of a part of an `if` to their variables.
    fn end_part(&mut self) {
        let (label, height) = (self.top().label, self.top().height);
        if self.unreachable.is_none() {
            for (index, operand) in self.stack.split_off(height).iter().enumerate() {
                self.assign(&result(label, index), operand);
            }
        }
        self.stack.truncate(height);
    }

    pub fn end(&mut self) {
        let kind = self.top().kind;
        match kind {
            Kind::If | Kind::Else => {
                self.end_part();
                let frame = self.top();
                let mut goes_on = frame.goes_on;
                if kind == Kind::If {
                    // Without `else`, what it takes is what it gives.
                    goes_on = true;
                    if !frame.parameters.is_empty() {
                        self.begin_else();
                        self.end_part();
                    }
                }
                self.depth -= 1;
                self.line("}");
                let goes_on = goes_on || self.unreachable.is_none();
                self.close(goes_on, true);
            }
            Kind::Block => {
                if self.top().branched {
                    self.end_part();
                    let goes_on = self.unreachable.is_none();
                    self.close(goes_on, true);
                } else {
                    let goes_on = self.unreachable.is_none();
                    self.close(goes_on, false);
                }
            }
            Kind::Loop => {
                if self.top().branched {
                    let (line, label) = (self.top().line, self.top().label);
                    self.rewrite(line, format!("L{label}:;"));
                }
                self.top().branched = false;
                let goes_on = self.unreachable.is_none();
                self.close(goes_on, false);
            }
            Kind::Function => {
                if self.unreachable.is_none() {
                    self.return_here();
                }
                self.frames.pop();
            }
        }
    }

    /// Leaves a block: with its results in variables, if there are several ways out of it.
    fn close(&mut self, goes_on: bool, in_variables: bool) {
        let frame = self.frames.pop().expect("a valid function ends where it is done");
        if frame.kind == Kind::Loop {
            self.write_bases(&frame);
        }
        let goes_on = goes_on || frame.branched;
        if frame.branched {
            self.line(format!("L{}:;", frame.label));
        }
        if frame.branched || matches!(frame.kind, Kind::If | Kind::Else) {
            self.checks.forget_all();
        }
        self.unreachable = if goes_on { None } else { Some(0) };
        if !in_variables || !goes_on {
            return;
        }
        let mut declared = String::new();
        self.stack.truncate(frame.height);
        for (index, ty) in frame.results.iter().enumerate() {
            let name = result(frame.label, index);
            let _ = write!(declared, "{}{} {name};", if index == 0 { "" } else { " " }, ty.c());
            self.stack.push(Operand::variable(*ty, name));
        }
        self.rewrite(frame.line, declared);
    }

    /// What goes to the label of a block with what is on top, as statements.
    fn jump(&mut self, depth: u32) -> Vec<String> {
        let index = self.frames.len() - 1 - depth as usize;
        if self.frames[index].kind == Kind::Function {
            return vec![self.return_text()];
        }
        let frame = &mut self.frames[index];
        frame.branched = true;
        let (label, is_loop) = (frame.label, frame.kind == Kind::Loop);
        let count = if is_loop { frame.parameters.len() } else { frame.results.len() };
        let values = &self.stack[self.stack.len() - count..];
        let mut statements = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let variable = if is_loop { again(label, index) } else { result(label, index) };
            if value.text != variable {
                statements.push(format!("{variable} = {};", value.text));
            }
        }
        statements.push(format!("goto L{label};"));
        statements
    }

    /// Computes what a branch takes along: it is written once for each way, and one value may be what another goes into.
    fn compute_values(&mut self, depth: u32, ways: usize) {
        let frame = &self.frames[self.frames.len() - 1 - depth as usize];
        let is_loop = frame.kind == Kind::Loop;
        let count = if is_loop { frame.parameters.len() } else { frame.results.len() };
        let first = self.stack.len() - count;
        for index in first..self.stack.len() {
            let operand = self.stack[index].clone();
            let is_written = is_loop && count > 1 && operand.text.starts_with('p');
            if ways > 1 && !operand.is_simple() || is_loop && count > 1 && !operand.is_simple() || is_written
            {
                self.stack[index] = self.computed(operand);
            }
        }
    }

    pub fn branch(&mut self, depth: u32) {
        self.compute_values(depth, 1);
        if self.frames[self.frames.len() - 1 - depth as usize].kind == Kind::Function {
            self.return_here();
        } else {
            for statement in self.jump(depth) {
                self.line(statement);
            }
        }
        self.end_here();
    }

    pub fn branch_if(&mut self, depth: u32) {
        let condition = self.pop();
        self.compute_values(depth, 2);
        self.effect();
        self.go_on_within(depth, &condition);
        self.line(format!("if ({}) {{", condition.condition()));
        self.depth += 1;
        for statement in self.jump(depth) {
            self.line(statement);
        }
        self.depth -= 1;
        self.line("}");
    }

    pub fn branch_table(&mut self, targets: &BrTable<'_>) -> Result<(), Error> {
        let index = self.pop();
        let all: Vec<u32> = targets.targets().collect::<Result<_, _>>()?;
        // The numbers that go one way, and the ways as they come.
        let mut numbers: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut ways = Vec::new();
        for (number, depth) in all.into_iter().enumerate() {
            let same = numbers.entry(depth).or_default();
            if same.is_empty() {
                ways.push(depth);
            }
            same.push(number);
        }
        for depth in ways.iter().copied().chain([targets.default()]) {
            self.compute_values(depth, 2);
        }
        let index = if index.shape == Shape::Condition { index.value() } else { index.text };
        self.line(format!("switch ({index}) {{"));
        for depth in ways.into_iter().filter(|depth| *depth != targets.default()) {
            for number in &numbers[&depth] {
                self.line(format!("case {number}u:"));
            }
            self.way(depth);
            self.refuse_text()?;
        }
        self.line("default:");
        self.way(targets.default());
        self.line("}");
        self.end_here();
        Ok(())
    }

    fn way(&mut self, depth: u32) {
        self.depth += 1;
        for statement in self.jump(depth) {
            self.line(statement);
        }
        self.depth -= 1;
    }

    pub fn return_all(&mut self) {
        self.return_here();
        self.end_here();
    }

    pub fn unreachable(&mut self) {
        self.trap(Rule::Unreachable);
    }
}
