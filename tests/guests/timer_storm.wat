;; Makes timers of a nanosecond, and never waits for them.
;; end: KILLED 0 "killed"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $periodic (i64.const 1) (i32.const 0))
    (call $periodic (i64.const 1) (i32.const 8))
    (loop $more (br $more))
    unreachable))
