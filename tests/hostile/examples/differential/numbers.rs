//! Numbers that look random and are the same for the same seed, and those at whose edges mistakes are.

use wasm_encoder::ValType;

pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// Splitmix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True once in so many.
    pub fn once_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub fn ty(&mut self) -> ValType {
        use ValType::{F32, F64, I32, I64};
        self.of(&[I32, I32, I32, I64, I64, F32, F64])
    }

    /// The bits of a number of a type: none is a NaN but the canonical one.
    pub fn bits(&mut self, ty: ValType) -> u64 {
        match ty {
            ValType::I64 => self.integer(64),
            ValType::F32 => u64::from(self.float32().to_bits()),
            ValType::F64 => self.float64().to_bits(),
            _ => self.integer(32) & 0xffff_ffff,
        }
    }

    fn integer(&mut self, bits: usize) -> u64 {
        let small = self.below(20) as u64;
        match self.below(12) {
            0..=2 => 0,
            3 => 1,
            4 => u64::MAX,
            5 => small,
            6 => small.wrapping_neg(),
            7 => 1u64 << self.below(bits),
            8 => (1u64 << self.below(bits)) - 1,
            9 => (1u64 << (bits - 1)).wrapping_sub(small % 3),
            10 => self.of(&[
                0x7f,
                0x80,
                0xff,
                0x7fff,
                0x8000,
                0xffff,
                0x10000,
                0x8000_0000,
            ]),
            _ => self.next(),
        }
    }

    fn float64(&mut self) -> f64 {
        let edge = self.of(&[31, 32, 63, 64, 24, 53]);
        let value = match self.below(12) {
            0 | 1 => 0.0,
            2 => 1.0,
            3 => 0.5,
            4 => f64::INFINITY,
            5 => return f64::from_bits(0x7ff8_0000_0000_0000),
            6 => f64::from(edge).exp2(),
            7 => f64::from(edge).exp2() - 1.0,
            8 => f64::from_bits(self.next() & 0xf_ffff_ffff_ffff),
            9 => f64::MAX,
            10 => self.below(1000) as f64 / 8.0,
            _ => f64::from_bits(self.next()),
        };
        match value.is_nan() {
            true => 2.5,
            false if self.once_in(3) => -value,
            false => value,
        }
    }

    fn float32(&mut self) -> f32 {
        let value = match self.below(8) {
            0 => f32::from_bits(self.next() as u32),
            1 => f32::from_bits(self.next() as u32 & 0x7f_ffff),
            _ => self.float64() as f32,
        };
        if value.is_nan() {
            f32::from_bits(0x7fc0_0000)
        } else {
            value
        }
    }
}
