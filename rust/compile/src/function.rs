//! The translation of one function: its operand stack, its lines of C, and what it needs around them.

use crate::Options;
use crate::checked::Checks;
use crate::error::Error;
use crate::frame::Frame;
use crate::mark::mark;
use crate::module::Module;
use crate::most;
use crate::names;
use crate::operand::{Operand, Reads};
use crate::rule::Rule;
use crate::types::{Signature, Type};
use std::collections::BTreeSet;
use std::fmt::Write;
use wasmparser::{FunctionBody, Operator};

/// The longest expression: what is longer is computed into a variable, so that lines can be read and compilers do not
/// count too many brackets.
const LONGEST_EXPRESSION: usize = 120;

/// Stands where a function begins that others may become part of: the line that a compiler shows if it refuses the frame.
pub const TOO_LARGE: &str =
    "/* a frame that is too large: raise CONFIG_WASM_COMPILED_STACK_MARGIN and CONFIG_WASM_APP_STACK_SIZE */";

/// A line of C; none, if it is empty.
struct Line {
    depth: usize,
    text: String,
    /// Of the instruction that it was written for.
    place: u64,
}

/// A function in C.
pub struct Translated {
    pub text: String,
    /// What it calls functions of tables by.
    pub dispatchers: BTreeSet<(Option<u32>, u32)>,
}

/// A function that is being translated.
pub struct Function<'m, 'a> {
    pub module: &'m Module<'a>,
    pub options: &'m Options<'m>,
    pub signature: &'m Signature,
    pub locals: Vec<Type>,
    pub stack: Vec<Operand>,
    pub frames: Vec<Frame>,
    /// How deep the lines are that come next.
    pub depth: usize,
    /// Whether nothing gets here; then how many blocks are open that nothing gets to, either.
    pub unreachable: Option<usize>,
    pub checks: Checks,
    /// Of the instruction in the module's file.
    place: u64,
    lines: Vec<Line>,
    /// The bytes in them, about.
    written: usize,
    rules: BTreeSet<Rule>,
    variables: usize,
    labels: usize,
    uses_memory: bool,
    uses_size: bool,
    /// Lines that read the memory's size again, if that is used.
    reloads: Vec<usize>,
    /// Whether it calls anything that is not sure to need little of the stack.
    calls: bool,
    /// What it calls functions of tables by: a table that nobody changes, or any, and the type.
    pub dispatchers: BTreeSet<(Option<u32>, u32)>,
}

