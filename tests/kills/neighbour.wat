;; Does something every 10 ms, a hundred times: how often it was late.
(module
  (@custom "zephyr-wasm:app" "name neighbour\0azephyr:timer")
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[method]timer.wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (local $left i32)
    (local $late i32)
    (local.set $left (i32.const 100))
    (call $periodic (i64.const 10000000) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then (return (i32.const -1))))
    (loop $again
      (local.set $late (i32.sub (i32.add (local.get $late) (call $wait (i32.load (i32.const 4)))) (i32.const 1)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (local.get $late)))
