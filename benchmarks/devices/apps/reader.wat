;; Reads the room's temperature 10,000 times.
(module
    (import "zephyr:sensor/sensor@0.1.0" "[static]sensor.open" (func $open (param i32 i32 i32)))
    (import "zephyr:sensor/sensor@0.1.0" "[method]sensor.read" (func $read (param i32 i32 i32)))
    (memory (export "memory") 256 (pagesize 1))
    (data (i32.const 0) "room")
    (func (export "run") (result i32)
        (local $left i32)
        (local $sensor i32)
        (call $open (i32.const 0) (i32.const 4) (i32.const 16))
        (if (i32.load8_u (i32.const 16)) (then (return (i32.const 1))))
        (local.set $sensor (i32.load (i32.const 20)))
        (local.set $left (i32.const 10000))
        (loop $again
            ;; The 11th channel: ambient-temp.
            (call $read (local.get $sensor) (i32.const 10) (i32.const 32))
            (if (i32.load8_u (i32.const 32)) (then (return (i32.const 2))))
            (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (i32.const 0)))
