//! The code of a function of our own modules: statements, and what branches.
//!
//! Each statement and each expression is a part with a number: `without` has those that are left out, so that what
//! two engines compute otherwise can be made small.

use crate::known::Known;
use crate::numbers::Numbers;
use crate::own::{EMPTY, STEPS_GLOBAL, Shape};
use std::collections::BTreeSet;
use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

use ValType::{F32, F64, I32, I64};

pub const TYPES: [ValType; 4] = [I32, I64, F32, F64];
/// How many locals of each type there are besides the parameters.
const LOCALS: usize = 3;
/// The most loops within each other; each has a counter.
const LOOPS: usize = 2;
/// How many parts a function has, about.
const PARTS: u32 = 160;

pub struct Body<'a> {
    pub shape: &'a Shape,
    pub numbers: &'a mut Numbers,
    pub code: Vec<u8>,
    /// The types of parameters and locals; counters of loops come after them.
    pub locals: Vec<ValType>,
    parameters: usize,
    /// What a branch to each label takes, the outermost first; nothing branches to loops but their ends.
    labels: Vec<Option<Vec<ValType>>>,
    loops: usize,
    /// How many parts may still be made.
    pub left: u32,
    without: &'a BTreeSet<u32>,
    parts: &'a mut u32,
}

impl<'a> Body<'a> {
    pub fn new(
        shape: &'a Shape,
        ty: usize,
        numbers: &'a mut Numbers,
        without: &'a BTreeSet<u32>,
        parts: &'a mut u32,
    ) -> Self {
        let signature = &shape.types[ty];
        let mut locals = signature.params.clone();
        for ty in TYPES {
            locals.extend([ty; LOCALS]);
        }
        let mut body = Body {
            shape,
            numbers,
            code: Vec::new(),
            locals,
            parameters: signature.params.len(),
            labels: vec![Some(signature.results.clone())],
            loops: 0,
            left: PARTS,
            without,
            parts,
        };
        body.step(&signature.results);
        for _ in 0..2 + body.numbers.below(8) {
            body.statement();
        }
        for ty in &signature.results {
            body.expression(*ty, 3);
        }
        body.emit().end();
        body
    }

    pub fn function(&self) -> Function {
        let counters = [I32; LOOPS];
        let own = self.locals[self.parameters..].iter().chain(&counters);
        let mut function = Function::new_with_locals_types(own.copied().chain([ValType::FUNCREF]));
        function.raw(self.code.iter().copied());
        function
    }

