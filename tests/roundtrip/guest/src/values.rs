//! The functions of `echo`, each by the import of its name.

use crate::Roundtrip;
use crate::cells::Wrapped;
use crate::exports::test::roundtrip::echo::{Cell, Guest};
use crate::test::roundtrip::echo as host;
use crate::test::roundtrip::echo::{Color, Everything, ManyFlags, Permissions, Point, Shape};
use alloc::string::String;
use alloc::vec::Vec;

/// Functions that hand their parameter on: by value, or by what the import takes in its place.
macro_rules! hand_on {
    ($($name:ident($ty:ty), $value:ident => $given:expr;)*) => {
        $(fn $name($value: $ty) -> $ty {
            host::$name($given)
        })*
    };
}

impl Guest for Roundtrip {
    type Cell = Wrapped;

    hand_on! {
        echo_bool(bool), v => v;
        echo_u8(u8), v => v;
        echo_s8(i8), v => v;
        echo_u16(u16), v => v;
        echo_s16(i16), v => v;
        echo_u32(u32), v => v;
        echo_s32(i32), v => v;
        echo_u64(u64), v => v;
        echo_s64(i64), v => v;
        echo_f32(f32), v => v;
        echo_f64(f64), v => v;
        echo_char(char), v => v;
        echo_string(String), v => &v;
        echo_bytes(Vec<u8>), v => &v;
        echo_words(Vec<u16>), v => &v;
        echo_strings(Vec<String>), v => &v;
        echo_lists(Vec<Vec<u32>>), v => &v;
        echo_color(Color), v => v;
        echo_permissions(Permissions), v => v;
        echo_flags(ManyFlags), v => v;
        echo_point(Point), v => v;
        echo_shape(Shape), v => &v;
        echo_option(Option<String>), v => v.as_deref();
        echo_options(Option<Option<u8>>), v => v;
        echo_result(Result<u32, String>), v => v.as_ref().map(|v| *v).map_err(|v| v.as_str());
        echo_bare(Result<(), ()>), v => v;
        echo_tuple((u8, String, i64)), v => (v.0, &v.1, v.2);
        echo_everything(Everything), v => &v;
        echo_later(u32), v => v;
    }

    fn nothing() {
        host::nothing();
    }

    #[rustfmt::skip]
    fn echo_many(
        a: u8, b: i16, c: u32, d: i64, e: f32, f: f64, g: char, h: String, i: Color,
        j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8, q: String,
    ) -> String {
        host::echo_many(a, b, c, d, e, f, g, &h, i, j, k, l, m, n, o, p, &q)
    }

    fn cells(values: Vec<String>) -> Vec<Cell> {
        host::cells(&values).into_iter().map(|cell| Cell::new(Wrapped(cell))).collect()
    }
}
