//! Expressions, and what stores them.

use crate::code::{Body, TYPES};
use wasm_encoder::{MemArg, ValType};

use ValType::{F32, F64, I32, I64};

type Operators = std::ops::RangeInclusive<u8>;

/// What takes two operands of a type and gives one.
fn binary(ty: ValType) -> Operators {
    match ty {
        I64 => 0x7c..=0x8a,
        F32 => 0x92..=0x98,
        F64 => 0xa0..=0xa6,
        _ => 0x6a..=0x78,
    }
}

fn unary(ty: ValType) -> &'static [u8] {
    match ty {
        I64 => &[0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4],
        F32 => &[0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91],
        F64 => &[0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f],
        _ => &[0x67, 0x68, 0x69, 0xc0, 0xc1],
    }
}

fn comparisons(ty: ValType) -> Operators {
    match ty {
        I64 => 0x51..=0x5a,
        F32 => 0x5b..=0x60,
        F64 => 0x61..=0x66,
        _ => 0x46..=0x4f,
    }
}

/// Conversions to a type, and what each takes.
fn conversions(ty: ValType) -> &'static [(u8, ValType)] {
    match ty {
        I64 => &[
            (0xac, I32),
            (0xad, I32),
            (0xac, I32),
            (0xad, I32),
            (0xae, F32),
            (0xaf, F32),
            (0xb0, F64),
            (0xb1, F64),
            (0xbd, F64),
        ],
        F32 => &[
            (0xb2, I32),
            (0xb3, I32),
            (0xb4, I64),
            (0xb5, I64),
            (0xb6, F64),
            (0xbe, I32),
        ],
        F64 => &[
            (0xb7, I32),
            (0xb8, I32),
            (0xb9, I64),
            (0xba, I64),
            (0xbb, F32),
            (0xbf, I64),
        ],
        _ => &[
            (0xa7, I64),
            (0xa7, I64),
            (0xa7, I64),
            (0xa8, F32),
            (0xa9, F32),
            (0xaa, F64),
            (0xab, F64),
            (0xbc, F32),
        ],
    }
}

/// Conversions of numbers that may not fit: these trap.
fn may_trap(conversion: u8) -> bool {
    matches!(conversion, 0xa8..=0xab | 0xae..=0xb1)
}

/// Loads of a type with the bytes of each.
fn loads(ty: ValType) -> &'static [(u8, u32)] {
    match ty {
        I64 => &[
            (0x29, 8),
            (0x30, 1),
            (0x31, 1),
            (0x32, 2),
            (0x33, 2),
            (0x34, 4),
            (0x35, 4),
        ],
        F32 => &[(0x2a, 4)],
        F64 => &[(0x2b, 8)],
        _ => &[(0x28, 4), (0x2c, 1), (0x2d, 1), (0x2e, 2), (0x2f, 2)],
    }
}

fn stores(ty: ValType) -> &'static [(u8, u32)] {
    match ty {
        I64 => &[(0x37, 8), (0x3c, 1), (0x3d, 2), (0x3e, 4)],
        F32 => &[(0x38, 4)],
        F64 => &[(0x39, 8)],
        _ => &[(0x36, 4), (0x3a, 1), (0x3b, 2)],
    }
}

