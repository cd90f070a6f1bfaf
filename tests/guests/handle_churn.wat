;; Makes a timer and drops it, a thousand times.
;; end: RETURNED 0 "returned"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func $one_shot (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[resource-drop]timer" (func $drop (param i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32) (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $more
      (call $one_shot (i64.const 3600000000000) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
      (call $drop (i32.load (i32.const 4)))
      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    i32.const 0))
