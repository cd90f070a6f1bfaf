//! Devices on a bus that an app is not granted, by addresses that look as if it were.

use std::collections::BTreeMap;
use zephyr_wasm_platform_host::{App, RegionAllocator, Settings, World, set_world};
use zephyr_wasm_runtime::End;

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

/// Writes so many bytes to an address: 100 and the case of the error, or 0.
fn write(address: u32, length: u32) -> i32 {
    let manifest = "name writes\\0azephyr:i2c device sensors@0x1*";
    let source = format!(
        r#"(module
          (@custom "zephyr-wasm:app" "{manifest}")
          (import "zephyr:i2c/i2c@0.1.0" "[static]i2c.open" (func $open (param i32 i32 i32)))
          (import "zephyr:i2c/i2c@0.1.0" "[method]i2c.write" (func $write (param i32 i32 i32 i32 i32)))
          (memory (export "memory") 1)
          (data (i32.const 1024) "sensors")
          (func (export "run") (result i32)
            (call $open (i32.const 1024) (i32.const 7) (i32.const 0))
            (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
            (call $write (i32.load (i32.const 4)) (i32.const {address}) (i32.const 1024) (i32.const {length}) (i32.const 0))
            (if (result i32) (i32.load8_u (i32.const 0))
              (then (i32.add (i32.const 100) (i32.load8_u (i32.const 1)))) (else (i32.const 0)))))"#
    );
    let app = App::start(Settings::new("writes"), wat::parse_str(source).unwrap()).unwrap();
    match app.join() {
        (End::Returned(code), ..) => code,
        (end, message, _) => panic!("{end:?}: {message}"),
    }
}

#[test]
fn an_address_has_seven_bits_and_a_transfer_a_byte() {
    let i2c = BTreeMap::from([("sensors@0x14".to_owned(), Vec::new())]);
    set_world(World { i2c, ..World::default() });
    let (bus, no_acknowledge, not_granted) = (100, 101, 103);
    assert_eq!(write(0x14, 2), 0);
    assert_eq!(write(0x15, 2), no_acknowledge);
    // To drivers, these are 0x48 and 0x14.
    for longer in [0x148, 0x114, 0x1014] {
        assert_eq!(write(longer, 2), not_granted, "{longer:#x}");
    }
    assert_eq!(write(0x14, 0), bus);
}
