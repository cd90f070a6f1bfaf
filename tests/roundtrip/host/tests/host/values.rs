//! Values of the types in `wit/roundtrip.wit`.

use proptest::prelude::*;
use roundtrip_host::bindings::exports::test_roundtrip_echo::{
    Everything, ManyFlags, Permissions, Shape,
};
use roundtrip_host::bindings::test_roundtrip_shapes::Point;

pub use roundtrip_host::bindings::exports::test_roundtrip_echo::Color;

/// Lists, the empty one among them.
pub fn list<T: std::fmt::Debug>(
    element: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(element, 0..6)
}

pub fn color() -> impl Strategy<Value = Color> {
    prop_oneof![Just(Color::Red), Just(Color::Green), Just(Color::Blue)]
}

pub fn permissions() -> impl Strategy<Value = Permissions> {
    any::<u32>().prop_map(|bits| Permissions::from_words([bits]))
}

pub fn many_flags() -> impl Strategy<Value = ManyFlags> {
    any::<u32>().prop_map(|bits| ManyFlags::from_words([bits]))
}

pub fn point() -> impl Strategy<Value = Point> {
    any::<(i32, i32)>().prop_map(|(x, y)| Point { x, y })
}

pub fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Nothing),
        any::<f32>().prop_map(Shape::Circle),
        any::<u64>().prop_map(Shape::Area),
        any::<String>().prop_map(Shape::Label),
        point().prop_map(Shape::At),
        list(point()).prop_map(Shape::All),
    ]
}

pub fn everything() -> impl Strategy<Value = Everything> {
    let numbers = any::<(bool, u8, i8, u16, i16, u32, i32, u64, i64, f32)>();
    let texts = (
        any::<f64>(),
        any::<char>(),
        any::<String>(),
        list(any::<u8>()),
        list(any::<u16>()),
    );
    let lists = (
        list(any::<String>()),
        list(point()),
        color(),
        permissions(),
        many_flags(),
        shape(),
    );
    let rest = any::<(
        Option<String>,
        Option<Option<u8>>,
        Result<u32, String>,
        Result<(), ()>,
        (u8, String, i64),
    )>();
    (numbers, texts, lists, rest).prop_map(|(n, t, l, r)| Everything {
        a_bool: n.0,
        a_u8: n.1,
        an_s8: n.2,
        a_u16: n.3,
        an_s16: n.4,
        a_u32: n.5,
        an_s32: n.6,
        a_u64: n.7,
        an_s64: n.8,
        an_f32: n.9,
        an_f64: t.0,
        a_char: t.1,
        a_string: t.2,
        bytes: t.3,
        words: t.4,
        strings: l.0,
        points: l.1,
        a_color: l.2,
        some_permissions: l.3,
        some_flags: l.4,
        a_shape: l.5,
        maybe: r.0,
        maybe_maybe: r.1,
        outcome: r.2,
        bare: r.3,
        a_tuple: r.4,
    })
}
