//! The numbers that functions take and return, as they cross: floating-point ones by their bits, as Rust and C need not
//! agree on how others are passed.

use crate::value::ValueType;

/// A core number.
pub trait Number: Copy {
    /// Its type.
    const TYPE: ValueType;
    /// What crosses.
    type Bits;

    /// The same as an integer.
    fn into_bits(self) -> Self::Bits;

    /// The number of this integer.
    fn of_bits(bits: Self::Bits) -> Self;

    /// The same where any number is kept.
    fn into_slot(self) -> u64;

    /// The number that is kept there.
    fn of_slot(slot: u64) -> Self;
}

macro_rules! number {
    ($type:ty, $bits:ty, $name:ident, $into:expr, $of:expr) => {
        impl Number for $type {
            const TYPE: ValueType = ValueType::$name;
            type Bits = $bits;

            #[inline]
            fn into_bits(self) -> $bits {
                $into(self)
            }

            #[inline]
            fn of_bits(bits: $bits) -> Self {
                $of(bits)
            }

            #[inline]
            fn into_slot(self) -> u64 {
                u64::from(self.into_bits())
            }

            #[inline]
            fn of_slot(slot: u64) -> Self {
                Self::of_bits(slot as $bits)
            }
        }
    };
}

number!(i32, u32, I32, i32::cast_unsigned, u32::cast_signed);
number!(i64, u64, I64, i64::cast_unsigned, u64::cast_signed);
number!(f32, u32, F32, f32::to_bits, f32::from_bits);
number!(f64, u64, F64, f64::to_bits, f64::from_bits);

/// The core parameters of a typed call.
pub trait Parameters {
    /// Their types.
    const TYPES: &'static [ValueType];

    /// Has something done with a place for each of them, and for one result at least.
    fn with_slots<R>(self, call: impl FnOnce(&mut [u64]) -> R) -> R;
}

impl<N: Number> Parameters for N {
    const TYPES: &'static [ValueType] = &[N::TYPE];

    fn with_slots<R>(self, call: impl FnOnce(&mut [u64]) -> R) -> R {
        call(&mut [self.into_slot()])
    }
}

macro_rules! parameters {
    ($($name:ident)*) => {
        impl<$($name: Number),*> Parameters for ($($name,)*) {
            const TYPES: &'static [ValueType] = &[$($name::TYPE),*];

            #[allow(non_snake_case)]
            fn with_slots<R_>(self, call: impl FnOnce(&mut [u64]) -> R_) -> R_ {
                let ($($name,)*) = self;
                call(&mut [$($name.into_slot(),)* 0])
            }
        }
    };
}

crate::arity::of_each_count!(parameters);

/// The core result of a typed call, or of a function of the host.
pub trait Results {
    /// Its type, if there is one.
    const TYPES: &'static [ValueType];
    /// What crosses.
    type Returned;

    /// The same as it crosses.
    fn into_returned(self) -> Self::Returned;

    /// The result that is kept first in these.
    fn of_slots(slots: &[u64]) -> Self;
}

impl Results for () {
    const TYPES: &'static [ValueType] = &[];
    type Returned = ();

    fn into_returned(self) {}

    fn of_slots(_: &[u64]) {}
}

impl<N: Number> Results for N {
    const TYPES: &'static [ValueType] = &[N::TYPE];
    type Returned = <N as Number>::Bits;

    #[inline]
    fn into_returned(self) -> Self::Returned {
        Number::into_bits(self)
    }

    fn of_slots(slots: &[u64]) -> Self {
        N::of_slot(slots.first().copied().unwrap_or_default())
    }
}
