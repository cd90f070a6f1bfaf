;; Makes timers until there are no more, which the API reports as an error.
;; end: RETURNED 0 "returned"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (loop $more
      (call $periodic (i64.const 50000000) (i32.const 0))
      (br_if $more (i32.eqz (i32.load8_u (i32.const 0)))))
    ;; `limit` is the first case of the error.
    (i32.load8_u (i32.const 4))))
