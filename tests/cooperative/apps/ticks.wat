;; Waits for a timer 20 times, and looks each time whether its memory is as it was.
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[method]timer.wait" (func $wait (param i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32) (local $expired i32)
    (call $periodic (i64.const 20000000) (i32.const 0))
    (i64.store (i32.const 16) (i64.const 0x123456789abcdef0))
    (loop $more
      (local.set $expired (i32.add (local.get $expired) (call $wait (i32.load (i32.const 4)))))
      (if (i64.ne (i64.load (i32.const 16)) (i64.const 0x123456789abcdef0)) (then (return (i32.const 1))))
      (br_if $more (i32.lt_u (local.get $expired) (i32.const 20))))
    i32.const 0))