impl Body<'_> {
    pub fn expression(&mut self, ty: ValType, depth: usize) {
        if depth == 0 || self.left == 0 {
            return self.leaf(ty);
        }
        self.part(
            |body| body.any_expression(ty, depth - 1),
            |body| body.zero(ty),
        );
    }

    fn leaf(&mut self, ty: ValType) {
        match self.numbers.below(8) {
            0..=4 => {
                let local = self.local(ty);
                self.emit().local_get(local);
            }
            5 => {
                let global = self.global(ty, false);
                self.emit().global_get(global);
            }
            _ => {
                let bits = self.numbers.bits(ty);
                self.constant(ty, bits);
            }
        }
    }

    fn any_expression(&mut self, ty: ValType, depth: usize) {
        match self.numbers.below(32) {
            0 | 1 => self.leaf(ty),
            2..=9 => self.binary(ty, depth),
            10 | 11 => {
                self.expression(ty, depth);
                let operator = self.numbers.of(unary(ty));
                self.code.push(operator);
            }
            12..=16 => self.select(ty, depth),
            17..=19 => {
                self.expression(ty, depth);
                let local = self.local(ty);
                self.emit().local_tee(local);
            }
            20..=22 => self.load(ty),
            23..=25 => self.inner_block(ty, depth),
            26 => {
                let number = self.typed_function(ty);
                self.call(number);
            }
            27 | 28 if ty == I32 => self.condition(depth),
            29 if ty == I32 => {
                let what = self.numbers.below(4) as u32;
                let mut code = self.emit();
                match what {
                    0 | 1 => code.table_size(what),
                    _ => code.memory_size(0),
                };
            }
            _ => self.conversion(ty, depth),
        }
    }

    /// A function that takes and gives one value of a type.
    fn typed_function(&mut self, ty: ValType) -> usize {
        let own = TYPES.iter().position(|other| *other == ty).unwrap_or(0);
        let fits =
            |function: &usize| self.shape.types[self.shape.functions[*function]].results == [ty];
        let all: Vec<usize> = (0..self.shape.functions.len()).filter(fits).collect();
        if all.is_empty() {
            own
        } else {
            self.numbers.of(&all)
        }
    }

    fn binary(&mut self, ty: ValType, depth: usize) {
        let range = binary(ty);
        let count = usize::from(range.end() - range.start()) + 1;
        let operator = range.start() + self.numbers.below(count) as u8;
        self.expression(ty, depth);
        // What is on the stack stays what it was, whatever happens to the local that it came from.
        if self.numbers.once_in(8) {
            self.statement();
        }
        match operator {
            // Division, by something.
            0x6d..=0x70 | 0x7f..=0x82 if !self.numbers.once_in(40) => match self.numbers.below(3) {
                0 => {
                    self.expression(ty, depth);
                    self.constant(ty, 1);
                    self.code.push(if ty == I64 { 0x84 } else { 0x72 });
                }
                _ => {
                    let bits = self.numbers.bits(ty);
                    // Neither 0 nor -1.
                    self.constant(
                        ty,
                        if bits.wrapping_add(1) & 0xffff_ffff < 2 {
                            3
                        } else {
                            bits
                        },
                    );
                }
            },
            // The sign of a NaN is nobody's business.
            0x98 | 0xa6 => {
                self.expression(ty, depth);
                self.canonical(ty);
            }
            _ => self.expression(ty, depth),
        }
        self.code.push(operator);
    }

    /// Makes one NaN of all that there are.
    fn canonical(&mut self, ty: ValType) {
        let local = self.local(ty);
        let bits = if ty == F32 {
            0x7fc0_0000
        } else {
            0x7ff8_0000_0000_0000
        };
        self.emit().local_tee(local);
        self.constant(ty, bits);
        self.emit().local_get(local).local_get(local);
        self.code.push(if ty == F32 { 0x5b } else { 0x61 });
        self.emit().select();
    }

    fn conversion(&mut self, ty: ValType, depth: usize) {
        let (operator, from) = self.numbers.of(conversions(ty));
        self.expression(from, depth);
        if may_trap(operator) && !self.numbers.once_in(40) {
            // The same without traps.
            let number = if operator < 0xac {
                operator - 0xa8
            } else {
                operator - 0xae + 4
            };
            self.code.extend([0xfc, number]);
            return;
        }
        if matches!(operator, 0xbc | 0xbd) {
            self.canonical(from);
        }
        self.code.push(operator);
    }

    fn select(&mut self, ty: ValType, depth: usize) {
        self.expression(ty, depth.min(1));
        self.expression(ty, depth.min(1));
        self.condition(depth);
        if self.numbers.once_in(3) {
            self.emit().typed_select(ty);
        } else {
            self.emit().select();
        }
    }

    /// A number that is asked whether it is 0.
    pub fn condition(&mut self, depth: usize) {
        if depth == 0 || self.left == 0 {
            return self.leaf(I32);
        }
        self.part(|body| body.any_condition(depth - 1), |body| body.zero(I32));
    }

    fn any_condition(&mut self, depth: usize) {
        match self.numbers.below(16) {
            0..=6 => self.comparison(depth),
            7 | 8 => {
                self.condition(depth);
                self.emit().i32_eqz();
            }
            9 => {
                self.expression(I64, depth);
                self.emit().i64_eqz();
            }
            10 => {
                self.condition(depth);
                self.emit().i64_extend_i32_u().i64_eqz();
            }
            11 => {
                self.condition(depth);
                self.condition(depth);
                // `i32.and`, `i32.or`, `i32.xor`.
                let operator = self.numbers.of(&[0x71, 0x72, 0x73]);
                self.code.push(operator);
            }
            12 => self.is_null(),
            _ => self.expression(I32, depth),
        }
    }

    fn comparison(&mut self, depth: usize) {
        let ty = self.numbers.ty();
        let range = comparisons(ty);
        let count = usize::from(range.end() - range.start()) + 1;
        let operator = match self.numbers.below(3) {
            0 => range.start() + self.numbers.below(2) as u8,
            _ => range.start() + self.numbers.below(count) as u8,
        };
        match self.numbers.below(6) {
            0 => {
                self.expression(ty, depth);
                self.zero(ty);
            }
            1 => {
                self.zero(ty);
                self.expression(ty, depth);
            }
            2 => {
                self.expression(ty, depth);
                let bits = self.numbers.bits(ty);
                self.constant(ty, bits);
            }
            3 => {
                let bits = self.numbers.bits(ty);
                self.constant(ty, bits);
                self.expression(ty, depth);
            }
            _ => {
                self.expression(ty, depth);
                self.expression(ty, depth);
            }
        }
        self.code.push(operator);
    }

    /// An address for so many bytes, and what is added to it.
    fn address(&mut self, bytes: u32) -> u64 {
        let memory = self.shape.memory;
        let offset = match self.numbers.below(4) {
            0 | 1 => 0,
            2 => self.numbers.below(64) as u32,
            _ => self.numbers.of(&[1, 255, 256, 1000]),
        };
        match self.numbers.below(250) {
            0 => {
                self.expression(I32, 1);
                return u64::from(self.numbers.of(&[
                    offset,
                    u32::MAX,
                    1 << 31,
                    memory,
                    memory - bytes,
                ]));
            }
            // At the end, and once in a while behind it.
            1..=39 => {
                let last = memory - bytes - offset;
                let at = if self.numbers.once_in(60) {
                    last + 1
                } else {
                    last - self.numbers.below(9) as u32
                };
                self.constant(I32, u64::from(at));
            }
            40..=89 => {
                let at = self.numbers.below(memory as usize / 2);
                self.constant(I32, at as u64);
            }
            _ => {
                let mask = [15, 127, 1023][self.numbers.below(3)];
                self.expression(I32, 1);
                self.emit().i32_const(mask).i32_and();
                if self.numbers.once_in(3) {
                    let local = self.local(I32);
                    self.emit().local_tee(local);
                }
                if self.numbers.once_in(3) {
                    self.emit().i32_const(16).i32_add();
                }
            }
        }
        u64::from(offset)
    }

    /// Where it is, with an alignment that is of no consequence.
    fn place(&mut self, offset: u64, bytes: u32) -> MemArg {
        let align = self.numbers.below(bytes.trailing_zeros() as usize + 1) as u32;
        MemArg {
            offset,
            align,
            memory_index: 0,
        }
    }

    fn access(&mut self, operator: u8, place: MemArg) {
        use wasm_encoder::Encode;
        self.code.push(operator);
        place.encode(&mut self.code);
    }

    fn load(&mut self, ty: ValType) {
        let (operator, bytes) = self.numbers.of(loads(ty));
        let offset = self.address(bytes);
        let place = self.place(offset, bytes);
        self.access(operator, place);
    }

    pub fn store(&mut self, ty: ValType) {
        let (operator, bytes) = self.numbers.of(stores(ty));
        let offset = self.address(bytes);
        let as_loaded = self.numbers.once_in(6);
        if as_loaded {
            // Bits as they are, a NaN's too.
            self.load(ty);
        } else {
            self.expression(ty, 2);
            if matches!(ty, F32 | F64) {
                self.canonical(ty);
            }
        }
        let place = self.place(offset, bytes);
        self.access(operator, place);
    }
}
