//! Every type there and back, on this machine: the host calls an export of the guest, which calls the import of the same
//! name, which returns what it is given.

mod guest;
mod values;

use guest::Guest;
use proptest::prelude::*;
use roundtrip_host::cells;
use std::cell::RefCell;

thread_local! {
    static GUEST: RefCell<Guest> = RefCell::new(Guest::load());
}

/// Calls an export of the guest.
macro_rules! echo {
    ($name:ident, $value:expr) => {
        GUEST.with_borrow_mut(|guest| {
            guest
                .echo
                .$name(&mut guest.store, $value)
                .expect("the guest lives")
        })
    };
}

/// For each function a property: what goes in comes out.
macro_rules! there_and_back {
    ($($name:ident($strategy:expr) $value:ident => $given:expr;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(64))]
            $(
                #[test]
                fn $name($value in $strategy) {
                    prop_assert_eq!(echo!($name, $given), $value);
                }
            )*
        }
    };
}

there_and_back! {
    echo_bool(any::<bool>()) v => v;
    echo_u8(any::<u8>()) v => v;
    echo_s8(any::<i8>()) v => v;
    echo_u16(any::<u16>()) v => v;
    echo_s16(any::<i16>()) v => v;
    echo_u32(any::<u32>()) v => v;
    echo_s32(any::<i32>()) v => v;
    echo_u64(any::<u64>()) v => v;
    echo_s64(any::<i64>()) v => v;
    echo_f32(any::<f32>()) v => v;
    echo_f64(any::<f64>()) v => v;
    echo_char(any::<char>()) v => v;
    echo_string(any::<String>()) v => &v;
    echo_bytes(values::list(any::<u8>())) v => &v;
    echo_words(values::list(any::<u16>())) v => v.clone();
    echo_strings(values::list(any::<String>())) v => v.iter().map(String::as_str).collect();
    echo_lists(values::list(values::list(any::<u32>()))) v => v.clone();
    echo_color(values::color()) v => v;
    echo_permissions(values::permissions()) v => v;
    echo_flags(values::many_flags()) v => v;
    echo_point(values::point()) v => v.clone();
    echo_shape(values::shape()) v => v.clone();
    echo_option(any::<Option<String>>()) v => v.as_deref();
    echo_options(any::<Option<Option<u8>>>()) v => v;
    echo_result(any::<Result<u32, String>>()) v => v.as_ref().map(|v| *v).map_err(String::as_str);
    echo_bare(any::<Result<(), ()>>()) v => v;
    echo_tuple(any::<(u8, String, i64)>()) v => (v.0, &v.1, v.2);
    echo_everything(values::everything()) v => v.clone();
    echo_later(any::<u32>()) v => v;
}

#[test]
fn more_parameters_than_registers() {
    let color = values::Color::Green;
    let text = GUEST.with_borrow_mut(|guest| {
        let (store, echo) = (&mut guest.store, &guest.echo);
        echo.echo_many(
            store, 1, -2, 3, -4, 5.0, 6.0, 'ö', "ab", color, 10, 11, 12, 13, 14, 15, 16, "cd",
        )
    });
    assert_eq!(text.unwrap(), "1 -2 3 -4 5 6 1 10 11 12 13 14 15 16 öabcd");
}

#[test]
fn functions_of_the_world_itself() {
    GUEST.with_borrow_mut(|guest| {
        let (store, world) = (&mut guest.store, &guest.world);
        assert_eq!(world.run(store).unwrap(), 0);
        assert_eq!(world.double_twice(store, 5).unwrap(), 20);
        assert_eq!(world.greet(store, None).unwrap(), "hello, whoever you are");
        assert_eq!(world.greet(store, Some("Ada")).unwrap(), "hello, Ada");
        guest.echo.nothing(store).unwrap();
    });
}

#[test]
fn resources_have_one_owner() {
    // On a thread of its own, with cells that no other test has.
    let mut guest = Guest::load();
    let (store, echo) = (&mut guest.store, &guest.echo);
    let first = echo.cell_new(store, "one").unwrap();
    let second = echo.cell_new(store, "two").unwrap();
    echo.cell_set(store, &second, "three").unwrap();
    assert_eq!(echo.cell_get(store, &second).unwrap(), "three");
    assert_eq!(cells::open(), 2);
    let joined = echo.cell_join(store, first, &second).unwrap();
    assert_eq!(echo.cell_get(store, &joined).unwrap(), "onethree");
    assert_eq!(cells::open(), 2);
    echo.cell_drop(store, second).unwrap();
    echo.cell_drop(store, joined).unwrap();
    assert_eq!(cells::open(), 0);

    let many = echo.cells(store, vec!["a", "b", "c"]).unwrap();
    let texts: Vec<String> = many
        .iter()
        .map(|cell| echo.cell_get(store, cell).unwrap())
        .collect();
    assert_eq!(texts, ["a", "b", "c"]);
    assert_eq!(cells::open(), 3);

    // A resource of the host's, lent for a call.
    let lent = cells::new("lent");
    assert_eq!(guest.world.inspect(store, lent).unwrap(), "it holds lent");
    cells::drop(lent);

    // What the guest still holds goes with it.
    guest.close();
    assert_eq!(cells::open(), 0);
}