impl<'m, 'a> Function<'m, 'a> {
    /// Translates a function of the module.
    pub fn translate(
        module: &'m Module<'a>,
        options: &'m Options<'m>,
        index: usize,
        body: &FunctionBody<'a>,
    ) -> Result<Translated, Error> {
        let signature = module.signature(index as u32);
        let mut locals = signature.parameters.clone();
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            locals.resize(locals.len() + count as usize, Type::of(ty)?);
        }
        let mut function = Function {
            module,
            options,
            signature,
            locals,
            stack: Vec::new(),
            frames: vec![Frame::function(signature)],
            depth: 1,
            unreachable: None,
            checks: Checks::default(),
            place: 0,
            lines: Vec::new(),
            written: 0,
            rules: BTreeSet::new(),
            variables: 0,
            labels: 0,
            uses_memory: false,
            uses_size: false,
            reloads: Vec::new(),
            calls: false,
            dispatchers: BTreeSet::new(),
        };
        let mut reader = body.get_operators_reader()?;
        let first = reader.original_position();
        while !reader.eof() {
            function.place = reader.original_position();
            let operator: Operator<'a> = reader.read()?;
            function.operator(&operator)?;
            function.refuse_text()?;
            function.refuse_depth(index)?;
        }
        let dispatchers = std::mem::take(&mut function.dispatchers);
        Ok(Translated { text: function.finish(index, first), dispatchers })
    }

    /// Adds a line, and tells its number.
    pub fn line(&mut self, text: impl Into<String>) -> usize {
        let text = text.into();
        self.written += text.len();
        self.lines.push(Line { depth: self.depth, text, place: self.place });
        self.lines.len() - 1
    }

    /// Refuses what is deeper than there is time and memory for.
    fn refuse_depth(&self, index: usize) -> Result<(), Error> {
        let deep = if self.stack.len() > most::OPERANDS {
            format!("{} operands on its stack", most::OPERANDS)
        } else if self.frames.len() > most::BLOCKS {
            format!("{} blocks in each other", most::BLOCKS)
        } else {
            return Ok(());
        };
        Err(Error::refused(format!("function {index} has more than {deep}: no compiler writes that")))
    }

    /// Refuses more lines than there may be.
    pub fn refuse_text(&self) -> Result<(), Error> {
        most::refuse_text(self.written, self.options.largest_text)
    }

    /// Writes a line otherwise.
    pub fn rewrite(&mut self, line: usize, text: String) {
        self.written += text.len();
        self.lines[line].text = text;
    }

    /// The number of a label that no other block has.
    pub fn label(&mut self) -> usize {
        self.labels += 1;
        self.labels
    }

    pub fn push(&mut self, operand: Operand) {
        let operand = if operand.text.len() > LONGEST_EXPRESSION { self.computed(operand) } else { operand };
        self.stack.push(operand);
    }

    /// What is on top. A valid function has it.
    pub fn pop(&mut self) -> Operand {
        self.stack.pop().expect("a valid function takes what it has")
    }

    /// What is on top, in a form that can be written twice.
    pub fn pop_simple(&mut self) -> Operand {
        let operand = self.pop();
        if operand.is_simple() { operand } else { self.computed(operand) }
    }

    /// Computes an expression here.
    pub fn computed(&mut self, operand: Operand) -> Operand {
        if operand.constant.is_some() {
            return operand;
        }
        let name = self.variable();
        self.line(format!("const {} {name} = {};", operand.ty.c(), operand.text));
        if let Some(place) = operand.place() {
            self.checks.begin(&name, place);
        }
        Operand { origin: operand.origin, ..Operand::variable(operand.ty, name) }
    }

    /// The name of a variable that no other has.
    pub fn variable(&mut self) -> String {
        self.variables += 1;
        format!("t{}", self.variables)
    }

    /// Computes what reads something, before that is written.
    pub fn compute(&mut self, reads: impl Fn(&Reads) -> bool) {
        for index in 0..self.stack.len() {
            if reads(&self.stack[index].reads) {
                let operand = self.stack[index].clone();
                self.stack[index] = self.computed(operand);
            }
        }
    }

    /// Computes everything: what follows can be gone through more than once, or not at all.
    pub fn compute_all(&mut self) {
        for index in 0..self.stack.len() {
            let operand = &self.stack[index];
            let stays = operand.constant.is_some() || operand.is_simple() && operand.reads.locals.is_empty();
            if !stays || !operand.reads.globals.is_empty() {
                let operand = operand.clone();
                self.stack[index] = self.computed(operand);
            }
        }
    }

    /// Before something that others notice: traps behind it are not before it.
    pub fn effect(&mut self) {
        self.checks.close();
    }

    /// Gives a variable a value; one that has just been computed goes there at once.
    pub fn assign(&mut self, variable: &str, operand: &Operand) {
        if operand.text != variable && !self.replace_last(operand, &format!("{variable} = ")) {
            self.line(format!("{variable} = {};", operand.text));
        }
    }

    /// If an operand has just been computed into a variable of its own, has it computed into something else.
    pub fn replace_last(&mut self, operand: &Operand, into: &str) -> bool {
        let computed = format!("const {} {} = ", operand.ty.c(), operand.text);
        let mut last = self.lines.len();
        while let Some(before) = last.checked_sub(1)
            && self.reloads.binary_search(&before).is_ok()
        {
            last = before;
        }
        let Some(line) = last.checked_sub(1).map(|last| &mut self.lines[last]) else { return false };
        let Some(expression) = line.text.strip_prefix(&computed) else { return false };
        line.text = format!("{into}{expression}");
        // There is no such variable any more.
        self.checks.forget(&operand.text);
        true
    }

    /// Leaves by a trap if this is so.
    pub fn trap_if(&mut self, condition: &str, rule: Rule) -> usize {
        if rule == Rule::Memory {
            self.checks.end_head();
        } else {
            self.checks.close();
        }
        let text = self.trap_text(condition, rule, self.place);
        self.line(text)
    }

    /// The line that leaves if this is so, at a place.
    pub fn trap_text(&mut self, condition: &str, rule: Rule, place: u64) -> String {
        self.rules.insert(rule);
        let label = rule.label();
        if self.options.places {
            format!("TRAP_IF_AT({condition}, {label}, {place:#x});")
        } else {
            format!("TRAP_IF({condition}, {label});")
        }
    }

    /// Leaves by a trap in any case.
    pub fn trap(&mut self, rule: Rule) {
        self.rules.insert(rule);
        if self.options.places {
            self.line(format!("place = {:#x};", self.place));
        }
        self.line(format!("goto trap_{};", rule.label()));
        self.end_here();
    }

    /// The place of this instruction, as an argument behind others.
    pub fn place_argument(&self) -> String {
        if self.options.places { format!(", {:#x}", self.place) } else { String::new() }
    }

    pub fn place(&self) -> u64 {
        self.place
    }

    /// Nothing gets to what follows.
    pub fn end_here(&mut self) {
        self.unreachable = Some(0);
    }

    /// The memory's base.
    pub fn memory(&mut self) -> &'static str {
        self.uses_memory = true;
        "memory"
    }

    /// The memory's size in bytes, as 32 bits.
    pub fn size(&mut self) -> String {
        if let Some(size) = self.module.fixed_memory() {
            return format!("{size}u");
        }
        self.uses_size = true;
        "size".to_owned()
    }

    /// Something is called that others notice, and that may change globals and memory.
    pub fn before_call(&mut self) {
        self.effect();
        self.calls = true;
        self.compute(|reads| reads.memory || !reads.globals.is_empty());
    }

    /// Behind what may have made the memory grow.
    pub fn after_call(&mut self) {
        if self.module.memory.is_some() && self.module.fixed_memory().is_none() {
            let line = self.line(String::new());
            self.reloads.push(line);
        }
    }

    fn finish(mut self, index: usize, first: u64) -> String {
        let (prefix, name) = (self.options.prefix, &self.module.names[index]);
        let mut text = String::new();
        let given = self.module.given.get(index).copied().flatten().unwrap_or_default();
        let _ = writeln!(text, "\n/* {index}: {} */", names::comment(given));
        let result = self.signature.result(prefix);
        let parameters = self.signature.parameters();
        let _ = writeln!(text, "static {result} {name}(struct {prefix}app *i{parameters}) {TOO_LARGE}\n{{");
        if self.uses_memory {
            text.push_str("\tuint8_t *const memory = i->head.memory;\n");
        }
        if self.uses_size {
            text.push_str("\tuint32_t size = i->head.memory_size;\n");
            for line in std::mem::take(&mut self.reloads) {
                self.rewrite(line, "size = i->head.memory_size;".to_owned());
            }
        }
        for (index, ty) in self.locals.iter().enumerate().skip(self.signature.parameters.len()) {
            let _ = writeln!(text, "\t{} l{index} = 0;", ty.c());
        }
        let check = self.calls.then(|| self.trap_text("STACK_IS_FULL(&i->head)", Rule::Stack, first));
        if self.options.places && !self.rules.is_empty() {
            text.push_str("\tuint32_t place;\n");
        }
        text.push('\n');
        let marks = self.options.marks;
        if let Some(check) = check {
            write_mark(&mut text, marks, first);
            let _ = writeln!(text, "\t{check}");
        }
        for line in self.lines.iter().filter(|line| !line.text.is_empty()) {
            write_mark(&mut text, marks, line.place);
            let indentation =
                "\t".repeat(if line.text.ends_with(":;") { 0 } else { line.depth.min(most::DEPTH) });
            let _ = writeln!(text, "{indentation}{}", line.text);
        }
        if self.rules.is_empty() && !self.lines.last().is_some_and(|line| line.text.starts_with("return")) {
            // For a compiler that misses what a loop without an end never gets to.
            text.push_str("\t__builtin_unreachable();\n");
        }
        write_mark(&mut text, marks, 0);
        let place = if self.options.places { "place" } else { "0" };
        for rule in &self.rules {
            let _ = writeln!(text, "trap_{}:\n\ttrap(&i->head, {}, {place});", rule.label(), rule.code());
        }
        text.push_str("}\n");
        text
    }
}

/// Marks the next line, if lines are to be marked.
fn write_mark(text: &mut String, marks: bool, place: u64) {
    if marks {
        let _ = writeln!(text, "{}", mark(place));
    }
}
