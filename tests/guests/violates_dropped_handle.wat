;; Uses a timer that it has dropped.
;; end: VIOLATED 5 "no such handle"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[resource-drop]timer" (func $drop (param i32)))
  (import "zephyr:timer/timer@0.1.0" "[method]timer.expired" (func $expired (param i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $periodic (i64.const 50000000) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
    (drop (call $expired (i32.load (i32.const 4))))
    (call $drop (i32.load (i32.const 4)))
    (call $expired (i32.load (i32.const 4)))))
