;; Drops a timer twice.
;; end: VIOLATED 5 "no such handle"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func $one_shot (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[resource-drop]timer" (func $drop (param i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "run") (result i32)
    (call $one_shot (i64.const 50000000) (i32.const 0))
    (call $drop (i32.load (i32.const 4)))
    (call $drop (i32.load (i32.const 4)))
    i32.const 0))
