;; Uses the largest possible handle.
;; end: VIOLATED 5 "no such handle"
(module
  (import "zephyr:timer/timer@0.1.0" "[method]timer.expired" (func $expired (param i32) (result i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "run") (result i32)
    (call $expired (i32.const -1))))
