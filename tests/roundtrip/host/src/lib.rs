//! The host's side of `tests/roundtrip`: every import returns what it is given.
#![no_std]

extern crate alloc;

pub mod cells;

/// What `zephyr-wasm-bindings` generated from `wit/roundtrip.wit`.
pub mod bindings {
    #![allow(missing_docs)]
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use bindings::test_roundtrip_echo::{
    Cell, Color, Everything, Host, ManyFlags, Permissions, Point, Shape,
};
use zephyr_wasm_runtime::{App, Platform};

pub use bindings::Api;

impl<P: Platform> bindings::root::Host for App<P> {
    fn double(&mut self, v: u32) -> u32 {
        v.wrapping_mul(2)
    }
}

macro_rules! echo {
    ($($name:ident($ty:ty);)*) => {
        $(fn $name(&mut self, v: $ty) -> $ty {
            v
        })*
    };
}

impl<P: Platform> Host for App<P> {
    type EchoString = String;
    type EchoBytes = Vec<u8>;
    type EchoOption = String;
    type EchoResult = String;
    type EchoMany = String;
    type CellGet = String;

    echo! {
        echo_bool(bool);
        echo_u8(u8);
        echo_s8(i8);
        echo_u16(u16);
        echo_s16(i16);
        echo_u32(u32);
        echo_s32(i32);
        echo_u64(u64);
        echo_s64(i64);
        echo_f32(f32);
        echo_f64(f64);
        echo_char(char);
        echo_words(Vec<u16>);
        echo_lists(Vec<Vec<u32>>);
        echo_color(Color);
        echo_permissions(Permissions);
        echo_flags(ManyFlags);
        echo_point(Point);
        echo_shape(Shape);
        echo_options(Option<Option<u8>>);
        echo_bare(Result<(), ()>);
        echo_everything(Everything);
        echo_later(u32);
    }

    fn nothing(&mut self) {}

    fn echo_string(&mut self, v: &str) -> String {
        v.to_owned()
    }

    fn echo_bytes(&mut self, v: &[u8]) -> Vec<u8> {
        v.to_owned()
    }

    fn echo_strings(&mut self, v: Vec<&str>) -> Vec<String> {
        v.into_iter().map(str::to_owned).collect()
    }

    fn echo_option(&mut self, v: Option<&str>) -> Option<String> {
        v.map(str::to_owned)
    }

    fn echo_result(&mut self, v: Result<u32, &str>) -> Result<u32, String> {
        v.map_err(str::to_owned)
    }

    fn echo_tuple(&mut self, v: (u8, &str, i64)) -> (u8, String, i64) {
        (v.0, v.1.to_owned(), v.2)
    }

    #[rustfmt::skip]
    fn echo_many(
        &mut self, a: u8, b: i16, c: u32, d: i64, e: f32, f: f64, g: char, h: &str, i: Color,
        j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u8, q: &str,
    ) -> String {
        let mut all = String::new();
        let numbers = [i64::from(a), b.into(), c.into(), d, e as i64, f as i64, i as i64];
        for number in numbers.into_iter().chain([j, k, l, m, n, o, p].map(i64::from)) {
            all.push_str(&number.to_string());
            all.push(' ');
        }
        all.push(g);
        all + h + q
    }

    fn cell_new(&mut self, value: &str) -> Cell {
        held(self, || cells::new(value))
    }

    fn cell_get(&mut self, this: Cell) -> String {
        held(self, || cells::get(this))
    }

    fn cell_set(&mut self, this: Cell, value: &str) {
        held(self, || cells::set(this, value));
    }

    fn cell_join(&mut self, first: Cell, second: Cell) -> Cell {
        held(self, || {
            // What has no handle any more is given back before anything can end the app.
            let (first, second) = (cells::take(first), cells::copy(second));
            cells::joined(&first, &second)
        })
    }

    fn cells(&mut self, values: Vec<&str>) -> Vec<Cell> {
        held(self, || {
            // Room first: the app ends here if it has not enough.
            let mut all = Vec::with_capacity(values.len());
            all.extend(values.into_iter().map(cells::new));
            all
        })
    }

    fn cell_drop(&mut self, this: Cell) {
        held(self, || cells::drop(this));
    }
}

/// Has a kill wait while the table of cells is in use, also as they are closed at an app's end. The generated code does
/// that, too; a host API may all the same.
fn held<P: Platform, R>(app: &App<P>, code: impl FnOnce() -> R) -> R {
    app.platform.hold();
    let result = code();
    app.platform.release();
    result
}
