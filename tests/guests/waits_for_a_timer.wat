;; Waits for a timer that expires much later, and has another one.
;; end: KILLED 0 "killed"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func $one_shot (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[method]timer.wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $one_shot (i64.const 3600000000000) (i32.const 0))
    (call $one_shot (i64.const 3600000000000) (i32.const 8))
    (call $wait (i32.load (i32.const 4)))))
