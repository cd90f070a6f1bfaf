;; Waits for a timer that expires once, in an hour, and returns whether it was told that it is stopped.
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func $one_shot (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[method]timer.wait" (func $wait (param i32) (result i32)))
  (import "zephyr:lifecycle/lifecycle@0.1.0" "stopping" (func $stopping (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (drop (call $stopping))
    (call $one_shot (i64.const 3600000000000) (i32.const 0))
    (drop (call $wait (i32.load (i32.const 4))))
    (i32.eqz (call $stopping))))
