//! Floating-point numbers as text: behind pointers, because the code is large and few images want it.

use super::Output;

/// Reads and writes floating-point numbers of 32 or 64 bits.
pub struct Floats {
    /// The bits of a number.
    pub(super) read: fn(&str, u8) -> Option<u64>,
    /// Writes the number of these bits.
    pub(super) write: fn(u64, u8, Output<'_>),
}

/// The one there is.
pub static FLOATS: Floats = Floats { read, write };

fn read(digits: &str, bits: u8) -> Option<u64> {
    match bits {
        32 => digits.parse::<f32>().ok().map(|number| number.to_bits().into()),
        _ => digits.parse::<f64>().ok().map(f64::to_bits),
    }
}

fn write(bits: u64, width: u8, output: Output<'_>) {
    let text = match width {
        32 => alloc::format!("{}", f32::from_bits(bits as u32)),
        _ => alloc::format!("{}", f64::from_bits(bits)),
    };
    output(if text == "NaN" { "nan" } else { &text });
}