    pub fn emit(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.code)
    }

    /// The local that has a reference.
    pub fn reference_local(&self) -> u32 {
        (self.locals.len() + LOOPS) as u32
    }

    /// Returns zeros, if the call from outside has caused too many calls.
    fn step(&mut self, results: &[ValType]) {
        self.emit()
            .global_get(STEPS_GLOBAL)
            .i32_eqz()
            .if_(BlockType::Empty);
        for ty in results {
            self.zero(*ty);
        }
        self.emit()
            .return_()
            .end()
            .global_get(STEPS_GLOBAL)
            .i32_const(1)
            .i32_sub()
            .global_set(STEPS_GLOBAL);
    }

    pub fn zero(&mut self, ty: ValType) {
        self.constant(ty, 0);
    }

    pub fn constant(&mut self, ty: ValType, bits: u64) {
        let mut code = self.emit();
        match ty {
            I64 => code.i64_const(bits as i64),
            F32 => code.f32_const(f32::from_bits(bits as u32).into()),
            F64 => code.f64_const(f64::from_bits(bits).into()),
            _ => code.i32_const(bits as i32),
        };
    }

    /// Makes a part, or what takes its place if it is left out.
    pub fn part(&mut self, make: impl FnOnce(&mut Self), or: impl FnOnce(&mut Self)) {
        let (number, from) = (*self.parts, self.code.len());
        *self.parts += 1;
        self.left = self.left.saturating_sub(1);
        make(self);
        if self.without.contains(&number) {
            self.code.truncate(from);
            or(self);
        }
    }

    /// A local of a type.
    pub fn local(&mut self, ty: ValType) -> u32 {
        let all: Vec<u32> = (0..self.locals.len() as u32)
            .filter(|local| self.locals[*local as usize] == ty)
            .collect();
        self.numbers.of(&all)
    }

    pub fn global(&mut self, ty: ValType, mutable: bool) -> u32 {
        let all: Vec<u32> = (1..self.shape.globals.len() as u32)
            .filter(|global| {
                let (its, is_mutable) = self.shape.globals[*global as usize];
                its == ty && (is_mutable || !mutable)
            })
            .collect();
        self.numbers.of(&all)
    }

    /// Takes values from the stack, the last type first.
    fn take(&mut self, types: &[ValType]) {
        for ty in types.iter().rev() {
            if self.numbers.once_in(5) {
                self.emit().drop();
            } else {
                let local = self.local(*ty);
                self.emit().local_set(local);
            }
        }
    }

    pub fn expressions(&mut self, types: &[ValType], depth: usize) {
        for ty in types {
            self.expression(*ty, depth);
        }
    }

    fn statements(&mut self) {
        for _ in 0..1 + self.numbers.below(3) {
            self.statement();
        }
    }

    pub fn statement(&mut self) {
        if self.left == 0 {
            return;
        }
        self.part(Self::any_statement, |_| ());
    }

    fn any_statement(&mut self) {
        let ty = self.numbers.ty();
        match self.numbers.below(32) {
            0..=7 => {
                self.expression(ty, 3);
                let local = self.local(ty);
                self.emit().local_set(local);
            }
            8 | 9 => {
                self.expression(ty, 2);
                let (one, other) = (self.local(ty), self.local(ty));
                self.emit().local_tee(one).local_set(other);
            }
            10 => {
                self.expression(ty, 3);
                let global = self.global(ty, true);
                self.emit().global_set(global);
            }
            11..=14 => self.store(ty),
            15..=18 => self.branching_if(),
            19..=21 => self.block(),
            22 | 23 => self.counted_loop(),
            24 | 25 => self.any_call(),
            26 => self.switch(),
            27 => self.leave(),
            28 => self.bulk_memory(),
            29 => self.bulk_table(),
            30 => self.reference(),
            _ => {
                self.expression(ty, 3);
                self.emit().drop();
            }
        }
    }

    fn branching_if(&mut self) {
        self.condition(3);
        self.emit().if_(BlockType::Empty);
        self.labels.push(Some(vec![]));
        self.statements();
        if self.numbers.once_in(2) {
            self.emit().else_();
            self.statements();
        }
        self.labels.pop();
        self.emit().end();
    }

    /// A block of any type, which branches may leave.
    fn block(&mut self) {
        if self.numbers.once_in(2) {
            self.emit().block(BlockType::Empty);
            self.labels.push(Some(vec![]));
            self.statements();
            self.conditional_branch();
            self.statements();
            self.labels.pop();
            self.emit().end();
            return;
        }
        let shape = self.shape;
        let number = match shape.has_parameters() {
            true => self.numbers.below(EMPTY),
            false => EMPTY + self.numbers.below(shape.types.len() - EMPTY),
        };
        let ty = &shape.types[number];
        self.expressions(&ty.params, 1);
        self.emit().block(BlockType::FunctionType(number as u32));
        self.labels.push(Some(ty.results.clone()));
        self.take(&ty.params);
        self.statements();
        self.expressions(&ty.results, 2);
        if self.numbers.once_in(2) {
            self.condition(2);
            self.emit().br_if(0);
        }
        self.labels.pop();
        self.emit().end();
        self.take(&ty.results);
    }

    /// A label that takes these types, counted from the innermost.
    pub fn label(&mut self, types: Option<&[ValType]>) -> Option<(u32, Vec<ValType>)> {
        let fits = |label: &Option<Vec<ValType>>| {
            label
                .as_deref()
                .is_some_and(|label| types.is_none_or(|types| types == label))
        };
        let all: Vec<usize> = (0..self.labels.len())
            .filter(|number| fits(&self.labels[*number]))
            .collect();
        if all.is_empty() {
            return None;
        }
        let number = self.numbers.of(&all);
        let label = self.labels[number].clone()?;
        Some(((self.labels.len() - 1 - number) as u32, label))
    }

    /// `br_if` to any label; what it takes stays where it does not branch.
    fn conditional_branch(&mut self) {
        let Some((label, types)) = self.label(None) else {
            return;
        };
        self.expressions(&types, 1);
        self.condition(3);
        self.emit().br_if(label);
        self.take(&types);
    }

    /// Leaves for good, in a branch.
    fn leave(&mut self) {
        if self.numbers.once_in(2) {
            return self.conditional_branch();
        }
        self.condition(2);
        self.emit().if_(BlockType::Empty);
        self.labels.push(Some(vec![]));
        let what = self.numbers.below(20);
        match self.label(None) {
            _ if what == 0 => {
                self.emit().unreachable();
            }
            _ if what < 8 => {
                let results = self.labels[0].clone().unwrap_or_default();
                self.expressions(&results, 1);
                self.emit().return_();
            }
            Some((label, types)) => {
                self.expressions(&types, 1);
                self.emit().br(label);
            }
            None => (),
        }
        // What comes now is never reached.
        if self.numbers.once_in(3) {
            self.statement();
        }
        self.labels.pop();
        self.emit().end();
    }

    /// A loop of a few rounds, as compilers count them.
    fn counted_loop(&mut self) {
        if self.loops == LOOPS {
            return self.block();
        }
        let counter = (self.locals.len() + self.loops) as u32;
        let rounds = 1 + self.numbers.below(5) as i32;
        let up = self.numbers.once_in(2);
        self.loops += 1;
        self.emit()
            .i32_const(if up { 0 } else { rounds })
            .local_set(counter)
            .loop_(BlockType::Empty);
        self.labels.push(None);
        self.statements();
        if self.numbers.once_in(3) {
            self.conditional_branch();
        }
        let mut code = self.emit();
        code.local_get(counter);
        if up {
            code.i32_const(1)
                .i32_add()
                .local_tee(counter)
                .i32_const(rounds);
            match rounds % 3 {
                0 => code.i32_lt_s(),
                1 => code.i32_ne(),
                _ => code.i32_lt_u(),
            };
            code.br_if(0);
        } else {
            code.i32_const(1).i32_sub().local_tee(counter);
            match rounds % 4 {
                0 => code.i32_const(0).i32_ne().br_if(0),
                1 => code.i32_eqz().i32_eqz().br_if(0),
                2 => code.if_(BlockType::Empty).br(1).end(),
                _ => code.br_if(0),
            };
        }
        self.labels.pop();
        self.emit().end();
        self.loops -= 1;
    }

    /// Calls any function, and sets locals to what it gives.
    fn any_call(&mut self) {
        let shape = self.shape;
        let function = self.numbers.below(shape.functions.len());
        self.call(function);
        self.take(&shape.types[shape.functions[function]].results);
    }

    /// A call, directly or by one of the tables.
    pub fn call(&mut self, function: usize) {
        let (shape, depth) = (self.shape, self.numbers.below(3));
        let ty = shape.functions[function];
        self.expressions(&shape.types[ty].params, depth);
        match self.numbers.below(8) {
            0..=3 => {
                self.emit().call(function as u32);
            }
            4..=6 => {
                self.emit()
                    .i32_const(function as i32)
                    .call_indirect(0, ty as u32);
            }
            // Mostly of another type.
            _ if self.numbers.once_in(40) => {
                self.expression(I32, 1);
                let table = u32::from(self.numbers.once_in(2));
                self.emit().call_indirect(table, ty as u32);
            }
            _ => {
                let local = self.local(I32);
                self.emit()
                    .i32_const(function as i32)
                    .local_tee(local)
                    .call_indirect(0, ty as u32);
            }
        }
    }

    /// `br_table` out of blocks within each other, with or without a value, and with something below that.
    fn switch(&mut self) {
        let (block, types) = self.switched();
        let count = 1 + self.numbers.below(4) as u32;
        for _ in 0..count {
            self.emit().block(block);
            self.labels.push(Some(types.clone()));
        }
        // Who branches leaves this behind.
        for _ in 0..self.numbers.below(3) {
            let ty = self.numbers.ty();
            self.expression(ty, 1);
        }
        self.expressions(&types, 2);
        self.expression(I32, 2);
        if self.numbers.once_in(2) {
            self.emit().i32_const(7).i32_and();
        }
        let targets: Vec<u32> = (0..self.numbers.below(6))
            .map(|_| self.numbers.below(count as usize) as u32)
            .collect();
        let default = self.numbers.below(count as usize) as u32;
        self.emit().br_table(targets, default);
        for _ in 0..count {
            self.labels.pop();
            self.emit().end();
            self.statement();
            if let ([ty], true) = (&types[..], self.numbers.once_in(2)) {
                let local = self.local(*ty);
                self.emit().local_tee(local);
            }
        }
        self.take(&types);
    }

    /// A type of blocks out of which `br_table` goes, and what it takes along.
    fn switched(&mut self) -> (BlockType, Vec<ValType>) {
        let types = &self.shape.types;
        let several: Vec<usize> = (EMPTY..types.len())
            .filter(|number| {
                self.shape.known == Some(Known::Tables) && types[*number].results.len() > 1
            })
            .collect();
        if !several.is_empty() && self.numbers.once_in(2) {
            let number = self.numbers.of(&several);
            return (
                BlockType::FunctionType(number as u32),
                types[number].results.clone(),
            );
        }
        if self.numbers.once_in(2) {
            let ty = self.numbers.ty();
            return (BlockType::Result(ty), vec![ty]);
        }
        (BlockType::Empty, vec![])
    }

    /// An expression that may be left at once, with its value.
    pub fn inner_block(&mut self, ty: ValType, depth: usize) {
        if self.shape.has_parameters() && self.numbers.once_in(2) {
            return self.taking_block(ty, depth);
        }
        let what = self.numbers.below(3);
        // What an `if` asks for is outside.
        if what == 0 {
            self.condition(depth);
        }
        self.labels.push(Some(vec![ty]));
        match what {
            0 => {
                self.emit().if_(BlockType::Result(ty));
                self.expression(ty, depth);
                self.emit().else_();
                self.expression(ty, depth);
            }
            1 => {
                self.emit().block(BlockType::Result(ty));
                self.statement();
                self.expression(ty, depth);
            }
            _ => {
                self.emit().block(BlockType::Result(ty));
                self.expression(ty, depth);
                self.condition(depth);
                let (label, _) = self.label(Some(&[ty])).unwrap_or((0, vec![]));
                self.emit().br_if(label);
                if self.numbers.once_in(2) {
                    self.emit().drop();
                    self.expression(ty, depth);
                }
            }
        }
        self.labels.pop();
        self.emit().end();
    }

    /// A `block`, `loop` or `if` that takes a value, with what is on the stack below it.
    fn taking_block(&mut self, ty: ValType, depth: usize) {
        // The first types are of functions that take and give one value.
        let own = TYPES.iter().position(|other| *other == ty).unwrap_or(0);
        let block = BlockType::FunctionType(own as u32);
        self.expression(ty, depth);
        let what = self.numbers.below(3);
        if what == 0 {
            self.condition(depth);
        }
        let mut code = self.emit();
        match what {
            0 => code.if_(block),
            1 => code.loop_(block),
            _ => code.block(block),
        };
        self.labels.push((what != 1).then(|| vec![ty]));
        self.taken(ty, depth);
        if what == 0 {
            self.emit().else_();
            self.taken(ty, depth);
        }
        self.labels.pop();
        self.emit().end();
    }

    /// The inside of a block that takes a value and gives one.
    fn taken(&mut self, ty: ValType, depth: usize) {
        self.take(&[ty]);
        self.statements();
        self.expression(ty, depth);
    }
}
