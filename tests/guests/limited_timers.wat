;; Makes more timers than the two that its manifest allows: an error of the call.
;; end: RETURNED 0 "returned"
(module
  (@custom "zephyr-wasm:app" "name limited_timers\0atimers 2\0azephyr:timer")
  (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func $one_shot (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[resource-drop]timer" (func $drop (param i32)))
  (memory (export "memory") 64 (pagesize 1))
  ;; Whether there was no timer: `limit` is the first case of the error.
  (func $start (result i32)
    (i32.store8 (i32.const 4) (i32.const 9))
    (call $one_shot (i64.const 50000000) (i32.const 0))
    (if (i32.eqz (i32.load8_u (i32.const 0))) (then (return (i32.const 0))))
    (i32.eqz (i32.load8_u (i32.const 4))))
  (func (export "run") (result i32)
    (if (call $start) (then (return (i32.const 1))))
    (if (call $start) (then (return (i32.const 2))))
    (if (i32.eqz (call $start)) (then (return (i32.const 3))))
    ;; One that is dropped makes room.
    (call $drop (i32.const 1))
    (call $start)))
