;; Holds three resources of a host API of the firmware's own, and spins.
(module
  (import "test:roundtrip/echo@0.1.0" "[constructor]cell" (func $new (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (result i32)
    (drop (call $new (i32.const 0) (i32.const 0)))
    (drop (call $new (i32.const 0) (i32.const 0)))
    (drop (call $new (i32.const 0) (i32.const 0)))
    (loop $spin (br $spin))
    unreachable))
